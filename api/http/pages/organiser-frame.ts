import { html } from "hono/html";

import { organiserIds } from "../../../domain/ids.ts";
import { mayDo } from "../../../domain/organiser-roles.ts";
import type { Member } from "../../organisers/act-for.ts";
import type { Html, Page } from "./page.ts";

/** The address of an organisation's pages. */
export function deskOf({ organiserId }: { organiserId: string }): string {
  return `/desk/organisations/${organiserIds.encode(organiserId)}`;
}

/** A page of an organisation, with the way to the others. */
export function organiserPage(member: Member, title: string, body: Html): Page {
  const at = deskOf(member);
  const seesActions = mayDo(member.role, "see actions");
  return {
    ...{ name: "desk-pages", title: `${title} · ${member.name}` },
    body: html`<nav class="desk" aria-label="Desk">
        <a href="/desk/organisations">Organisations</a>
        <a href="${at}">${member.name}</a>
        ${mayDo(member.role, "see figures") ? html`<a href="${at}/sales">Sales</a>` : ""}
        ${
          seesActions
            ? html`<a href="${at}/members">People</a> <a href="${at}/gates">Gates</a>
                <a href="${at}/actions">What was done</a>`
            : ""
        }
      </nav>
      <main>
        <h1>${title}</h1>
        ${body}
      </main>`,
  };
}
