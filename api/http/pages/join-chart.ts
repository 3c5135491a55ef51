import { html } from "hono/html";

import type { JoinSample } from "../../line/join-history.ts";
import { count } from "./count.ts";
import type { Html } from "./page.ts";

/** How many joined in each quarter of a minute of the last half hour, as bars; the words say the same. */
export function joinChart(samples: JoinSample[]): Html {
  const bars = samples
    .slice(1)
    .map((sample, index) => sample.joined - (samples[index]?.joined ?? 0));
  const most = Math.max(...bars, 1);
  const minutes = Math.max(Math.round((samples.length - 1) / 4), 1);
  const sum = bars.reduce((all, each) => all + each, 0);
  const words = `${count(sum)} joined in the last ${minutes === 1 ? "minute" : `${minutes} minutes`}`;
  if (bars.length === 0) return html``;
  return html`<figure>
    <svg viewBox="0 0 ${barsMax * 4} 60" role="img" aria-label="${words}">
      ${bars.map((bar, index) => {
        const height = bar <= 0 ? 1 : Math.max((bar / most) * 60, 2);
        const x = (barsMax - bars.length + index) * 4;
        return html`<rect
          x="${x}"
          y="${(60 - height).toFixed(1)}"
          width="3"
          height="${height.toFixed(1)}"
        ></rect>`;
      })}
    </svg>
    <figcaption>${words}; a bar is 15 seconds, the highest ${count(most)}</figcaption>
  </figure>`;
}

const barsMax = 120;
