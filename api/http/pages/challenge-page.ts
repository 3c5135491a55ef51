import { html } from "hono/html";

import type { StoredShow } from "../../../adapters/postgres/catalogue.ts";
import type { DomainError } from "../../../domain/errors.ts";
import { localTime } from "./local-moment.ts";
import type { Html, Page } from "./page.ts";

/** What somebody sees who has to solve a challenge before they join: their browser does it, and joins. */
export function challengePage(asked: {
  /** The public one. */
  showId: string;
  show: Pick<StoredShow, "title" | "venue">;
  /** CHALLENGE_REQUIRED or CHALLENGE_FAILED. */
  refusal: DomainError;
}): Page {
  const { show, showId, refusal } = asked;
  const { challenge, retryAfterSeconds } = refusal.details as Details;
  const hasFailed = refusal.code === "CHALLENGE_FAILED";
  const askedUntilMs = Math.ceil((Date.now() + retryAfterSeconds * 1_000) / 60_000) * 60_000;
  const until = localTime(askedUntilMs, show.venue.timeZone);
  return {
    ...{ name: "line-page", script: "join-challenge" },
    title: `A small puzzle first · ${show.title.name}`,
    ...(challenge.kind === "turnstile" && { widgetOrigin: new URL(challenge.widget).origin }),
    body: html`<main>
      <header>
        <p class="small">The line for</p>
        <h1>${show.title.name}</h1>
      </header>
      <section aria-labelledby="state">
        <h2 id="state">${hasFailed ? "That answer did not count" : "A small puzzle first"}</h2>
        <p>
          ${
            hasFailed
              ? "It came too late, or your connection has changed meanwhile. Here is a new puzzle."
              : "A great many people join this line, or join from where you are. So that machines do not crowd them out, your browser solves a small puzzle for you, and then you are in line. It takes a few seconds."
          }
        </p>
        <noscript>
          <p>
            <strong>Your browser runs no JavaScript, so it cannot solve the puzzle.</strong> Open
            this page in another browser or on another device, or wait.
          </p>
        </noscript>
        ${challengeForm(`/shows/${showId}/line/join`, challenge, hasFailed)}
        <p id="said" role="status"></p>
        <p class="small">
          From ${until} on nobody is asked, unless it goes on like this: then you can join without a
          puzzle on <a href="/shows/${showId}/line">the page of the line</a>. Until you have joined
          you have no place.
        </p>
      </section>
    </main>`,
  };
}

type Details = {
  challenge:
    | { kind: "proof-of-work"; nonce: string; bits: number }
    | { kind: "turnstile"; siteKey: string; widget: string };
  retryAfterSeconds: number;
};

/** Without a script it joins without an answer: when the time is over, nobody is asked for one. */
function challengeForm(path: string, challenge: Details["challenge"], hasFailed: boolean): Html {
  return html`<form
    id="challenge"
    method="post"
    action="${path}"
    data-challenge="${JSON.stringify(challenge)}"
    ${hasFailed ? "data-failed" : ""}
  >
    <input type="hidden" name="answer" />
    <progress max="1" value="0" aria-label="The puzzle" hidden></progress>
    <div id="widget"></div>
    <button class="act main" id="act-join">${hasFailed ? "Try again" : "Join the line"}</button>
  </form>`;
}
