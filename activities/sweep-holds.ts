import type { BookingKey, ReleaseOutcome } from "../adapters/postgres/holds.ts";
import { listOverdueHolds, sweepHold } from "../adapters/postgres/overdue-holds.ts";
import { storePaymentEvent } from "../adapters/postgres/payment-events.ts";
import type { Pool } from "../adapters/postgres/pool.ts";
import { withTransaction } from "../adapters/postgres/pool.ts";
import type { PaymentProvider, PaymentProviderName } from "../domain/payment.ts";
import { createSettleActivities } from "./settle-payments.ts";
import { workOffPage } from "./work-off-page.ts";

export type SweepDependencies = {
  db: Pool;
  provider: (name: PaymentProviderName) => PaymentProvider;
  /** Whether a workflow still carries the checkout of this booking. */
  isCarried: (booking: BookingKey) => Promise<boolean>;
  announceRelease: (booking: BookingKey & { seatIds: string[] }) => Promise<void>;
  heartbeat: () => void;
  sweep: {
    graceSeconds: number;
    /** Makes heard what the workflow should have done: a line of the log, a metric. `error` says why a hold could not be swept. */
    report: (outcome: "released" | "left", booking: BookingKey, error?: unknown) => void;
  };
};

/** Where the next page begins; null behind the last one. */
export type SweptPage = { released: number; left: number; after: string | null };

/** What nobody's workflow has released, as activities. */
export function createSweepActivities(dependencies: SweepDependencies) {
  const { db, heartbeat, sweep } = dependencies;
  const { graceSeconds, report } = sweep;
  const sweepOne = createSweepOne(dependencies);
  return {
    /** One bounded page of overdue holds. Safe to run again: what was released is not found any more. */
    async sweepOverdueHolds(order: {
      after: string | null;
      limit: number;
      atOnce: number;
    }): Promise<SweptPage> {
      const overdue = await listOverdueHolds(db, { ...order, graceSeconds });
      const count = { released: 0, left: 0 };
      const { atOnce } = order;
      await workOffPage(overdue, { atOnce, heartbeat }, async ({ showId, bookingId }) => {
        const booking = { showId, bookingId };
        try {
          const outcome = await sweepOne(booking);
          if (outcome === "kept") return;
          count[outcome] += 1;
          report(outcome, booking);
        } catch (error) {
          // One booking never stops the others.
          count.left += 1;
          report("left", booking, error);
        }
      });
      const isEnd = overdue.length < order.limit;
      return { ...count, after: isEnd ? null : (overdue.at(-1)?.heldUntil ?? null) };
    },
  };
}

/**
 * Where a payment was begun, the money comes first: a checkout that still runs is left to ask about it by itself; for one that is
 * gone the provider is asked here, and while it does not answer the hold is left as it is.
 */
function createSweepOne({ db, provider, isCarried, announceRelease, sweep }: SweepDependencies) {
  const { settlePayments } = createSettleActivities({ db, provider });
  const { graceSeconds } = sweep;

  return async (booking: BookingKey): Promise<"released" | "left" | "kept"> => {
    let swept = await sweepHold(db, { ...booking, graceSeconds, paymentsSettled: false });
    if (swept.outcome === "payments_open") {
      if (await isCarried(booking)) return "left";
      swept = await settleAndSweep(booking);
    }
    if (swept.outcome === "payments_open") return "left";
    if (swept.outcome !== "released") return "kept";
    if (swept.seatIds.length > 0) await announceRelease({ ...booking, seatIds: swept.seatIds });
    return "released";
  };

  /**
   * Money that is found becomes news in the transaction that frees the seats: it is late money then, told a moment later, and buys
   * the same seats.
   */
  async function settleAndSweep(booking: BookingKey): Promise<ReleaseOutcome> {
    const settled = await settlePayments(booking);
    if (settled.outcome === "unknown") return { outcome: "payments_open" };
    return withTransaction(db, async (tx) => {
      const swept = await sweepHold(tx, { ...booking, graceSeconds, paymentsSettled: true });
      if (swept.outcome === "released") {
        for (const fact of settled.paid) {
          // The same words may have been told to the checkout before it was lost.
          await storePaymentEvent(tx, { ...fact, eventId: `swept:${fact.eventId}` });
        }
      }
      return swept;
    });
  }
}
