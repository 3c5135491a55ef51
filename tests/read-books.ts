import { controlSandbox } from "../local/stripe-sandbox/control-sandbox.ts";
import type { System } from "./system.ts";

/**
 * How each seat of a show and the money behind it stand, by seat: in the database and at the provider, which must agree.
 * `sold`: one live ticket, its price captured once and kept. `free`: on sale, and no money set aside or kept for it. Anything
 * else is told as it is.
 */
export async function readBooks(system: System, showId: string): Promise<Record<string, string>> {
  const { intents } = await controlSandbox(system.addresses.stripe).ledger();
  const { rows } = await system.database.pool.query<Seat>(
    `select seat.seat_id as "seatId", seat.status, seat.booking_id as "bookingId", booking.status as "bookingStatus",
       price.amount_minor::integer + price.fee_minor::integer as "priceMinor",
       (select count(*)::integer from tickets
          where show_id = $1 and seat_id = seat.seat_id and status = 'live' and booking_id = seat.booking_id) as tickets,
       (select coalesce(array_agg(booking_id), '{}') from booking_seats
          where show_id = $1 and seat_id = seat.seat_id) as bookings
     from show_seats seat
     join show_prices price on price.show_id = seat.show_id and price.price_code = seat.price_code
     left join bookings booking on booking.show_id = seat.show_id and booking.booking_id = seat.booking_id
     where seat.show_id = $1`,
    [showId],
  );
  return Object.fromEntries(
    rows.map((seat) => {
      const own = intents.filter(({ metadata }) =>
        seat.bookings.includes(metadata["booking"] ?? ""),
      );
      return [seat.seatId, endingOf(seat, moneyOf(own))];
    }),
  );
}

type Seat = {
  seatId: string;
  status: string;
  bookingId: string | null;
  bookingStatus: string | null;
  priceMinor: number;
  tickets: number;
  bookings: string[];
};

type Money = { authorisedMinor: number; keptMinor: number };

function moneyOf(
  intents: { authorisedMinor: number; capturedMinor: number; refundedMinor: number }[],
): Money {
  return {
    authorisedMinor: intents.reduce((sum, intent) => sum + intent.authorisedMinor, 0),
    keptMinor: intents.reduce((sum, { capturedMinor, refundedMinor }) => {
      return sum + capturedMinor - refundedMinor;
    }, 0),
  };
}

/** Each booking of these tests has one seat. */
function endingOf(seat: Seat, { authorisedMinor, keptMinor }: Money): string {
  const { status, bookingStatus, tickets, priceMinor } = seat;
  const isSold = status === "booked" && bookingStatus === "ticketed" && tickets === 1;
  if (isSold && authorisedMinor === 0 && keptMinor === priceMinor) return "sold";
  if (status === "available" && authorisedMinor === 0 && keptMinor === 0) return "free";
  return JSON.stringify({ status, bookingStatus, tickets, authorisedMinor, keptMinor });
}
