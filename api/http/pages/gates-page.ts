import { html } from "hono/html";

import type { VenueGate } from "../../../adapters/postgres/gates.ts";
import { venueIds } from "../../../domain/ids.ts";
import { mayDo } from "../../../domain/organiser-roles.ts";
import type { Member } from "../../organisers/act-for.ts";
import { deskOf, organiserPage } from "./organiser-frame.ts";
import type { Html, Page } from "./page.ts";

/** Where people come in to an organisation's venues. */
export function gatesPage(
  member: Member,
  { gates, venues }: { gates: VenueGate[]; venues: { venueId: string; name: string }[] },
): Page {
  const at = `${deskOf(member)}/gates`;
  const changes = mayDo(member.role, "edit the catalogue");
  const names = new Map(venues.map(({ venueId, name }) => [venueId, name]));
  return organiserPage(
    member,
    "Gates",
    html`<p>A venue without a gate of its own has one, main, which lets everybody in.</p>
      <ul class="lines">
        ${gates.map(
          ({ gate, name, venueId, sections }) =>
            html`<li>
              <h2>${name}</h2>
              <p><code>${gate}</code>, ${names.get(venueId) ?? ""}</p>
              <p>${sections.length === 0 ? "Everybody" : `Sections ${sections.join(" ")}`}</p>
              ${changes ? removeForm(at, gate) : ""}
            </li>`,
        )}
      </ul>
      ${changes && venues.length > 0 ? addForm(at, venues) : ""}`,
  );
}

function removeForm(at: string, gate: string): Html {
  return html`<form method="post" action="${at}/delete">
    <input type="hidden" name="gate" value="${gate}" />
    <button class="act">Delete ${gate}</button>
  </form>`;
}

function addForm(at: string, venues: { venueId: string; name: string }[]): Html {
  return html`<form method="post" action="${at}">
    <h2>Name a gate, or change one</h2>
    <label for="gate">Key: a–z, 0–9 and -</label>
    <input id="gate" name="gate" required pattern="[a-z0-9][a-z0-9\\-]{0,29}" autocomplete="off" />
    <label for="name">What people read there</label>
    <input id="name" name="name" required maxlength="100" />
    <label for="venueId">Venue</label>
    <select id="venueId" name="venueId">
      ${venues.map(
        ({ venueId, name }) => html`<option value="${venueIds.encode(venueId)}">${name}</option>`,
      )}
    </select>
    <label for="sections"
      >Ids of the sections that come in here, with spaces between; none: all</label
    >
    <input id="sections" name="sections" pattern="[A-Za-z0-9 \\-]*" autocomplete="off" />
    <button class="act main">Save</button>
  </form>`;
}
