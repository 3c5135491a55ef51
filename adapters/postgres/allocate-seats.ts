import type { SeatRule } from "../../domain/plan-allocation.ts";
import type { SeatNews } from "../../domain/seat-news.ts";
import { onlyRow } from "./only-row.ts";
import type { Queryable } from "./pool.ts";

export type Allocated = {
  /** Those that have changed. Live maps want to know. */
  seats: SeatNews[];
  /** Held or sold, and left as they are. */
  takenSeatIds: string[];
};

/** Blocks seats of a show, or puts them into a channel, or takes them out of both (`allocate_seats` in schema.sql). Repeating it changes nothing. */
export async function allocateSeats(
  db: Queryable,
  showId: string,
  rules: readonly SeatRule[],
): Promise<Allocated> {
  const { rows } = await db.query<{ allocated: { seats: SeatNews[]; taken: string[] } }>({
    name: "allocate_seats",
    text: "select allocate_seats($1, $2, $3, $4) as allocated",
    values: [
      showId,
      rules.map(({ seatId }) => seatId),
      rules.map(({ isBlocked }) => isBlocked),
      rules.map(({ channel }) => channel),
    ],
  });
  const { seats, taken } = onlyRow(rows).allocated;
  return { seats, takenSeatIds: taken };
}

/** The seats of a show that are blocked or of a channel, in the order of their ids. */
export async function listSeatRules(db: Queryable, showId: string): Promise<SeatRule[]> {
  const { rows } = await db.query<SeatRule>(
    `select seat_id as "seatId", status = 'blocked' as "isBlocked", channel
     from show_seats
     where show_id = $1 and (status = 'blocked' or channel is not null)
     order by seat_id`,
    [showId],
  );
  return rows;
}
