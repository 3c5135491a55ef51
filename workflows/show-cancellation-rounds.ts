import { allHandlersFinished, condition, continueAsNew, workflowInfo } from "@temporalio/workflow";

import type { ShowProgress } from "../domain/show-change.ts";
import { paged } from "./activity-proxies.ts";
import type {
  CancellationPlace,
  ShowCancellationInput,
  ShowCancellationResult,
} from "./contract.ts";
import type { CancellationBoard } from "./show-cancellation-board.ts";
import type { CancellationCalls } from "./show-cancellation-calls.ts";
import { startRefund } from "./start-children.ts";

/** The workflow itself, which imports this file. */
type Continued = (input: ShowCancellationInput) => Promise<ShowCancellationResult>;
type Run = { showId: string; board: CancellationBoard; calls: CancellationCalls };

/**
 * Looks at all bookings of a cancelled show, round after round, until none has a ticket or can still get one. A checkout that was
 * being paid when the show was cancelled gets its tickets a moment later, and is found by the next round.
 */
export async function endAllBookings(
  input: ShowCancellationInput & { carried: CancellationPlace },
  run: Run,
): Promise<ShowProgress> {
  const { board, calls } = run;
  const place = { ...input.carried };
  for (;;) {
    board.runs(calls.isPaused());
    await calls.whilePaused();
    const progress =
      place.stage === "holds" ? await endHolds(place, run) : await refundTickets(place, run);
    if (progress !== undefined) {
      const left = progress.held + progress.confirmed + progress.ticketed;
      if (left === 0 && Date.now() >= place.cancelledAtMs + slippedByMs) return progress;
      await restAfterRound(place, left, run);
    }
    if (workflowInfo().historyLength > eventsMax) {
      await condition(allHandlersFinished);
      await continueAsNew<Continued>({
        ...input,
        carried: { ...place, isPaused: calls.isPaused() },
      });
    }
  }
}

async function endHolds(place: CancellationPlace, { showId }: Run): Promise<undefined> {
  const { after } = await paged.cancelShowHolds({ showId, after: place.after, ...pageSize });
  place.after = after;
  if (after === null) place.stage = "tickets";
}

/** The progress, when this was the last page of the round. */
async function refundTickets(
  place: CancellationPlace,
  { showId, board, calls }: Run,
): Promise<ShowProgress | undefined> {
  const page = await paged.refundShowTickets({
    ...{ showId, after: place.after, ...pageSize },
    // A later round leaves these to their own workflows.
    withOpened: place.round === 0,
  });
  await Promise.all(page.unfinished.map((refund) => startRefund({ showId, ...refund })));
  place.after = page.after;
  place.refused += page.refused.length;
  board.moved(page);
  if (page.after === null) return page.progress;
  // Each booking of such a page has become a workflow that goes on asking: a provider that is away must not get thousands.
  if (page.unreached * 2 > page.bookings) await calls.rest(minuteMs);
  return undefined;
}

async function restAfterRound(
  place: CancellationPlace,
  left: number,
  { board, calls }: Run,
): Promise<void> {
  const isStuck = left > 0 && left === place.refused;
  if (isStuck) board.isStuck();
  await calls.rest(isStuck ? hourMs : Math.min(1_000 * 2 ** place.round, minuteMs));
  Object.assign(place, { round: place.round + 1, stage: "holds", refused: 0 });
  board.roundBegins();
}

/**
 * Twenty at once, because a refund at Stripe is two calls of 0.3 s and an endpoint takes 25 a second. A page of a hundred is then
 * five seconds: that long a pause waits, and so much is done again when a process dies.
 */
const pageSize = { limit: 100, atOnce: 20 } as const;

/** Longer than the longest statement of any process (5 s): what had read the show before it was cancelled is visible by then. */
const slippedByMs = 6_000;
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** About four thousand bookings: a page is six events, and two more for each refund that is handed over. */
const eventsMax = 250;
