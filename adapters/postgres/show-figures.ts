import type { SalesGroup, SeatGroup } from "../../domain/show-figures.ts";
import type { Queryable } from "./pool.ts";

/** The seats of a show by what they are, one row for those that are alike: a pass over its seats, and over its gifts. */
export async function listSeatGroups(db: Queryable, showId: string): Promise<SeatGroup[]> {
  const { rows } = await db.query<Omit<SeatGroup, "seatIds"> & { seatIds: string }>({
    name: "seat_groups",
    // Joined, twenty thousand ids come as a handful of strings and not as rows.
    text: `select seat.status, gift.booking_id is not null as "isComp", seat.price_code as "priceCode", seat.channel,
         string_agg(seat.seat_id, ' ') as "seatIds"
       from show_seats seat
       left join bookings gift on gift.show_id = seat.show_id and gift.booking_id = seat.booking_id and gift.is_comp
       where seat.show_id = $1
       group by 1, 2, 3, 4`,
    values: [showId],
  });
  return rows.map(({ seatIds, ...group }) => ({ ...group, seatIds: seatIds.split(" ") }));
}

export type SeatCount = Pick<SeatGroup, "status" | "isComp" | "channel"> & {
  showId: string;
  seats: number;
};

/** The seats of some shows, counted: a pass over their seats. */
export async function countSeatGroups(db: Queryable, showIds: string[]): Promise<SeatCount[]> {
  const { rows } = await db.query<SeatCount>({
    name: "seat_counts",
    text: `select seat.show_id as "showId", seat.status, gift.booking_id is not null as "isComp", seat.channel,
         count(*)::integer as seats
       from show_seats seat
       left join bookings gift on gift.show_id = seat.show_id and gift.booking_id = seat.booking_id and gift.is_comp
       where seat.show_id = any($1)
       group by 1, 2, 3, 4`,
    values: [showIds],
  });
  return rows;
}

/**
 * What was sold of some shows and what of it went back, one row for seats of one price, sold on one day and given back on one day, on the
 * venue's calendar: a pass over their bookings. What bought nothing, and is on its way back, is no sale.
 */
export async function listSalesGroups(
  db: Queryable,
  showIds: string[],
): Promise<(SalesGroup & { showId: string })[]> {
  const { rows } = await db.query<SalesGroup & { showId: string }>({
    name: "sales_groups",
    text: `select "showId", "priceCode", to_char(sold_on, 'YYYY-MM-DD') as "soldOn",
         to_char(returned_on, 'YYYY-MM-DD') as "returnedOn", seats, "amountMinor", "feeMinor", "returnedMinor", "taxMinor"
       from (
         select seat.show_id as "showId", seat.price_code as "priceCode",
             (booking.confirmed_at at time zone venue.time_zone)::date as sold_on,
             case when given.seat_id is not null then
               (coalesce(refund.created_at, booking.ended_at, booking.confirmed_at) at time zone venue.time_zone)::date
             end as returned_on,
             count(*)::integer as seats,
             sum(seat.amount_minor)::float8 as "amountMinor", sum(seat.fee_minor)::float8 as "feeMinor",
             coalesce(sum(given.amount_minor + given.fee_minor), 0)::float8 as "returnedMinor",
             -- Of what is kept of a seat.
             sum(case when given.seat_id is null then seat.tax_minor else coalesce(round(seat.tax_minor
               * (seat.amount_minor + seat.fee_minor - given.amount_minor - given.fee_minor)::numeric
               / nullif(seat.amount_minor + seat.fee_minor, 0)), 0) end)::float8 as "taxMinor"
           from bookings booking
           join shows show on show.show_id = booking.show_id
           join halls hall on hall.hall_id = show.hall_id
           join venues venue on venue.venue_id = hall.venue_id
           join booking_seats seat on seat.show_id = booking.show_id and seat.booking_id = booking.booking_id
           left join refund_seats given on given.show_id = seat.show_id and given.booking_id = seat.booking_id
             and given.seat_id = seat.seat_id
           left join refunds refund on refund.show_id = given.show_id and refund.refund_id = given.refund_id
           where booking.show_id = any($1) and booking.status in ('ticketed', 'refunded') and not booking.is_comp
           group by 1, 2, 3, 4
       ) grouped`,
    values: [showIds],
  });
  return rows;
}
