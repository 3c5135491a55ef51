import { html } from "hono/html";

import type { ItemList } from "../../../adapters/postgres/catalogue-items.ts";
import type { SeriesShow } from "../../../adapters/postgres/series-shows.ts";
import { showIds } from "../../../domain/ids.ts";
import { mayDo } from "../../../domain/organiser-roles.ts";
import type { Member } from "../../organisers/act-for.ts";
import { localMoment } from "./local-moment.ts";
import { deskOf, organiserPage } from "./organiser-frame.ts";
import type { Html, Page } from "./page.ts";

type Listed = { list: ItemList; items: { key: string; name: string }[] };

/** Where somebody begins who works for an organisation: its catalogue and its next shows. */
export function overviewPage(
  member: Member,
  { lists, shows }: { lists: Listed[]; shows: SeriesShow[] },
): Page {
  return organiserPage(
    member,
    member.name,
    html`<p>Catalogue files call it <code>${member.key}</code>. You are its ${member.role}.</p>
      ${lists.map((listed) => sectionOf(member, listed))}
      <section aria-labelledby="coming">
        <h2 id="coming">Next shows</h2>
        ${
          shows.length === 0
            ? html`<p>None yet.</p>`
            : html`<ol class="actions">
                ${shows.map(
                  ({ showId, startsAtMs, timeZone, titleName, status }) =>
                    html`<li>
                      <a href="${deskOf(member)}/shows/${showIds.encode(showId)}">${titleName}</a>,
                      ${localMoment(startsAtMs, timeZone)}${
                        status === "cancelled" ? " (cancelled)" : ""
                      }
                    </li>`,
                )}
              </ol>`
        }
      </section>`,
  );
}

const listWords: Record<ItemList, { heading: string; add: string }> = {
  layouts: { heading: "Layouts", add: "New layout" },
  venues: { heading: "Venues", add: "New venue" },
  titles: { heading: "Titles", add: "New title" },
  series: { heading: "Series of shows", add: "New series" },
};

function sectionOf(member: Member, { list, items }: Listed): Html {
  const { heading, add } = listWords[list];
  const at = deskOf(member);
  return html`<section aria-labelledby="${list}">
    <h2 id="${list}">${heading}</h2>
    ${
      items.length === 0
        ? html`<p>None yet.</p>`
        : html`<ul>
            ${items.map(
              ({ key, name }) =>
                html`<li>
                  <a href="${at}/${list}/${key}">${name}</a> <span class="small">${key}</span>
                </li>`,
            )}
          </ul>`
    }
    ${
      mayDo(member.role, "edit the catalogue")
        ? html`<p><a class="act" id="new-${list}" href="${at}/new/${list}">${add}</a></p>`
        : ""
    }
  </section>`;
}
