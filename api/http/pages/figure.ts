import { html } from "hono/html";

import type { Html } from "./page.ts";

/** One figure of a list: what it is of, and the figure. */
export function figure(name: string, value: string): Html {
  return html`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`;
}
