import type { BookingKey } from "../holds.ts";
import type { Queryable } from "../pool.ts";

export type StoryLine = { atMs: number; what: string };

/** What has happened to a booking, oldest first, as far as rows keep it: of what was changed they know the last change. */
export async function readStory(db: Queryable, booking: BookingKey): Promise<StoryLine[]> {
  const { rows } = await db.query<StoryLine>(
    `select floor(extract(epoch from at) * 1000)::float8 as "atMs", what from (${tellings.join(" union all ")}) told
     where at is not null
     order by at, place
     limit ${linesMax}`,
    [booking.showId, booking.bookingId],
  );
  return rows;
}

const linesMax = 100;

/** Each gives at, place (what comes first when it was the same moment) and what. */
const tellings = [
  `select created_at as at, 1 as place, format('held for buyer %s: %s for %s %s, until %s as it stands', user_id,
     (select string_agg(seat_id, ' ' order by seat_id) from booking_seats where show_id = $1 and booking_id = $2),
     total_minor, currency, held_until) as what
   from bookings where show_id = $1 and booking_id = $2`,
  `select created_at, 2, format('payment %s by %s opened (%s)', attempt, provider, payment_id)
   from payments where show_id = $1 and booking_id = $2`,
  `select received_at, 3, format('%s says that %s %s of payment %s are %s%s', provider, amount_minor, currency, payment_id,
     status, case when signalled_at is null then '; no checkout has heard it' else '' end)
   from payment_events where show_id = $1 and booking_id = $2`,
  `select confirmed_at, 4, format('confirmed with payment %s', payment_id)
   from bookings where show_id = $1 and booking_id = $2`,
  `select updated_at, 5, format('payment %s is %s: %s %s captured, %s refunded%s', attempt, status, captured_minor, currency,
     refunded_minor, ', disputed since ' || disputed_at)
   from payments where show_id = $1 and booking_id = $2`,
  `select issued_at, 6, format('tickets issued; now %s',
     string_agg(seat_id || ' ' || status || coalesce(' (moved to ' || moved_to || ')', ''), ', ' order by seat_id, nth))
   from tickets where show_id = $1 and booking_id = $2 group by issued_at`,
  `select refund.created_at, 7, format('refund %s of %s %s opened for %s%s', refund.refund_id, refund.amount_minor,
     refund.currency, refund.cause, ', seats ' || (select string_agg(seat_id, ' ' order by seat_id) from refund_seats given
       where given.show_id = refund.show_id and given.refund_id = refund.refund_id))
   from refunds refund where refund.show_id = $1 and refund.booking_id = $2`,
  `select updated_at, 8, format('refund %s is %s in attempt %s%s', refund_id, status, attempt,
     ', the one before failed: ' || failure)
   from refunds where show_id = $1 and booking_id = $2`,
  `select created_at, 9, format('support: %s by %s (%s, case %s), %s', action, agent, reason, case_number,
     coalesce('outcome ' || outcome, 'not ended'))
   from support_actions where show_id = $1 and booking_id = $2`,
  `select ended_at, 10, format('ended as %s (%s)', status, end_reason)
   from bookings where show_id = $1 and booking_id = $2`,
  `select created_at, 11, format('%s is waiting in the outbox', payload ->> 'type')
   from outbox where show_id = $1 and payload ->> 'bookingId' = $2::text`,
  `select clock_timestamp(), 12, format('now the booking is %s, and its seats are %s', booking.status,
     (select string_agg(format('%s %s%s', wanted.seat_id, coalesce(seat.status, 'unknown'), case
          when seat.booking_id is not null and seat.booking_id <> $2 then ' by ' || seat.booking_id end),
        ', ' order by wanted.seat_id)
      from booking_seats wanted
      left join show_seats seat on seat.show_id = wanted.show_id and seat.seat_id = wanted.seat_id
      where wanted.show_id = $1 and wanted.booking_id = $2))
   from bookings booking where booking.show_id = $1 and booking.booking_id = $2`,
];
