import { html } from "hono/html";

import { showIds } from "../../../domain/ids.ts";
import type { DeskShow } from "../../operations/run-lines.ts";
import { count } from "./count.ts";
import { limitWords, phaseWords } from "./desk-words.ts";
import { figure } from "./figure.ts";
import { localMoment } from "./local-moment.ts";
import type { Html, Page } from "./page.ts";

/** Every line that is open, the fullest first. */
export function deskLinesPage(shows: DeskShow[]): Page {
  return {
    ...{ name: "desk-pages", title: "Lines", refreshSeconds: 5 },
    body: html`<main id="live" data-ask="5">
        <h1>Lines</h1>
        ${
          shows.length === 0
            ? html`<p>No show has a line.</p>`
            : html`<ul class="lines">
                ${shows.map(lineOf)}
              </ul>`
        }
      </main>
      <aside aria-labelledby="find">
        <h2 id="find">Another show</h2>
        <form method="get" action="/desk/find">
          <label for="show">Its id</label>
          <input id="show" name="show" required pattern="sh_.+" placeholder="sh_…" />
          <button class="act">Look</button>
        </form>
        <form method="post" action="/desk/sign-out"><button class="act">Sign out</button></form>
      </aside>`,
  };
}

function lineOf({ show, line }: DeskShow): Html {
  if (line === undefined) return html``;
  const { view, flow, waiting } = line;
  const showId = showIds.encode(show.showId);
  return html`<li>
    <h2><a id="${showId}" href="/desk/lines/${showId}">${show.title.name}</a></h2>
    <p>${localMoment(show.startsAtMs, show.venue.timeZone)}, ${show.venue.name}</p>
    <p>
      <strong>${phaseWords[view.phase]}</strong>${
        flow?.limitedBy == null ? "" : html`: ${limitWords[flow.limitedBy]}`
      }
    </p>
    <dl>
      ${figure("Waiting, at most", count(waiting))} ${figure("Inside", count(view.inside))}
      ${figure("Called a minute", count(view.calledPerMinute))}
    </dl>
  </li>`;
}
