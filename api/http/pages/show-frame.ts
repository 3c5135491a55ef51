import { html } from "hono/html";

import type { StoredShow } from "../../../adapters/postgres/catalogue.ts";
import { showIds } from "../../../domain/ids.ts";
import { mayDo } from "../../../domain/organiser-roles.ts";
import type { Member } from "../../organisers/act-for.ts";
import { localMoment } from "./local-moment.ts";
import { deskOf, organiserPage } from "./organiser-frame.ts";
import type { Html, Page } from "./page.ts";

/** A show, and who looks at it. */
export type ShowAndMember = { member: Member; show: StoredShow };

/** The address of a show's pages. */
export function deskOfShow({ member, show }: ShowAndMember): string {
  return `${deskOf(member)}/shows/${showIds.encode(show.showId)}`;
}

/** A page of one show, with the way to the others. */
export function showPage(seen: ShowAndMember, title: string, body: Html): Page {
  const { member, show } = seen;
  const at = deskOfShow(seen);
  const changes = mayDo(member.role, "sell");
  return organiserPage(
    member,
    title,
    html`<p>
        ${show.title.name}, ${localMoment(show.startsAtMs, show.venue.timeZone)}<br />
        <span class="small">${show.venue.name}, ${show.hall.name}, ${show.venue.city}</span>
      </p>
      <nav class="acts" aria-label="Show">
        <a href="${at}">Figures</a>
        <a href="${at}/map">Map</a>
        <a href="${at}/line">Line</a>
        ${changes ? html`<a href="${at}/change">Keep back, give away, move</a>` : ""}
        ${
          mayDo(member.role, "see figures") ? html`<a href="${at}/promo-codes">Promo codes</a>` : ""
        }
        ${mayDo(member.role, "admit") ? html`<a href="${at}/door">Door</a>` : ""}
        ${
          mayDo(member.role, "change shows")
            ? html`<a href="${at}/changes">Another time, or cancelled</a>`
            : ""
        }
      </nav>
      ${show.status === "cancelled" ? html`<p class="message">This show is cancelled.</p>` : ""}
      ${body}`,
  );
}
