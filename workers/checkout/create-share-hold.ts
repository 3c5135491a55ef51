import type { ShareHold } from "../../activities/seats.ts";
import type { HoldOutcome } from "../../domain/hold.ts";

/** Longer than an order may take: a later run holds nothing new. */
const keptMsMax = 5_000;

/**
 * For the request and the workflow that it has started in this process: whoever comes first has the statement run, the other gets
 * the same answer. A third run, a retry or one elsewhere, asks the database again, which finds the same hold.
 */
export function createShareHold(): ShareHold {
  const begun = new Map<string, Promise<HoldOutcome>>();
  return (bookingId, hold) => {
    const others = begun.get(bookingId);
    if (others !== undefined) {
      begun.delete(bookingId);
      return others;
    }
    const outcome = hold();
    begun.set(bookingId, outcome);
    const forget = () => {
      if (begun.get(bookingId) === outcome) begun.delete(bookingId);
    };
    outcome.then(() => setTimeout(forget, keptMsMax).unref(), forget);
    return outcome;
  };
}
