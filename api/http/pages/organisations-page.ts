import { html } from "hono/html";

import type { Organisation } from "../../../adapters/postgres/organisers.ts";
import type { OrganiserRole } from "../../../domain/organiser-roles.ts";
import { deskOf } from "./organiser-frame.ts";
import type { Page } from "./page.ts";

/** Where somebody comes to who signs in and is no operator. */
export function organisationsPage({
  userId,
  organisations,
}: {
  userId: string;
  organisations: (Organisation & { role: OrganiserRole })[];
}): Page {
  return {
    ...{ name: "desk-pages", title: "Organisations" },
    body: html`<main>
        <h1>Organisations</h1>
        ${
          organisations.length === 0
            ? html`<p>You work for none yet. An owner of one can take you in.</p>`
            : html`<ul class="lines">
                ${organisations.map(
                  ({ organiserId, name, role }) =>
                    html`<li>
                      <h2>
                        <a href="${role === "door" ? "/door" : deskOf({ organiserId })}">${name}</a>
                      </h2>
                      <p>You are ${roleWords[role]}.</p>
                    </li>`,
                )}
              </ul>`
        }
      </main>
      <aside>
        <p>Your user id, for an owner who takes you in: <code>${userId}</code></p>
        <form method="post" action="/desk/sign-out"><button class="act">Sign out</button></form>
      </aside>`,
  };
}

const roleWords: Record<OrganiserRole, string> = {
  owner: "an owner",
  editor: "an editor",
  seller: "a seller",
  viewer: "a viewer",
  door: "at the door",
};
