import { html } from "hono/html";

import type { OrganiserMember } from "../../../adapters/postgres/organiser-members.ts";
import { mayDo, organiserRoles } from "../../../domain/organiser-roles.ts";
import type { OrganiserRole } from "../../../domain/organiser-roles.ts";
import type { Member } from "../../organisers/act-for.ts";
import { deskOf, organiserPage } from "./organiser-frame.ts";
import type { Html, Page } from "./page.ts";

/** Who works for an organisation; its owners change it here. */
export function membersPage(member: Member, members: OrganiserMember[]): Page {
  const at = `${deskOf(member)}/members`;
  const manages = mayDo(member.role, "manage members");
  return organiserPage(
    member,
    "People",
    html`<ul class="lines">
        ${members.map(
          (one, index) =>
            html`<li>
              <p><code>${one.userId}</code>${one.userId === member.userId ? " (you)" : ""}</p>
              ${manages ? changeForm(at, one, index) : html`<p>${one.role}${gateWords(one)}</p>`}
            </li>`,
        )}
      </ul>
      ${manages ? addForm(at) : ""}`,
  );
}

function gateWords({ gates }: OrganiserMember): string {
  return gates === null ? "" : `: ${gates.join(" ")}`;
}

function changeForm(at: string, { userId, role, gates }: OrganiserMember, index: number): Html {
  return html`<form method="post" action="${at}" class="acts">
    <input type="hidden" name="userId" value="${userId}" />
    <label for="role-${index}">Role</label>
    ${roleField(`role-${index}`, role, true)}
    <label for="gates-${index}">Gates of the door</label>
    ${gatesField(`gates-${index}`, gates)}
    <button class="act">Change</button>
  </form>`;
}

function addForm(at: string): Html {
  return html`<form method="post" action="${at}">
    <h2>Take somebody in</h2>
    <label for="userId">Their user id: they see it when they sign in here</label>
    <input id="userId" name="userId" required pattern="[0-9a-fA-F-]{36}" autocomplete="off" />
    <label for="role">What they may do</label>
    ${roleField("role", "viewer", false)}
    <label for="gates"
      >At the door: the gates where they work, with spaces between; none: all</label
    >
    ${gatesField("gates", null)}
    <button class="act main">Take in</button>
  </form>`;
}

function roleField(id: string, role: OrganiserRole, mayLeave: boolean): Html {
  return html`<select id="${id}" name="role">
    ${organiserRoles.map(
      (one) => html`<option value="${one}" ${one === role ? "selected" : ""}>${one}</option>`,
    )}
    ${mayLeave ? html`<option value="none">none: they leave</option>` : ""}
  </select>`;
}

function gatesField(id: string, gates: string[] | null): Html {
  return html`<input
    id="${id}"
    name="gates"
    value="${gates?.join(" ") ?? ""}"
    pattern="[a-z0-9 -]*"
    autocomplete="off"
  />`;
}
