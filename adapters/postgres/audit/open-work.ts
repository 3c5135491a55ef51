import type { BookingStatus } from "../../../domain/booking.ts";
import type { RefundKey, RefundStatus } from "../../../domain/refund.ts";
import type { BookingKey } from "../holds.ts";
import type { Queryable } from "../pool.ts";

export type OpenBooking = BookingKey & {
  status: "held" | "confirmed";
  paymentId: string | null;
};
export type OpenRefund = RefundKey & { bookingId: string };

/** What these shows have open, so that a workflow must be at work for it. */
export async function listOpenWork(
  db: Queryable,
  showIds: string[],
  refundsBefore: Date,
): Promise<{ bookings: OpenBooking[]; refunds: OpenRefund[] }> {
  const bookings = await db.query<OpenBooking>(
    `select show_id as "showId", booking_id as "bookingId", status, payment_id as "paymentId"
     from bookings where show_id = any($1::uuid[]) and status in ('held', 'confirmed')`,
    [showIds],
  );
  const refunds = await db.query<OpenRefund>(
    `select show_id as "showId", booking_id as "bookingId", refund_id as "refundId"
     from refunds where show_id = any($1::uuid[]) and status in ('requested', 'pending') and updated_at < $2`,
    [showIds, refundsBefore],
  );
  return { bookings: bookings.rows, refunds: refunds.rows };
}

export type WorkOfBooking = {
  status: BookingStatus;
  /** When its seats were decided about; null while they are not. */
  decidedAtMs: number | null;
  openPayments: number;
  openRefunds: number;
};

/** What is left to do for a booking; undefined if there is no such booking. */
export async function findWork(
  db: Queryable,
  booking: BookingKey,
): Promise<WorkOfBooking | undefined> {
  const { rows } = await db.query<WorkOfBooking>(
    `select status, floor(extract(epoch from case when status not in ('held', 'confirmed')
         then coalesce(ended_at, confirmed_at) end) * 1000)::float8 as "decidedAtMs",
       (select count(*)::integer from payments where show_id = $1 and booking_id = $2
          and status in ('creating', 'open', 'authorised')) as "openPayments",
       (select count(*)::integer from refunds where show_id = $1 and booking_id = $2
          and status in ('requested', 'pending')) as "openRefunds"
     from bookings where show_id = $1 and booking_id = $2`,
    [booking.showId, booking.bookingId],
  );
  return rows[0];
}

/** Undefined if there is no such refund. */
export async function findRefundWork(
  db: Queryable,
  refund: RefundKey,
): Promise<{ status: RefundStatus; movedAtMs: number } | undefined> {
  const { rows } = await db.query<{ status: RefundStatus; movedAtMs: number }>(
    `select status, floor(extract(epoch from updated_at) * 1000)::float8 as "movedAtMs"
     from refunds where show_id = $1 and refund_id = $2`,
    [refund.showId, refund.refundId],
  );
  return rows[0];
}
