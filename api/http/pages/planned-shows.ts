import { html } from "hono/html";

import type { PlannedTime } from "../../organisers/write-items.ts";
import { localMoment, utcOffset } from "./local-moment.ts";
import type { Html } from "./page.ts";

const shownMax = 200;

/** The shows that a series makes, on the clock of their venue and with its distance from UTC. */
export function plannedShows(shows: readonly PlannedTime[], isLook: boolean): Html {
  const added = shows.filter(({ isNew }) => isNew).length;
  return html`<section aria-labelledby="shows">
    <h2 id="shows">${shows.length} shows${isLook ? `, ${added} of them new` : ""}</h2>
    <div class="scrolls" tabindex="0">
      <table class="shows" aria-labelledby="shows">
        <thead>
          <tr>
            <th scope="col">Begins</th>
            <th scope="col">UTC</th>
            <th scope="col">Sales open</th>
            <th scope="col">New</th>
          </tr>
        </thead>
        <tbody>
          ${shows.slice(0, shownMax).map(
            ({ startsAtMs, salesOpenAtMs, timeZone, isNew }) =>
              html`<tr>
                <td>${localMoment(startsAtMs, timeZone)}</td>
                <td>${utcOffset(startsAtMs, timeZone)}</td>
                <td>${localMoment(salesOpenAtMs, timeZone)}</td>
                <td>${isNew ? "new" : ""}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${shows.length > shownMax ? html`<p>… and ${shows.length - shownMax} more.</p>` : ""}
  </section>`;
}
