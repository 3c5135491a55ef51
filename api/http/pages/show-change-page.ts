import { html } from "hono/html";

import type { SeatChannel } from "../../../domain/seat-channel.ts";
import type { Html, Page } from "./page.ts";
import { deskOfShow, showPage } from "./show-frame.ts";
import type { ShowAndMember } from "./show-frame.ts";

/** What is done to many seats. `done` says what the last form has done. */
export function showChangePage(
  seen: ShowAndMember,
  { giftKey, done }: { giftKey: string; done: string | undefined },
): Page {
  const at = deskOfShow(seen);
  return showPage(
    seen,
    "Keep back, give away, move",
    html`${done === undefined ? "" : html`<p class="message" role="status">${done}</p>`}
      ${keepForm(at, seen.show.channels)} ${giftForm(at, { giftKey, seatIds: "", channel: null })}
      <section aria-labelledby="move">
        <h2 id="move">Move somebody</h2>
        <p>Open their seat on the <a href="${at}/map">map</a>, and say where to.</p>
      </section>`,
  );
}

/** Blocks seats, keeps them for a channel, releases them. */
export function keepForm(at: string, channels: readonly SeatChannel[], seatIds = ""): Html {
  return html`<form method="post" action="${at}/seats">
    <h2>Block, keep or release</h2>
    <label for="keep-seats">Seats by their ids, with spaces between</label>
    <textarea id="keep-seats" name="seats" rows="2" maxlength="60000">${seatIds}</textarea>
    ${seatIds === "" ? pickFields() : ""}
    <label for="action">They are to be</label>
    <select id="action" name="action">
      <option value="block">blocked: not sold</option>
      ${channels.map(
        ({ channel, name }) => html`<option value="keep ${channel}">kept for ${name}</option>`,
      )}
      <option value="release">everybody's</option>
      ${
        seatIds === ""
          ? channels.map(
              ({ channel, name }) =>
                html`<option value="empty ${channel}">
                  everybody's, and all unsold seats of ${name} too
                </option>`,
            )
          : ""
      }
    </select>
    <p>
      <input type="checkbox" id="skipsTaken" name="skipsTaken" value="true" />
      <label for="skipsTaken"
        >Leave out seats that are held or sold, instead of doing nothing</label
      >
    </p>
    <button class="act main">Do it</button>
  </form>`;
}

function pickFields(): Html {
  return html`<fieldset>
    <legend>Or rows of a section, or an area</legend>
    <label for="section">Section</label>
    <input id="section" name="section" maxlength="12" autocomplete="off" />
    <label for="rows">Rows, such as A-C; empty: all</label>
    <input id="rows" name="rows" maxlength="40" autocomplete="off" />
    <label for="from">From seat number; empty: whole rows</label>
    <input type="number" id="from" name="from" min="1" max="100000" inputmode="numeric" />
    <label for="until">To seat number</label>
    <input type="number" id="until" name="until" min="1" max="100000" inputmode="numeric" />
  </fieldset>`;
}

/** `giftKey` makes one gift of a form that is sent twice. */
export function giftForm(
  at: string,
  gift: { giftKey: string; seatIds: string; channel: string | null },
): Html {
  return html`<form method="post" action="${at}/gifts">
    <h2>Give away</h2>
    <p>Tickets without payment go out by mail. They count against the person's limit.</p>
    <input type="hidden" name="key" value="${gift.giftKey}" />
    <label for="gift-seats">Seats by their ids, with spaces between</label>
    <input
      id="gift-seats"
      name="seats"
      value="${gift.seatIds}"
      required
      maxlength="600"
      autocomplete="off"
    />
    <label for="gift-channel">Also from this channel; empty: from everybody's seats alone</label>
    <input
      id="gift-channel"
      name="channel"
      value="${gift.channel ?? ""}"
      maxlength="64"
      autocomplete="off"
    />
    <label for="email">E-mail</label>
    <input type="email" id="email" name="email" maxlength="254" autocomplete="off" />
    <label for="name">Name</label>
    <input id="name" name="name" maxlength="200" autocomplete="off" />
    <label for="userId">Or the user id of somebody who has an account</label>
    <input id="userId" name="userId" pattern="[0-9a-fA-F-]{36}" autocomplete="off" />
    <button class="act main">Give</button>
  </form>`;
}
