import { condition, defineUpdate, isCancellation, setHandler } from "@temporalio/workflow";

import { holdChangesMax } from "../domain/booking.ts";
import type { HeldSeats, HoldChange, HoldOutcome } from "../domain/hold.ts";
import { quickly, surely } from "./activity-proxies.ts";
import type { CancelOutcome, CheckoutInput, ExtendOutcome } from "./contract.ts";
import { extensionsMax, holdSecondsMaxDefault, messageNames, rejections } from "./contract.ts";
import { rejected } from "./rejected.ts";

const extendUpdate = defineUpdate<ExtendOutcome, [{ by: "buyer" | "outage" }]>(messageNames.extend);
const changeUpdate = defineUpdate<HoldOutcome, [HoldChange]>(messageNames.changeSeats);
const cancelUpdate = defineUpdate<CancelOutcome, [{ by: "buyer" | "show_cancelled" } | undefined]>(
  messageNames.cancel,
);

/** Who may want the seats of a hold to go back. */
type CancelledBy = "buyer" | "support" | "show_cancelled";

/** What may be asked of a hold while it waits for its payment, and what came of it. */
export type HoldRequests = {
  /** However the hold is extended, save by support, it ends so many seconds after its start. */
  holdSecondsMax: number;
  /** From here on there is a hold to ask things of. */
  opened(heldUntilMs: number): void;
  heldUntilMs(): number;
  /** Who wants the seats to go back, if anybody. */
  cancelledBy(): CancelledBy | undefined;
  /** Lets what is under way end, and takes no more: from here on the checkout decides alone. */
  close(): Promise<void>;
  /** How the checkout ended, for those who wait to hear it; the first word stands. */
  ended(isCancelled: boolean): void;
  /** Throws what the asker is told when it is too early or too late to ask anything. */
  requireOpen(): void;
  extend(seconds: number, secondsMax: number): Promise<ExtendOutcome>;
  change(change: HoldChange): Promise<HoldOutcome>;
  /** Answers when the seats are back, or when it turned out to be too late for that. */
  cancel(by: CancelledBy): Promise<CancelOutcome>;
};

/** `changed` hears what the hold is after each change. */
export function receiveHoldRequests(
  input: CheckoutInput,
  changed: (hold: HeldSeats) => void,
): HoldRequests {
  const requests = holdRequests(input, changed);
  const { holdSecondsMax } = requests;
  let extensions = 0;
  let changes = 0;
  setHandler(
    extendUpdate,
    async ({ by }): Promise<ExtendOutcome> => {
      // Nobody can pay: the hold is kept a minute longer each time, within the cap, and this is not the buyer's doing.
      if (by === "outage") return requests.extend(60, holdSecondsMax);
      if (extensions >= extensionsMax) return { outcome: "refused" };
      extensions += 1;
      return requests.extend(300, holdSecondsMax);
    },
    {
      description: "Marquee itself: the buyer asks for more time, or no provider can be reached",
      validator: (_wish) => requests.requireOpen(),
    },
  );
  setHandler(
    changeUpdate,
    (change) => {
      changes += 1;
      return requests.change(change);
    },
    {
      description: "Marquee itself: the buyer wants other seats in the same hold",
      validator: (_change) => {
        requests.requireOpen();
        // Turned down here it leaves nothing in the history.
        if (changes >= holdChangesMax) {
          throw rejected("The hold was changed often enough.", rejections.tooOften);
        }
      },
    },
  );
  setHandler(cancelUpdate, (wish) => requests.cancel(wish?.by ?? "buyer"), {
    description: "Marquee itself: the buyer gives the seats back, or the show is cancelled",
    validator: (_wish) => requests.requireOpen(),
  });
  return requests;
}

function holdRequests(
  { showId, bookingId, graceSeconds, holdSecondsMax = holdSecondsMaxDefault }: CheckoutInput,
  changed: (hold: HeldSeats) => void,
): HoldRequests {
  const booking = { showId, bookingId };
  let state: "starting" | "open" | "closed" = "starting";
  let heldUntilMs = 0;
  let underWay = 0;
  let cancelledBy: CancelledBy | undefined;
  let outcome: CancelOutcome | undefined;

  /** A hold is not extended or changed and released at the same time: the release waits for this. */
  async function beforeTheEnd<Result>(work: () => Promise<Result>): Promise<Result> {
    underWay += 1;
    try {
      return await work();
    } finally {
      underWay -= 1;
    }
  }

  return {
    holdSecondsMax,
    opened(untilMs) {
      state = "open";
      heldUntilMs = untilMs;
    },
    heldUntilMs: () => heldUntilMs,
    cancelledBy: () => cancelledBy,
    async close() {
      state = "closed";
      if (underWay > 0) await condition(() => underWay === 0);
    },
    ended(isCancelled) {
      state = "closed";
      outcome ??= isCancelled ? "cancelled" : "too_late";
    },
    requireOpen() {
      if (state === "starting") {
        throw rejected("There is no hold yet; try again in a second.", rejections.tooEarly);
      }
      if (state === "closed") throw rejected("The checkout is being decided, or is over.");
    },
    extend: (seconds, secondsMax) =>
      beforeTheEnd(async () => {
        const extended = await surely((run) => run.extendHold({ ...booking, seconds, secondsMax }));
        if (extended.outcome === "extended") heldUntilMs = extended.heldUntilMs;
        return extended;
      }),
    change: (change) =>
      beforeTheEnd(async () => {
        try {
          const wish = { ...booking, ...change, graceSeconds };
          const outcome = await quickly((run) => run.changeHold(wish));
          if (outcome.outcome === "held") changed(outcome);
          return outcome;
        } catch (error) {
          // Not durably: a buyer who has heard nothing does not want other seats minutes later.
          if (isCancellation(error)) throw error;
          return { outcome: "refused", code: "UNAVAILABLE", seatIds: [] };
        }
      }),
    async cancel(by) {
      cancelledBy ??= by;
      await condition(() => outcome !== undefined);
      return outcome ?? "too_late";
    },
  };
}
