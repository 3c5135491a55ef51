import { html } from "hono/html";

import type { OrganiserAction } from "../../../adapters/postgres/organiser-actions.ts";
import type { Member } from "../../organisers/act-for.ts";
import { deskOf, organiserPage } from "./organiser-frame.ts";
import type { Page } from "./page.ts";

/** Who did what, the latest first, a page at a time. */
export function organiserActionsPage(member: Member, actions: OrganiserAction[]): Page {
  const last = actions.at(-1);
  return organiserPage(
    member,
    "What was done",
    html`<section>
      ${
        actions.length === 0
          ? html`<p>Nothing before that.</p>`
          : html`<ol class="actions">
              ${actions.map(
                ({ atMs, action, subject, actor, details }) =>
                  html`<li>
                    <strong>${action}</strong> ${subject}<br />
                    ${Object.keys(details).length === 0 ? "" : html`<code>${JSON.stringify(details)}</code><br />`}
                    <span class="small"
                      >${new Date(atMs).toISOString().slice(0, 19).replace("T", " ")} UTC, by
                      ${actor}</span
                    >
                  </li>`,
              )}
            </ol>`
      }
      ${
        last === undefined
          ? ""
          : html`<p><a href="${deskOf(member)}/actions?before=${last.actionId}">Before that</a></p>`
      }
    </section>`,
  );
}
