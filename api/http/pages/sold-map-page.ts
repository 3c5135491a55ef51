import { html, raw } from "hono/html";

import { drawSoldMap } from "../../../domain/draw-sold-map.ts";
import { noSeats } from "../../../domain/show-figures.ts";
import type { SoldMap } from "../../organisers/show-seats.ts";
import type { Page } from "./page.ts";
import { seatLegend } from "./seat-words.ts";
import { deskOfShow, showPage } from "./show-frame.ts";

/** The hall with what has become of each seat. With its script a seat is clicked, or found with the arrow keys; without, by its id. */
export function soldMapPage(map: SoldMap): Page {
  const counts = noSeats();
  for (const state of map.states.values()) counts[state] += 1;
  const at = deskOfShow(map);
  return showPage(
    map,
    "Map",
    html`<section aria-labelledby="seats">
        <h2 id="seats">Seats</h2>
        ${seatLegend(counts)}
        <div class="scrolls" id="map" data-at="${at}/seats/">
          ${raw(drawSoldMap(map.layout.layout, map.states))}
        </div>
        <p class="small" id="map-help" hidden>
          Click a seat, or come to the map with the Tab key, go from seat to seat with the arrow
          keys, and open one with Enter. <output id="map-seat"></output>
        </p>
      </section>
      <form method="get" action="${at}/find">
        <h2>One seat</h2>
        <label for="seat">Its id, such as F7</label>
        <input id="seat" name="seat" required maxlength="31" autocomplete="off" />
        <button class="act">Look</button>
      </form>
      <script src="/assets/sold-map.js" type="module"></script>`,
  );
}
