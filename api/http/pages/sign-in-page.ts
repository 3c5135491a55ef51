import { html } from "hono/html";

import type { Page } from "./page.ts";

/** How the browser of an operator or an organiser gets a session: with the token of any client. */
export function signInPage(): Page {
  return {
    ...{ name: "desk-pages", title: "Sign in to the desk" },
    body: html`<main>
      <h1>The desk is for organisers and operators</h1>
      <form method="post" action="/desk/sign-in">
        <label for="token">Your token</label>
        <textarea id="token" name="token" rows="6" required autocomplete="off"></textarea>
        <p class="small">
          This browser keeps it until it is closed or the token runs out. No script can read it.
        </p>
        <button class="act main">Sign in</button>
      </form>
    </main>`,
  };
}
