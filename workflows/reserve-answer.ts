import { allHandlersFinished, condition, defineUpdate, setHandler } from "@temporalio/workflow";

import type { HeldSeats, HoldOutcome } from "../domain/hold.ts";
import { messageNames } from "./contract.ts";

const reserveUpdate = defineUpdate<HoldOutcome, [{ requestHash: string }]>(messageNames.reserve);

/**
 * The answer to whoever asks this checkout for its seats. The main function takes the hold, so the answer is the same
 * however often and whenever it is asked, unless the buyer has changed the hold since; another request under the same key is
 * refused.
 */
export function answerReserve(requestHash: string) {
  let outcome: HoldOutcome | undefined;

  setHandler(
    reserveUpdate,
    async (asked) => {
      if (asked.requestHash !== requestHash) {
        return { outcome: "refused", code: "IDEMPOTENCY_KEY_REUSED", seatIds: [] };
      }
      await condition(() => outcome !== undefined);
      if (outcome === undefined) throw new Error("Woken without an outcome");
      return outcome;
    },
    { description: "Asked by Marquee itself: the outcome of the hold" },
  );

  return {
    /** Says the outcome, once; the first answer stands. */
    answer<Outcome extends HoldOutcome>(given: Outcome): Outcome {
      outcome ??= given;
      return given;
    },
    /** From here on the hold is another one. */
    changed(hold: HeldSeats): void {
      outcome = hold;
    },
    /** Nobody is left waiting for an answer when the checkout ends. */
    async finished(): Promise<void> {
      await condition(allHandlersFinished);
    },
  };
}
