import type { BookingStatus } from "../../domain/booking.ts";
import type { HeldSeats } from "../../domain/hold.ts";
import type { RefundStatus } from "../../domain/refund.ts";
import type { BookingKey } from "./holds.ts";
import type { Queryable } from "./pool.ts";

export type StoredBooking = BookingKey & {
  userId: string;
  status: BookingStatus;
  /** The payment that bought the seats. */
  paymentId: string | null;
  requestHash: string;
  totalMinor: number;
  feeMinor: number;
  /** Taken off the seats' prices by a promo code; totalMinor is after it. */
  discountMinor: number;
  /** Contained in totalMinor. */
  taxMinor: number;
  currency: string;
  heldUntilMs: number;
  createdAtMs: number;
  /** Through which it was made; null: the general sale. */
  channel: string | null;
  endReason: string | null;
  seats: { seatId: string; priceCode: string; amountMinor: number; feeMinor: number }[];
  refunds: { refundId: string; amountMinor: number; status: RefundStatus }[];
  tickets: {
    ticketId: string;
    seatId: string;
    status: "live" | "void";
    issuedAtMs: number;
    /** Somebody else has it: its buyer has handed it on. */
    isHandedOn: boolean;
  }[];
};

/** A booking as its buyer sees it, in one round trip. */
export async function findBooking(
  db: Queryable,
  booking: BookingKey,
): Promise<StoredBooking | undefined> {
  const { rows } = await db.query<StoredBooking>({
    name: "find_booking",
    text: `select booking.show_id as "showId", booking.booking_id as "bookingId", booking.user_id as "userId", booking.status,
       booking.payment_id as "paymentId",
       booking.request_hash as "requestHash", booking.total_minor::float8 as "totalMinor",
       booking.fee_minor::float8 as "feeMinor", booking.discount_minor::float8 as "discountMinor",
       (select coalesce(sum(tax_minor), 0)::float8 from booking_seats
          where show_id = $1 and booking_id = $2) as "taxMinor", booking.currency,
       floor(extract(epoch from booking.held_until) * 1000)::float8 as "heldUntilMs",
       floor(extract(epoch from booking.created_at) * 1000)::float8 as "createdAtMs",
       booking.channel, booking.end_reason as "endReason",
       (select coalesce(jsonb_agg(jsonb_build_object('seatId', seat_id, 'priceCode', price_code,
            'amountMinor', amount_minor, 'feeMinor', fee_minor) order by seat_id), '[]')
          from booking_seats where show_id = $1 and booking_id = $2) as seats,
       (select coalesce(jsonb_agg(jsonb_build_object('ticketId', ticket_id, 'seatId', seat_id, 'status', status,
            'issuedAtMs', floor(extract(epoch from issued_at) * 1000), 'isHandedOn', user_id <> booking.user_id)
            order by seat_id), '[]')
          from tickets where show_id = $1 and booking_id = $2 and moved_to is null) as tickets,
       (select coalesce(jsonb_agg(jsonb_build_object('refundId', refund_id, 'amountMinor', amount_minor, 'status', status)
            order by created_at, refund_id), '[]')
          from refunds where show_id = $1 and booking_id = $2) as refunds
     from bookings booking
     where booking.show_id = $1 and booking.booking_id = $2`,
    values: [booking.showId, booking.bookingId],
  });
  return rows[0];
}

/** The answer that its order had, from its row. */
export function holdOf({
  heldUntilMs,
  totalMinor,
  feeMinor,
  currency,
  seats,
}: StoredBooking): HeldSeats {
  const seatIds = seats.map(({ seatId }) => seatId);
  return { outcome: "held", heldUntilMs, totalMinor, feeMinor, currency, seatIds };
}

/** Whether this payment has bought the booking's tickets, or is about to: such money is not late and not second. */
export function isBoughtWith({ status, paymentId }: StoredBooking, boughtWith: string): boolean {
  return (
    paymentId === boughtWith &&
    (status === "confirmed" || status === "ticketed" || status === "refunded")
  );
}
