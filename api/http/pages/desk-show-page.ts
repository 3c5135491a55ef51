import { html } from "hono/html";

import { showIds } from "../../../domain/ids.ts";
import type { DeskShowDetails, RunLine } from "../../operations/run-lines.ts";
import { count } from "./count.ts";
import { limitWords, phaseWords } from "./desk-words.ts";
import { figure } from "./figure.ts";
import { joinChart } from "./join-chart.ts";
import type { LineDesk } from "./line-desk.ts";
import { localMoment, localTime } from "./local-moment.ts";
import type { Html, Page } from "./page.ts";

/** One line live. What is typed is on a page of its own, so that this one can load itself again. */
export function deskShowPage(details: DeskShowDetails, desk: LineDesk): Page {
  const { show, line, threshold } = details;
  const showId = showIds.encode(show.showId);
  return {
    ...{ name: "desk-pages", title: `${show.title.name} · Lines`, refreshSeconds: 5 },
    body: html`<main id="live" data-ask="5">
      <nav aria-label="Desk"><a id="back" href="${desk.back.href}">${desk.back.text}</a></nav>
      <header>
        <h1>${show.title.name}</h1>
        <p>
          ${localMoment(show.startsAtMs, show.venue.timeZone)}<br />${show.venue.name},
          ${show.venue.city}
        </p>
      </header>
      ${
        line === undefined
          ? html`<p>This show has no line.</p>
              ${
                threshold === null
                  ? ""
                  : html`<p>It gets one by itself from ${count(threshold)} people a minute on.</p>`
              }`
          : lineParts(details, line)
      }
      <div class="acts">
        ${desk.mayChange ? changeActs(desk, line) : ""}
        <a class="act" id="page" href="/shows/${showId}/line">What people see</a>
      </div>
      ${actionsOf(details)}
    </main>`,
  };
}

function lineParts({ show }: DeskShowDetails, line: RunLine): Html {
  const { view, flow, waiting, callsPerMinuteMax, joinedLately } = line;
  const { freeSeats, heldSeats, insideMax, limitedBy } = flow ?? {};
  const time = (atMs: number) => localTime(atMs, show.venue.timeZone);
  return html`<section aria-labelledby="state">
    <h2 id="state">${phaseWords[view.phase]}</h2>
    <dl class="large">
      ${figure("Waiting, at most", count(waiting))}
      ${figure(
        "Inside",
        insideMax === undefined
          ? count(view.inside)
          : `${count(view.inside)} of ${count(insideMax)}`,
      )}
      ${figure("Called a minute", count(view.calledPerMinute))}
    </dl>
    <dl>
      ${figure("Why not faster", limitedBy == null ? "Nobody is to be called now" : limitWords[limitedBy])}
      ${figure("Your limit", callsPerMinuteMax === null ? "None" : `${count(callsPerMinuteMax)} a minute`)}
    </dl>
    ${
      freeSeats === undefined || heldSeats === undefined
        ? ""
        : html`<dl class="large">
            ${figure("Free seats", count(freeSeats))} ${figure("Held", count(heldSeats))}
            ${figure("Sold or blocked", count(show.seatCount - freeSeats - heldSeats))}
          </dl>`
    }
    ${joinChart(joinedLately)}
    <dl>
      ${figure("Joined so far", count(view.joined))} ${figure("Called so far", count(view.served))}
      ${figure("Opens", time(view.opensAtMs))}
      ${figure("Draw", view.drawAtMs > view.opensAtMs ? time(view.drawAtMs) : "None: in turn")}
      ${figure("Calls from", time(view.admitFromMs))}
      ${figure("Guests", view.guestsAllowed ? "May join" : "Must sign in")}
    </dl>
    ${view.message === "" ? "" : html`<p class="message">${view.message}</p>`}
  </section>`;
}

function changeActs({ at, mayClose }: LineDesk, line: RunLine | undefined): Html {
  if (line === undefined) {
    return html`<a class="act" id="change" href="${at}/change">Open a line…</a>`;
  }
  return html`<form method="post" action="${at}/change">
      <input type="hidden" name="isPaused" value="${line.isPaused ? "false" : "true"}" />
      <button class="act main" id="pause">${line.isPaused ? "Go on" : "Pause the line"}</button>
    </form>
    <a class="act" id="change" href="${at}/change"
      >${mayClose ? "Pace, message, close…" : "Pace, message…"}</a
    >`;
}

function actionsOf({ actions, show }: DeskShowDetails): Html {
  if (actions.length === 0) return html``;
  return html`<section aria-labelledby="actions">
    <h2 id="actions">What was done</h2>
    <ol class="actions">
      ${actions.map(
        ({ atMs, action, actor, details }) =>
          html`<li>
            <strong>${actionWords[action]}</strong> ${detailsOf(details)}<br />
            <span class="small"
              >${localTime(atMs, show.venue.timeZone, { seconds: true })}, by ${actor}</span
            >
          </li>`,
      )}
    </ol>
  </section>`;
}

const actionWords = {
  ...{ open: "Opened", change: "Changed", close: "Closed", threshold: "Opens by itself" },
};

/** "pause: yes, message: Doors at seven" */
function detailsOf(details: Record<string, string | number | boolean | null>): string {
  return Object.entries(details)
    .filter(([name]) => detailWords[name] !== undefined)
    .map(([name, value]) => `${detailWords[name]}: ${wordOf(value)}`)
    .join(", ");
}

const detailWords: Record<string, string> = {
  isPaused: "paused",
  callsPerMinuteMax: "calls a minute",
  message: "message",
  guestsAllowed: "guests",
  peoplePerMinute: "from people a minute",
  demand: "people a minute",
  endedNumber: "ended the place with number",
};

function wordOf(value: string | number | boolean | null): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return count(value);
  return value ?? "never";
}
