import type { HoldOutcome, HoldRequest } from "../../domain/hold.ts";

type ShareOrder = (
  order: Pick<HoldRequest, "bookingId" | "requestHash">,
  reserve: () => Promise<HoldOutcome>,
) => Promise<HoldOutcome>;

/**
 * The same order sent twice at once is one: who clicked twice hears with both clicks what the first one hears. To ask its checkout
 * would be a task of its own, more work than the hold, and in a rush it waits behind all who begin. Where the first one fails, the
 * second asks for itself: it may wait longer.
 */
export function createShareOrder(): ShareOrder {
  const underWay = new Map<string, Promise<HoldOutcome>>();
  return ({ bookingId, requestHash }, reserve) => {
    const key = `${bookingId} ${requestHash}`;
    const first = underWay.get(key);
    if (first !== undefined) return first.catch(() => reserve());
    const outcome = reserve().finally(() => underWay.delete(key));
    underWay.set(key, outcome);
    return outcome;
  };
}
