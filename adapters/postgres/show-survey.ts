import type { ShowProgress, ShowSurvey } from "../../domain/show-change.ts";
import { onlyRow } from "./only-row.ts";
import type { Queryable } from "./pool.ts";

/** Counts what a show has sold, in one round trip. Changes nothing. */
export async function surveyShow(db: Queryable, showId: string): Promise<ShowSurvey | undefined> {
  const { rows } = await db.query<ShowSurvey>(
    `select title.name as title, venue.name as venue, show.status,
       floor(extract(epoch from show.starts_at) * 1000)::float8 as "startsAtMs",
       to_char(show.starts_at at time zone venue.time_zone, 'YYYY-MM-DD HH24:MI') as "localStart",
       booking.*, (select count(*)::integer from tickets where show_id = $1 and status = 'live') as tickets,
       (select coalesce(jsonb_agg(jsonb_build_object('currency', currency, 'refundMinor', refund_minor,
            'feeMinor', fee_minor) order by currency), '[]')
          from (select booking.currency, sum(seat.amount_minor + seat.fee_minor) as refund_minor,
                    sum(seat.fee_minor) as fee_minor
                  from tickets ticket
                  join booking_seats seat on seat.show_id = ticket.show_id and seat.booking_id = ticket.booking_id
                    and seat.seat_id = ticket.seat_id
                  join bookings booking on booking.show_id = ticket.show_id and booking.booking_id = ticket.booking_id
                  where ticket.show_id = $1 and ticket.status = 'live'
                  group by booking.currency) sum) as sums
     from shows show
     join titles title on title.title_id = show.title_id
     join halls hall on hall.hall_id = show.hall_id
     join venues venue on venue.venue_id = hall.venue_id
     cross join (select ${openBookings} from bookings where show_id = $1) booking
     where show.show_id = $1`,
    [showId],
  );
  return rows[0];
}

/** How far the cancellation of a show has come, in one round trip. */
export async function readShowProgress(db: Queryable, showId: string): Promise<ShowProgress> {
  const { rows } = await db.query<ShowProgress>(
    `select ${openBookings},
       count(*) filter (where status = 'refunded' and end_reason = 'show_cancelled')::integer as voided,
       (select coalesce(jsonb_agg(jsonb_build_object('currency', currency, 'opened', opened, 'openedMinor', opened_minor,
            'paidOut', paid_out, 'paidOutMinor', paid_out_minor) order by currency), '[]')
          from (select currency, count(*) as opened, sum(amount_minor) as opened_minor,
                    count(*) filter (where status in ('succeeded', 'settled')) as paid_out,
                    coalesce(sum(amount_minor) filter (where status in ('succeeded', 'settled')), 0) as paid_out_minor
                  from refunds where show_id = $1 and cause = 'show_cancelled'
                  group by currency) refund) as refunds
     from bookings where show_id = $1`,
    [showId],
  );
  return onlyRow(rows);
}

const openBookings = `count(*) filter (where status = 'held')::integer as held,
  count(*) filter (where status = 'confirmed')::integer as confirmed,
  count(*) filter (where status = 'ticketed')::integer as ticketed`;
