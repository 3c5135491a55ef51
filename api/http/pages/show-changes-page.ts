import { html } from "hono/html";

import { formatMoney } from "../../../domain/format-money.ts";
import type { ShowChangeKind, ShowChangePhase, ShownChange } from "../../../domain/show-change.ts";
import { count } from "./count.ts";
import { figure } from "./figure.ts";
import type { Html, Page } from "./page.ts";
import { deskOfShow, showPage } from "./show-frame.ts";
import type { ShowAndMember } from "./show-frame.ts";

/** Cancelling a show and giving it another time: who asks sees the numbers, somebody else approves, everybody sees how far it is. */
export function showChangesPage(
  seen: ShowAndMember,
  changes: Record<ShowChangeKind, ShownChange | undefined>,
): Page {
  const at = `${deskOfShow(seen)}/changes`;
  return showPage(
    seen,
    "Another time, or cancelled",
    html`${changePart(seen, "reschedule", changes.reschedule, at)}
    ${changePart(seen, "cancellation", changes.cancellation, at)}`,
  );
}

function changePart(
  { member, show }: ShowAndMember,
  kind: ShowChangeKind,
  change: ShownChange | undefined,
  at: string,
): Html {
  const mayAsk = show.status === "scheduled" && (change === undefined || change.phase === "ended");
  const form = kind === "reschedule" ? rescheduleForm(at) : cancelForm(at);
  return html`<section aria-labelledby="${kind}">
      <h2 id="${kind}">${titles[kind]}</h2>
      ${change === undefined ? html`<p>Nobody has asked for it.</p>` : shownParts(change)}
      ${
        change?.phase === "awaiting_approval" && change.code !== null
          ? decisionForms(`${at}/${kind}`, change.code, change.askedBy === member.userId)
          : ""
      }
      ${kind === "cancellation" && change !== undefined ? callForm(`${at}/${kind}`, change.phase) : ""}
    </section>
    ${mayAsk ? form : ""}`;
}

const titles: Record<ShowChangeKind, string> = {
  reschedule: "Another time",
  cancellation: "Cancellation",
};

const phases: Record<ShowChangePhase, string> = {
  surveying: "Being counted",
  awaiting_approval: "Waits for the approval of another owner or editor",
  running: "Under way",
  paused: "Paused: the other bookings wait",
  stuck: "Stuck: support has to look at it",
  ended: "Ended",
};

function shownParts({ phase, result, survey, progress, startsAt, refundUntil }: ShownChange): Html {
  return html`<p><strong>${phases[phase]}</strong>${result === null ? "" : html`: ${result}`}</p>
    <dl>
      ${startsAt === null ? "" : figure("New time", startsAt.replace("T", " "))}
      ${refundUntil === null ? "" : figure("Tickets back until", refundUntil.replace("T", " "))}
      ${
        survey === null
          ? ""
          : html`${figure("Live tickets", count(survey.tickets))}
            ${figure("Bookings with tickets", count(survey.ticketed))}
            ${figure("Held or being paid", count(survey.held + survey.confirmed))}
            ${survey.sums.map(({ currency, refundMinor }) =>
              figure("Paid for them", formatMoney({ amountMinor: refundMinor, currency })),
            )}`
      }
    </dl>
    ${
      progress === null
        ? ""
        : html`<dl>
            ${figure("Bookings still with tickets", count(progress.ticketed))}
            ${figure("Bookings ended", count(progress.voided))}
            ${progress.refunds.map(({ currency, openedMinor, paidOutMinor }) =>
              figure(
                "Given back, of",
                `${formatMoney({ amountMinor: paidOutMinor, currency })} of ${formatMoney({ amountMinor: openedMinor, currency })}`,
              ),
            )}
          </dl>`
    }`;
}

function decisionForms(at: string, code: string, isOwn: boolean): Html {
  return html`${
      isOwn
        ? html`<p>You have asked for it: somebody else approves it.</p>`
        : html`<form method="post" action="${at}/approve">
            <input type="hidden" name="code" value="${code}" />
            <button class="act main">Approve: do it now</button>
          </form>`
    }
    <form method="post" action="${at}/abandon">
      <button class="act">Abandon: nothing changes</button>
    </form>`;
}

/** A cancellation that is under way is paused; one that is paused or stuck goes on. */
function callForm(at: string, phase: ShowChangePhase): Html {
  if (phase === "running") {
    return html`<form method="post" action="${at}/pause">
      <p>It stops after the hundred bookings that it is at. Refunds under way go on.</p>
      <button class="act" id="pause">Pause</button>
    </form>`;
  }
  if (phase !== "paused" && phase !== "stuck") return html``;
  return html`<form method="post" action="${at}/resume">
    <button class="act main" id="resume">${phase === "stuck" ? "Look again" : "Go on"}</button>
  </form>`;
}

function rescheduleForm(at: string): Html {
  return html`<form method="post" action="${at}/reschedule/ask">
    <h2>Ask for another time</h2>
    <p>
      Nothing happens before somebody else approves it. Tickets stay valid; everybody who has some
      is told, and may give them back, fees included.
    </p>
    <label for="startsAt">It begins, on the venue's clock</label>
    <input type="datetime-local" id="startsAt" name="startsAt" required />
    <label for="refundUntil">Tickets may be given back until, on the venue's clock</label>
    <input type="datetime-local" id="refundUntil" name="refundUntil" required />
    <button class="act main">Ask</button>
  </form>`;
}

function cancelForm(at: string): Html {
  return html`<form method="post" action="${at}/cancellation/ask">
    <h2>Ask for the cancellation</h2>
    <p>
      Nothing happens before somebody else approves it. Then all tickets are void, and everything
      that was paid goes back, fees included.
    </p>
    <button class="act">Ask</button>
  </form>`;
}
