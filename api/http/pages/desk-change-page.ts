import { html } from "hono/html";

import type { DeskShowDetails, RunLine } from "../../operations/run-lines.ts";
import type { LineDesk } from "./line-desk.ts";
import type { Html, Page } from "./page.ts";

/** Everything that is typed. It stays as it is while somebody types. */
export function deskChangePage(
  { show, line, threshold }: DeskShowDetails,
  { at, mayClose }: LineDesk,
): Page {
  return {
    ...{ name: "desk-pages", title: `Change · ${show.title.name}` },
    body: html`<main>
      <nav aria-label="Desk"><a href="${at}">Back to the line</a></nav>
      <h1>${show.title.name}</h1>
      ${
        line === undefined
          ? html`${openForm(at)} ${thresholdForm(at, threshold)}`
          : html`${paceForm(at, line)} ${messageForm(at, line)}
            ${mayClose ? html`${endPlaceForm(at)} ${closeForm(at)}` : ""}`
      }
    </main>`,
  };
}

function openForm(at: string): Html {
  return html`<form method="post" action="${at}/open">
    <h2>Open a line</h2>
    <p>People are called when sales open, or at once if they are open. A show gets one line.</p>
    ${numberField("opensInMinutes", "Opens in so many minutes", "0")}
    ${numberField("drawAfterMinutes", "Draw so many minutes after it opens; 0: none, in turn", "0")}
    <p>
      <input type="checkbox" id="guestsAllowed" name="guestsAllowed" value="true" />
      <label for="guestsAllowed">People may join before they sign in</label>
    </p>
    <button class="act main">Open the line</button>
  </form>`;
}

function thresholdForm(at: string, threshold: number | null): Html {
  return html`<form method="post" action="${at}/threshold">
    <h2>Open by itself</h2>
    <p>
      As soon as so many people a minute look at the seats or order some. It opens in three seconds,
      without a draw; who holds seats keeps them.
    </p>
    ${numberField("peoplePerMinute", "People a minute; 0: never", String(threshold ?? 0))}
    <button class="act main">Set</button>
  </form>`;
}

function paceForm(at: string, { callsPerMinuteMax }: RunLine): Html {
  return html`<form method="post" action="${at}/change">
    <h2>Pace</h2>
    ${numberField(
      "callsPerMinuteMax",
      "So many people a minute at the most; 0: as many as seats, payments and servers allow",
      String(callsPerMinuteMax ?? 0),
    )}
    <button class="act main">Set the pace</button>
  </form>`;
}

function messageForm(at: string, { view }: RunLine): Html {
  return html`<form method="post" action="${at}/change">
    <h2>Message</h2>
    <label for="message"
      >Everybody in the line reads it within a minute; empty: nothing is said</label
    >
    <textarea id="message" name="message" maxlength="500" rows="4">${view.message}</textarea>
    <button class="act main">Say it</button>
  </form>`;
}

function endPlaceForm(at: string): Html {
  return html`<form method="post" action="${at}/end-place">
    <h2>End a place</h2>
    <p>
      For a machine, or somebody who sells their place. Its pass ends, seats that are held stay
      held. Who still waits is passed over, and may join again then, at the end.
    </p>
    ${numberField("number", "The number in line", "")}
    <button class="act">End the place</button>
  </form>`;
}

function closeForm(at: string): Html {
  return html`<form method="post" action="${at}/close">
    <h2>Close</h2>
    <p>
      Nobody needs a pass any more: everybody who waits may choose seats at once. It cannot be
      opened again.
    </p>
    <p>
      <input type="checkbox" id="sure" name="sure" value="true" required />
      <label for="sure">I am sure</label>
    </p>
    <button class="act">Close the line</button>
  </form>`;
}

function numberField(name: string, label: string, value: string): Html {
  return html`<label for="${name}">${label}</label>
    <input
      type="number"
      id="${name}"
      name="${name}"
      value="${value}"
      min="0"
      max="1000000"
      inputmode="numeric"
      required
    />`;
}
