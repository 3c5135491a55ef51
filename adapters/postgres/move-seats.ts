import type { ErrorCode } from "../../domain/errors.ts";
import type { TellSeats } from "../../domain/seat-news.ts";
import { callWithNews } from "./call-with-news.ts";
import type { BookingKey } from "./holds.ts";
import type { Queryable } from "./pool.ts";

export type SeatMove = { fromSeatId: string; toSeatId: string };

/** `isRepeated`: it had been done before. */
export type MoveOutcome =
  | { outcome: "moved"; isRepeated: boolean }
  | { outcome: "refused"; code: ErrorCode; seatIds: string[] };

/** Moves live tickets of a booking to free seats, all of them or none (`move_seats` in schema.sql). Repeating it changes nothing. */
export async function moveSeats(
  db: Queryable,
  { showId, bookingId, moves }: BookingKey & { moves: SeatMove[] },
  tell?: TellSeats,
): Promise<MoveOutcome> {
  return callWithNews(
    db,
    {
      name: "move_seats",
      text: "select move_seats_with_news($1, $2, $3, $4) as told",
      values: [
        ...([showId, bookingId] as const),
        moves.map(({ fromSeatId }) => fromSeatId),
        moves.map(({ toSeatId }) => toSeatId),
      ],
    },
    tell,
    bookingId,
  );
}

/** What seats of a show cost by its list, fees included, in minor units. */
export async function listSeatPrices(
  db: Queryable,
  showId: string,
  seatIds: string[],
): Promise<Map<string, number>> {
  const { rows } = await db.query<{ seatId: string; totalMinor: number }>(
    `select seat.seat_id as "seatId", (price.amount_minor + price.fee_minor)::float8 as "totalMinor"
     from show_seats seat
     join show_prices price on price.show_id = seat.show_id and price.price_code = seat.price_code
     where seat.show_id = $1 and seat.seat_id = any($2)`,
    [showId, seatIds],
  );
  return new Map(rows.map(({ seatId, totalMinor }) => [seatId, totalMinor]));
}
