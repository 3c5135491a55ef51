import { html } from "hono/html";

import type { LineFacts } from "./line-facts.ts";
import type { Html } from "./page.ts";

/** How anybody can check the draw; nothing where there is none. */
export function drawBox({ line, place, showId }: LineFacts): Html {
  const { draw, opensAtMs, drawAtMs } = line;
  if (drawAtMs <= opensAtMs) return html``;
  const entry = place?.standing.entry;
  return html`<details id="draw">
    <summary id="is-fair">Is the draw fair?</summary>
    <p>
      Before anybody could join, the seed of the draw was fixed. This is its fingerprint (SHA-256).
      Note it down: whoever changed the seed afterwards would change it.
    </p>
    <p><code>${draw.commitment}</code></p>
    ${
      draw.isDrawn
        ? html`<p>The draw is over. This is the seed, for ${draw.entries} places:</p>
            <p><code>${draw.seed}</code></p>
            <p>
              With these anybody can draw again. The script <code>verify-draw.mjs</code> in
              Marquee's documentation does, and says which number each place has. Both stay at
              <a href="/v1/shows/${showId}/line/draw">this address</a>, also when the line is
              closed.
            </p>`
        : html`<p>After the draw the seed stands here, and anybody can draw again.</p>`
    }
    ${entry === undefined ? "" : html`<p>Your place in the draw: <code>${entry}</code></p>`}
  </details>`;
}
