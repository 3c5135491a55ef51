import { html, raw } from "hono/html";

import { seatShapes } from "../../../domain/draw-sold-map.ts";
import { seatStates } from "../../../domain/show-figures.ts";
import type { SeatCounts, SeatState } from "../../../domain/show-figures.ts";
import { count } from "./count.ts";
import type { Html } from "./page.ts";

/** What the desk calls the states of seats. */
export const seatWords: Record<SeatState, string> = {
  available: "Free",
  inChannels: "Free, of a channel",
  held: "Held",
  sold: "Sold",
  given: "Given away",
  blocked: "Blocked",
};

/** How many seats are in each state, with the shape that the map has for it. */
export function seatLegend(counts: SeatCounts): Html {
  return html`<dl class="legend">
    ${seatStates.map(
      (state) =>
        html`<div>
          <dt>${seatSign(state)} ${seatWords[state]}</dt>
          <dd>${count(counts[state])}</dd>
        </div>`,
    )}
  </dl>`;
}

function seatSign(state: SeatState): Html {
  const shape = seatShapes[state](6, 6, "");
  return html`<svg class="sign" viewBox="0 0 12 12" aria-hidden="true">
    <g class="${state}">${raw(shape.replace(' data-seat=""', ""))}</g>
  </svg>`;
}
