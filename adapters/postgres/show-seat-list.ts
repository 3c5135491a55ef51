import type { SeatStatus } from "../../domain/booking.ts";
import type { Queryable } from "./pool.ts";

/** A seat of a show as the organiser sees it. */
export type OrganiserSeat = {
  seatId: string;
  status: SeatStatus;
  channel: string | null;
  priceCode: string;
  bookingId: string | null;
  userId: string | null;
  /** Given away. */
  isComp: boolean;
  /** What was paid for it, fees included; null: nothing is, so far. */
  paidMinor: number | null;
  soldAtMs: number | null;
  heldUntilMs: number | null;
};

const columns = `seat.seat_id as "seatId", seat.status, seat.channel, seat.price_code as "priceCode",
  seat.booking_id as "bookingId", seat.user_id as "userId", coalesce(booking.is_comp, false) as "isComp",
  case when seat.status = 'booked' then (own.amount_minor + own.fee_minor)::float8 end as "paidMinor",
  case when seat.status = 'booked' then floor(extract(epoch from booking.confirmed_at) * 1000)::float8 end as "soldAtMs",
  floor(extract(epoch from seat.held_until) * 1000)::float8 as "heldUntilMs"`;

const tables = `show_seats seat
  left join bookings booking on booking.show_id = seat.show_id and booking.booking_id = seat.booking_id
  left join booking_seats own on own.show_id = seat.show_id and own.booking_id = seat.booking_id and own.seat_id = seat.seat_id`;

/** A page of the seats of a show, in the order of their ids, behind `after`. */
export async function listOrganiserSeats(
  db: Queryable,
  { showId, after, limit }: { showId: string; after: string | null; limit: number },
): Promise<OrganiserSeat[]> {
  const { rows } = await db.query<OrganiserSeat>({
    name: "organiser_seats",
    text: `select ${columns} from ${tables}
       where seat.show_id = $1 and seat.seat_id > $2
       order by seat.seat_id
       limit $3`,
    values: [showId, after ?? "", limit],
  });
  return rows;
}

/** One seat of a show. */
export async function findOrganiserSeat(
  db: Queryable,
  { showId, seatId }: { showId: string; seatId: string },
): Promise<OrganiserSeat | undefined> {
  const { rows } = await db.query<OrganiserSeat>(
    `select ${columns} from ${tables} where seat.show_id = $1 and seat.seat_id = $2`,
    [showId, seatId],
  );
  return rows[0];
}
