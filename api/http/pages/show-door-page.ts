import { html } from "hono/html";

import type { StoredConflict } from "../../../adapters/postgres/entries.ts";
import { mayDo } from "../../../domain/organiser-roles.ts";
import type { DoorState } from "../../door/watch-door.ts";
import { count } from "./count.ts";
import { figure } from "./figure.ts";
import { localTime } from "./local-moment.ts";
import type { Html, Page } from "./page.ts";
import { deskOfShow, showPage } from "./show-frame.ts";
import type { ShowAndMember } from "./show-frame.ts";

/** How many are inside, who should not be, and a form that takes an entry back. */
export function showDoorPage(seen: ShowAndMember, { gates, tickets, conflicts }: DoorState): Page {
  const inside = gates.reduce((sum, { entered }) => sum + entered, 0);
  const names = new Map(gates.map(({ gate, name }) => [gate, name]));
  return showPage(
    seen,
    "The door",
    html`${conflicts.length === 0 ? "" : conflictParts(seen, conflicts, names)}
      <section aria-labelledby="inside">
        <h2 id="inside">Inside</h2>
        <dl class="large">${figure("Tickets used", `${count(inside)} of ${count(tickets)}`)}</dl>
        <dl>${gates.map(({ name, entered }) => figure(name, count(entered)))}</dl>
        <p class="small">The scanner for phones is at <a href="/door">/door</a>.</p>
      </section>
      ${mayDo(seen.member.role, "undo entries") ? undoForm(`${deskOfShow(seen)}/door`) : ""}`,
  );
}

function conflictParts(
  { show }: ShowAndMember,
  conflicts: StoredConflict[],
  names: Map<string, string>,
): Html {
  const nameOf = (gate: string) => names.get(gate) ?? gate;
  return html`<section aria-labelledby="conflicts">
    <h2 id="conflicts">Inside, and should not be</h2>
    <p class="small">
      Scanners without the network let them in. A hundred at the most, the latest first.
    </p>
    <ul class="lines">
      ${conflicts.map(
        ({ seatId, gate, reason, claimedAtMs, enteredGate }) =>
          html`<li>
            <p>
              <strong>${seatId}</strong>:
              ${
                reason === "void"
                  ? `the ticket is not valid, at ${nameOf(gate)}`
                  : `two people, at ${enteredGate === null ? "no gate any more" : nameOf(enteredGate)} and ${nameOf(gate)}`
              }
            </p>
            <p class="small">Told at ${localTime(claimedAtMs, show.venue.timeZone)}</p>
          </li>`,
      )}
    </ul>
  </section>`;
}

function undoForm(at: string): Html {
  return html`<form method="post" action="${at}">
    <h2>Take an entry back</h2>
    <label for="code">The eight characters below the code of the ticket</label>
    <input id="code" name="code" required pattern="[0-9A-Za-z \\-]{8,12}" autocomplete="off" />
    <p class="small">The ticket may be used again, and given back. A row says that you did it.</p>
    <button class="act">Take back</button>
  </form>`;
}
