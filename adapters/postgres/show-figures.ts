import type { SalesGroup, SeatGroup } from "../../domain/show-figures.ts";
import type { Queryable } from "./pool.ts";

/** The seats of a show by what they are, one row for those that are alike: a pass over its seats, and over its gifts. */
export async function listSeatGroups(db: Queryable, showId: string): Promise<SeatGroup[]> {
  const { rows } = await db.query<Omit<SeatGroup, "seatIds"> & { seatIds: string }>({
    name: "seat_groups",
    // Joined, twenty thousand ids come as a handful of strings and not as rows: a tenth of the time.
    text: `select seat.status, gift.booking_id is not null as "isComp", seat.price_code as "priceCode", seat.channel,
         string_agg(seat.seat_id, ' ' order by seat.seat_id) as "seatIds"
       from show_seats seat
       left join bookings gift on gift.show_id = seat.show_id and gift.booking_id = seat.booking_id and gift.is_comp
       where seat.show_id = $1
       group by 1, 2, 3, 4`,
    values: [showId],
  });
  return rows.map(({ seatIds, ...group }) => ({ ...group, seatIds: seatIds.split(" ") }));
}

/**
 * What was sold of a show and what of it went back, one row for seats of one price, sold on one day and given back on one day, on the
 * venue's calendar: a pass over its bookings. What bought nothing, and is on its way back, is no sale.
 */
export async function listSalesGroups(
  db: Queryable,
  { showId, timeZone }: { showId: string; timeZone: string },
): Promise<SalesGroup[]> {
  const { rows } = await db.query<SalesGroup>({
    name: "sales_groups",
    text: `select "priceCode", to_char(sold_on, 'YYYY-MM-DD') as "soldOn", to_char(returned_on, 'YYYY-MM-DD') as "returnedOn",
         seats, "amountMinor", "feeMinor", "returnedMinor", "taxMinor"
       from (
         select seat.price_code as "priceCode", (booking.confirmed_at at time zone $2)::date as sold_on,
             case when given.seat_id is not null then
               (coalesce(refund.created_at, booking.ended_at, booking.confirmed_at) at time zone $2)::date end as returned_on,
             count(*)::integer as seats,
             sum(seat.amount_minor)::float8 as "amountMinor", sum(seat.fee_minor)::float8 as "feeMinor",
             coalesce(sum(given.amount_minor + given.fee_minor), 0)::float8 as "returnedMinor",
             -- Of what is kept of a seat.
             sum(case when given.seat_id is null then seat.tax_minor else coalesce(round(seat.tax_minor
               * (seat.amount_minor + seat.fee_minor - given.amount_minor - given.fee_minor)::numeric
               / nullif(seat.amount_minor + seat.fee_minor, 0)), 0) end)::float8 as "taxMinor"
           from bookings booking
           join booking_seats seat on seat.show_id = booking.show_id and seat.booking_id = booking.booking_id
           left join refund_seats given on given.show_id = seat.show_id and given.booking_id = seat.booking_id
             and given.seat_id = seat.seat_id
           left join refunds refund on refund.show_id = given.show_id and refund.refund_id = given.refund_id
           where booking.show_id = $1 and booking.status in ('ticketed', 'refunded') and not booking.is_comp
           group by 1, 2, 3
       ) grouped`,
    values: [showId, timeZone],
  });
  return rows;
}
