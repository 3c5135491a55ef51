import { html } from "hono/html";

import type { LineView } from "../../../domain/line.ts";
import { count } from "./count.ts";
import { drawBox } from "./line-draw-box.ts";
import type { LineFacts } from "./line-facts.ts";
import { lineState } from "./line-states.ts";
import { localMoment, localTime } from "./local-moment.ts";
import type { Html, Page } from "./page.ts";

/** The line as one person sees it. */
export function linePage(page: LineFacts): Page {
  const { show, line, place, showId } = page;
  const state = lineState(page);
  const refreshSeconds = place?.standing.askAgainSeconds ?? outsideRefreshSeconds;
  const { number, ahead } = place?.standing ?? {};
  const isCounting = state.name === "waiting";
  return {
    name: "line-page",
    title: `${isCounting && ahead != null ? `${count(ahead)} ahead` : state.title} · ${show.title.name}`,
    refreshSeconds,
    body: html`<main
        id="line"
        data-state="${state.name} ${line.phase}"
        data-ask="${refreshSeconds}"
        data-number="${number ?? ""}"
        data-line="/v1/shows/${showId}/line"
      >
        <header>
          <p class="small">The line for</p>
          <h1>${show.title.name}</h1>
          <p>
            <time datetime="${new Date(show.startsAtMs).toISOString()}"
              >${localMoment(show.startsAtMs, show.venue.timeZone)}</time
            ><br />${show.venue.name}, ${show.venue.city}
          </p>
        </header>
        ${line.message === "" ? "" : html`<p class="message"><strong>From the organiser</strong> ${line.message}</p>`}
        <section aria-labelledby="state">
          <h2 id="state">${state.title}</h2>
          ${isCounting ? figures(page) : ""} ${state.text.map((text) => html`<p>${text}</p>`)}
          ${state.acts.map(({ act, label, isMain }) => form(showId, act, label, isMain))}
        </section>
        ${drawBox(page)}
        <p class="small">
          ${state.isFinal === true ? "" : "This page stays up to date by itself. "}Seen at
          <time id="seen">${localTime(Date.now(), show.venue.timeZone, { seconds: true })}</time>,
          on the venue's clock.
        </p>
      </main>
      <p id="said" class="unseen" role="status"></p>`,
  };
}

/** Nobody waits for this show. */
export function noLinePage({ show, shopUrl }: Pick<LineFacts, "show" | "shopUrl">): Page {
  return {
    name: "line-page",
    title: `No line · ${show.title.name}`,
    body: html`<main>
      <h1>${show.title.name}</h1>
      <p class="lead">There is no line for this show: nobody has to wait.</p>
      ${
        shopUrl === undefined
          ? html`<p>Choose your seats in the page or app where you buy tickets.</p>`
          : html`<p><a class="act main" href="${shopUrl}">Choose seats</a></p>`
      }
    </main>`,
  };
}

function figures({ line, place }: LineFacts): Html {
  const { number, ahead, waitSeconds } = place?.standing ?? {};
  if (number == null || ahead == null) return html``;
  return html`<dl>
      <div>
        <dt>Your number</dt>
        <dd>${count(number)}</dd>
      </div>
      <div>
        <dt>People ahead</dt>
        <dd id="ahead">${count(ahead)}</dd>
      </div>
      <div class="wide">
        <dt>Estimated wait</dt>
        <dd>${waitText(line, waitSeconds ?? null)}</dd>
      </div>
    </dl>
    <progress
      id="progress"
      max="${number}"
      value="${line.served}"
      aria-label="How far the line is"
    ></progress>`;
}

function form(showId: string, act: string, label: string, isMain: boolean): Html {
  if (act.includes("/")) {
    return html`<p><a class="act main" id="act-shop" href="${act}">${label}</a></p>`;
  }
  return html`<form method="post" action="/shows/${showId}/line/${act}">
    <button class="${isMain ? "act main" : "act"}" id="act-${act}">${label}</button>
  </form>`;
}

/** Nobody is promised a minute that we cannot know. */
function waitText({ phase, calledPerMinute }: LineView, seconds: number | null): string {
  if (phase !== "open") return "Nobody can say: people are not called now";
  if (seconds === null || calledPerMinute === 0) return "Nobody can say yet";
  if (seconds < 90) return "About a minute";
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return `About ${minutes} minutes`;
  const [hours, rest] = [Math.floor(minutes / 60), Math.ceil((minutes % 60) / 10) * 10];
  return rest === 0 || rest === 60
    ? `About ${plural(hours + (rest === 60 ? 1 : 0), "hour")}`
    : `About ${plural(hours, "hour")} ${rest} minutes`;
}

function plural(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? "" : "s"}`;
}

const outsideRefreshSeconds = 20;
