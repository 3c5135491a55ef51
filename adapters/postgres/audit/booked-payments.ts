import type { BookingStatus, PaymentStatus } from "../../../domain/booking.ts";
import type { PaymentProviderName, ProviderPaymentRef } from "../../../domain/payment.ts";
import type { RefundStatus } from "../../../domain/refund.ts";
import type { Queryable } from "../pool.ts";

/** A payment as the rows know it, for whoever compares it with its provider's books. */
export type BookedPayment = ProviderPaymentRef & {
  provider: PaymentProviderName;
  status: PaymentStatus;
  capturedMinor: number;
  bookingStatus: BookingStatus;
  /** Nothing of it was on its way any more at the moment that was asked for. */
  isSettled: boolean;
};

const columns = `payment.show_id as "showId", payment.payment_id as "paymentId", payment.booking_id as "bookingId",
  payment.provider, payment.provider_payment_id as "providerPaymentId", payment.status,
  payment.amount_minor::float8 as "amountMinor", payment.captured_minor::float8 as "capturedMinor", payment.currency,
  booking.status as "bookingStatus",
  greatest(payment.updated_at, booking.created_at, booking.confirmed_at, booking.ended_at,
    case when booking.status = 'held' then booking.held_until end) < $1 as "isSettled"`;
const tables = `payments payment
  join bookings booking on booking.show_id = payment.show_id and booking.booking_id = payment.booking_id`;

/** Those of these payments that there are. */
export async function findBookedPayments(
  db: Queryable,
  keys: readonly { showId: string; paymentId: string }[],
  settledBefore: Date,
): Promise<BookedPayment[]> {
  const { rows } = await db.query<BookedPayment>(
    `select ${columns}
     from unnest($2::uuid[], $3::uuid[]) as wanted (show_id, payment_id)
     join ${tables} on payment.show_id = wanted.show_id and payment.payment_id = wanted.payment_id`,
    [settledBefore, keys.map(({ showId }) => showId), keys.map(({ paymentId }) => paymentId)],
  );
  return rows;
}

/**
 * A provider's payments of these shows that were opened, or asked to give something back, since then. Those that have taken money,
 * as the rows say, come first.
 */
export async function listPaymentsSince(
  db: Queryable,
  showIds: readonly string[],
  asked: { provider: PaymentProviderName; since: Date; settledBefore: Date },
): Promise<BookedPayment[]> {
  const { rows } = await db.query<BookedPayment>(
    `select ${columns} from ${tables}
     where payment.show_id = any($2::uuid[]) and payment.provider = $4 and (payment.created_at >= $3 or exists (
       select from refunds refund
       where refund.show_id = payment.show_id and refund.payment_id = payment.payment_id and refund.created_at >= $3))
     order by payment.status in ('authorised', 'captured', 'refunded') desc, payment.payment_id`,
    [asked.settledBefore, showIds, asked.since, asked.provider],
  );
  return rows;
}

export type BookedRefund = {
  showId: string;
  refundId: string;
  bookingId: string;
  paymentId: string;
  status: RefundStatus;
  attempt: number;
  amountMinor: number;
  currency: string;
  providerRefundId: string | null;
  isSettled: boolean;
};

/** A provider's refunds of these shows that were opened since then. */
export async function listRefundsSince(
  db: Queryable,
  showIds: readonly string[],
  asked: { provider: PaymentProviderName; since: Date; settledBefore: Date },
): Promise<BookedRefund[]> {
  const { rows } = await db.query<BookedRefund>(
    `select refund.show_id as "showId", refund.refund_id as "refundId", refund.booking_id as "bookingId",
       refund.payment_id as "paymentId", refund.status, refund.attempt,
       refund.amount_minor::float8 as "amountMinor", refund.currency, refund.provider_refund_id as "providerRefundId",
       refund.updated_at < $1 as "isSettled"
     from refunds refund
     join payments payment on payment.show_id = refund.show_id and payment.payment_id = refund.payment_id
     where refund.show_id = any($2::uuid[]) and refund.created_at >= $3 and payment.provider = $4`,
    [asked.settledBefore, showIds, asked.since, asked.provider],
  );
  return rows;
}
