import type { BookingStatus } from "../../domain/booking.ts";
import type { Queryable } from "./pool.ts";
import { beforeFirst } from "./show-changes.ts";
import type { BookingPage } from "./show-changes.ts";

/**
 * How one booking of a cancelled show stands.
 * `in_checkout`: held or being paid. `never_sold`: its checkout ended without tickets. `owed`: tickets still live.
 * `earlier`: all given back before. `free`: void, and nothing to pay. `waiting`: the provider has yet to take the refund.
 * `pending`: it has. `paid_out`: the money is back. `settled`: given back in another way, by hand.
 */
export type ReportState =
  | "in_checkout"
  | "never_sold"
  | "owed"
  | "earlier"
  | "free"
  | "waiting"
  | "pending"
  | "paid_out"
  | "settled";

export type ReportRow = {
  bookingId: string;
  status: BookingStatus;
  state: ReportState;
  tickets: number;
  currency: string;
  /** Taken by all payments of the booking, and given back for other reasons than the cancellation. */
  capturedMinor: number;
  otherwiseMinor: number;
  /** What the cancellation owes, and what of it is back. */
  refundMinor: number;
  paidOutMinor: number;
  provider: string | null;
  providerRefundId: string | null;
  attempt: number | null;
  /** Why the attempt before this one failed. */
  failure: "balance" | "dispute" | "provider" | null;
  openedAtMs: number | null;
  changedAtMs: number | null;
};

/** A page of the report on a cancelled show: every booking that ever had tickets, took money, or was ended by the cancellation. */
export async function listShowReport(
  db: Queryable,
  { showId, after, limit }: BookingPage,
): Promise<ReportRow[]> {
  const { rows } = await db.query<ReportRow>(
    `select booking.booking_id as "bookingId", booking.status,
       case
         when refund.status = 'requested' then 'waiting'
         when refund.status = 'succeeded' then 'paid_out'
         when refund.status is not null then refund.status
         when booking.status in ('held', 'confirmed') then 'in_checkout'
         when booking.status in ('expired', 'cancelled') then 'never_sold'
         when booking.status = 'ticketed' then 'owed'
         when booking.end_reason = 'show_cancelled' then 'free'
         else 'earlier'
       end as state,
       (select count(*)::integer from tickets
          where show_id = $1 and booking_id = booking.booking_id and moved_to is null) as tickets,
       booking.currency, payment.captured::float8 as "capturedMinor",
       coalesce((select sum(amount_minor) from refunds
          where show_id = $1 and booking_id = booking.booking_id and cause <> 'show_cancelled'), 0)::float8
         as "otherwiseMinor",
       coalesce(refund.amount_minor, 0)::float8 as "refundMinor",
       case when refund.status in ('succeeded', 'settled') then refund.amount_minor else 0 end::float8 as "paidOutMinor",
       bought.provider, refund.provider_refund_id as "providerRefundId", refund.attempt, refund.failure,
       floor(extract(epoch from refund.created_at) * 1000)::float8 as "openedAtMs",
       floor(extract(epoch from refund.updated_at) * 1000)::float8 as "changedAtMs"
     from bookings booking
     left join payments bought on bought.show_id = booking.show_id and bought.payment_id = booking.payment_id
     left join refunds refund on refund.show_id = booking.show_id and refund.payment_id = booking.payment_id
       and refund.cause = 'show_cancelled'
     cross join lateral (select coalesce(sum(captured_minor), 0) as captured from payments
       where show_id = $1 and booking_id = booking.booking_id) payment
     where booking.show_id = $1 and booking.booking_id > $2
       and (booking.status in ('held', 'confirmed', 'ticketed', 'refunded') or booking.end_reason = 'show_cancelled'
         or payment.captured > 0)
     order by booking.booking_id
     limit $3`,
    [showId, after ?? beforeFirst, limit],
  );
  return rows;
}
