import type { CheckoutClient } from "../../adapters/checkout/create-checkout-client.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import { refundTickets } from "../../adapters/postgres/refunds.ts";
import { DomainError } from "../../domain/errors.ts";
import type { Money } from "../../domain/money.ts";
import type { Logger } from "../../platform/logger.ts";
import { deriveUuid } from "./derive-uuid.ts";
import { readBooking } from "./read-booking.ts";
import type { OwnBooking } from "./read-booking.ts";
import type { ShowCache } from "./show-cache.ts";

export type TicketRefund = { amount: Money; seatIds: string[] };

/**
 * A buyer gives tickets back, all of them or some seats, while the organiser allows it; fees are kept. The tickets are void
 * when this answers. The money follows: what cannot be told to the refund's workflow here, workers/payments/ tells later.
 */
export function createRefundBooking(deps: {
  db: Queryable;
  shows: ShowCache;
  checkouts: Pick<CheckoutClient, "driveRefund">;
  logger: Logger;
}) {
  return async (
    own: OwnBooking & { seatIds?: string[] | undefined; idempotencyKey: string },
  ): Promise<TicketRefund> => {
    const { showId, bookingId, userId, seatIds } = own;
    const { currency } = await readBooking(deps.db, own);
    const { refundableUntilMs } = await deps.shows.show(showId);
    if (refundableUntilMs === null || refundableUntilMs <= Date.now()) {
      throw new DomainError("REFUND_NOT_ALLOWED");
    }
    const cause = `buyer:${deriveUuid("refund", userId, own.idempotencyKey)}` as const;
    const order = { showId, bookingId, cause, seatIds, withFees: false };
    const refund = await refundTickets(deps.db, order);
    if (refund.outcome === "refused") throw new DomainError(refund.code);
    if (refund.outcome === "open") {
      const { refundId } = refund;
      await deps.checkouts
        .driveRefund({ showId, bookingId, refundId })
        .catch((error: unknown) =>
          deps.logger.warn({ err: error, refundId }, "refund opened, not yet driven"),
        );
    }
    return { amount: { amountMinor: refund.amountMinor, currency }, seatIds: refund.seatIds };
  };
}
