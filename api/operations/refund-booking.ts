import type { CheckoutClient } from "../../adapters/checkout/create-checkout-client.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import type { BookingKey } from "../../adapters/postgres/holds.ts";
import { findRefundOfCause, refundTickets } from "../../adapters/postgres/refunds.ts";
import type { RefundTicketsOutcome } from "../../adapters/postgres/refunds.ts";
import { findReturnTerms } from "../../adapters/postgres/show-reschedules.ts";
import { DomainError } from "../../domain/errors.ts";
import type { Money } from "../../domain/money.ts";
import type { RefundCause } from "../../domain/refund.ts";
import type { TellSeats } from "../../domain/seat-news.ts";
import type { Logger } from "../../platform/logger.ts";
import { deriveUuid } from "../../platform/derive-uuid.ts";
import { readBooking } from "./read-booking.ts";
import type { OwnBooking } from "./read-booking.ts";

export type TicketRefund = { amount: Money; seatIds: string[] };

/**
 * A buyer gives tickets back, all of them or some seats, while the organiser allows it; fees are kept, unless the show was put off
 * after the booking was made. Of a cancelled show all of them go back, fees included, whatever is named: as the cancellation
 * itself does it, so that they go back once. The tickets are void when this answers. The money follows: what cannot be told to
 * the refund's workflow here, workers/payments/ tells later.
 */
export function createRefundBooking(deps: {
  db: Queryable;
  checkouts: Pick<CheckoutClient, "driveRefund">;
  tellSeats: TellSeats;
  logger: Logger;
}) {
  return async (
    own: OwnBooking & { seatIds?: string[] | undefined; idempotencyKey: string },
  ): Promise<TicketRefund> => {
    const { showId, bookingId, userId, seatIds, idempotencyKey } = own;
    const { currency } = await readBooking(deps.db, own);
    const cause: RefundCause = `buyer:${deriveUuid("refund", userId, idempotencyKey)}`;
    // A request that is repeated is answered as the first time, whatever has become of the show and its terms since.
    const refund =
      (await findRefundOfCause(deps.db, { showId, bookingId, cause })) ??
      (await giveBack(deps, { showId, bookingId, seatIds, cause }));
    if (refund.outcome === "refused") {
      const { code, seatIds: refusedIds } = refund;
      throw new DomainError(code, refusedIds && { seatIds: refusedIds });
    }
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

async function giveBack(
  { db, tellSeats }: { db: Queryable; tellSeats: TellSeats },
  order: BookingKey & { seatIds: string[] | undefined; cause: RefundCause },
): Promise<RefundTicketsOutcome> {
  const { showId, bookingId } = order;
  const terms = await findReturnTerms(db, order);
  if (terms === "none") throw new DomainError("REFUND_NOT_ALLOWED");
  if (terms === "show_cancelled") {
    return refundTickets(
      db,
      { showId, bookingId, cause: "show_cancelled", withFees: true },
      tellSeats,
    );
  }
  return refundTickets(db, { ...order, withFees: terms === "with_fees" }, tellSeats);
}
