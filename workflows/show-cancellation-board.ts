import { setCurrentDetails, upsertSearchAttributes } from "@temporalio/workflow";

import type { ErrorCode } from "../domain/errors.ts";
import { bookingIds } from "../domain/ids.ts";
import type { ShowProgress, ShowSurvey } from "../domain/show-change.ts";
import type { ShowChangeState } from "./contract.ts";
import { bookingStatusKey } from "./search-attributes.ts";
import { showChangeDetails } from "./show-change-details.ts";

/** Where support reads how a cancellation stands: the current details, a query, and the search attribute BookingStatus. */
export type CancellationBoard = {
  state(): ShowChangeState;
  asks(dryRun: { survey: ShowSurvey }, ask: { code: string; untilMs: number }): void;
  runs(isPaused: boolean): void;
  moved(page: { progress: ShowProgress; refused: Refused[] }): void;
  /** No further round will mend what is left. */
  isStuck(): void;
  roundBegins(): void;
  ended(outcome: "cancelled" | "abandoned" | "lapsed"): void;
};

type Refused = { bookingId: string; code: ErrorCode };

export function createCancellationBoard(
  { showId, askedBy }: { showId: string; askedBy: string },
  survey: ShowSurvey | null,
): CancellationBoard {
  const state: ShowChangeState = {
    ...{ phase: "surveying", survey, code: null, progress: null, refused: [] },
  };
  let status = "";

  function tell(headline: string): void {
    const { progress, refused } = state;
    const parts = [headline];
    if (state.survey !== null) parts.push(showChangeDetails.survey(state.survey));
    if (progress !== null) parts.push("Since then:", showChangeDetails.progress(progress));
    if (refused.length > 0) parts.push(showChangeDetails.refused(refused));
    setCurrentDetails(parts.join("\n\n"));
  }
  function find(as: "refunding" | "refund_stuck" | "cancelled"): void {
    if (as === status) return;
    status = as;
    upsertSearchAttributes([{ key: bookingStatusKey, value: as }]);
  }
  function enter(phase: ShowChangeState["phase"]): void {
    state.phase = phase;
    tell(headlines[phase]);
  }
  return {
    state: () => state,
    asks({ survey: fresh }, ask) {
      Object.assign(state, { survey: fresh, code: ask.code });
      state.phase = "awaiting_approval";
      tell(showChangeDetails.ask(ask, askedBy));
    },
    runs(isPaused) {
      state.code = null;
      enter(isPaused ? "paused" : "running");
      find("refunding");
    },
    moved({ progress, refused }) {
      state.progress = progress;
      const shown = refused.map(({ bookingId: id, code }) => ({
        ...{ bookingId: bookingIds.encode({ id, showId }), code },
      }));
      state.refused = [...state.refused, ...shown].slice(0, refusedShownMax);
      tell(headlines[state.phase]);
    },
    isStuck() {
      enter("stuck");
      find("refund_stuck");
    },
    roundBegins() {
      state.refused = [];
    },
    ended(outcome) {
      state.code = null;
      state.phase = "ended";
      if (outcome === "cancelled") find("cancelled");
      tell(outcome === "cancelled" ? headlines.ended : `**${outcome}**: nothing was changed.`);
    },
  };
}

const refusedShownMax = 10;

const headlines = {
  surveying: "Counting.",
  awaiting_approval: "",
  running: "**The show is cancelled.** Bookings are being ended and given back.",
  paused: "**Paused.** The show is cancelled; the other bookings wait. `resume` goes on.",
  stuck: "**Stuck.** These bookings cannot be given back as they are. `resume` looks again.",
  ended:
    "**Done.** No booking of the show is left. Refunds that take longer have workflows of their own.",
} as const;
