import type { Queryable } from "./pool.ts";
import { beforeFirst } from "./show-changes.ts";

/** A seat that was sold or given, and what has come back of it. Money is in minor units. */
export type SaleLine = {
  bookingId: string;
  seatId: string;
  priceCode: string;
  isComp: boolean;
  amountMinor: number;
  feeMinor: number;
  taxMinor: number;
  currency: string;
  promoCode: string | null;
  channel: string | null;
  soldAtMs: number;
  /** null: it was not given back. */
  returnedMinor: number | null;
  returnedAtMs: number | null;
};

/** A page of what was sold of a show, by booking and seat, behind `after`. */
export async function listSaleLines(
  db: Queryable,
  page: { showId: string; after: Pick<SaleLine, "bookingId" | "seatId"> | null; limit: number },
): Promise<SaleLine[]> {
  const { rows } = await db.query<SaleLine>({
    name: "sale_lines",
    text: `select seat.booking_id as "bookingId", seat.seat_id as "seatId", seat.price_code as "priceCode",
         booking.is_comp as "isComp", seat.amount_minor::float8 as "amountMinor", seat.fee_minor::float8 as "feeMinor",
         seat.tax_minor::float8 as "taxMinor", booking.currency, booking.promo_code as "promoCode", booking.channel,
         floor(extract(epoch from booking.confirmed_at) * 1000)::float8 as "soldAtMs",
         (given.amount_minor + given.fee_minor)::float8 as "returnedMinor",
         case when given.seat_id is not null then
           floor(extract(epoch from coalesce(refund.created_at, booking.ended_at)) * 1000)::float8 end as "returnedAtMs"
       from booking_seats seat
       join bookings booking on booking.show_id = seat.show_id and booking.booking_id = seat.booking_id
       left join refund_seats given on given.show_id = seat.show_id and given.booking_id = seat.booking_id
         and given.seat_id = seat.seat_id
       left join refunds refund on refund.show_id = given.show_id and refund.refund_id = given.refund_id
       where seat.show_id = $1 and (seat.booking_id, seat.seat_id) > ($2, $3)
         and booking.status in ('ticketed', 'refunded')
       order by seat.booking_id, seat.seat_id
       limit $4`,
    values: [
      page.showId,
      page.after?.bookingId ?? beforeFirst,
      page.after?.seatId ?? "",
      page.limit,
    ],
  });
  return rows;
}
