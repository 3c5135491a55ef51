import type { ErrorCode } from "../../domain/errors.ts";
import type { TellSeats } from "../../domain/seat-news.ts";
import { callWithNews } from "./call-with-news.ts";
import type { Queryable } from "./pool.ts";

export type SeatKeeping = {
  showId: string;
  seatIds: string[];
  isBlocked: boolean;
  /** null: they are of none. */
  channel: string | null;
  /** Leaves those alone that are held or sold, instead of doing nothing. */
  skipsTaken: boolean;
};

/** `takenSeatIds`: held or sold, and left as they are. */
export type KeepOutcome =
  | { outcome: "kept"; changed: number; takenSeatIds: string[] }
  | { outcome: "refused"; code: ErrorCode; seatIds: string[] };

/** Blocks seats, puts them into a channel, or makes them everybody's (`keep_seats` in schema.sql). Repeating it changes nothing. */
export async function keepSeats(
  db: Queryable,
  { showId, seatIds, isBlocked, channel, skipsTaken }: SeatKeeping,
  tell?: TellSeats,
): Promise<KeepOutcome> {
  return callWithNews(
    db,
    {
      name: "keep_seats",
      text: "select keep_seats($1, $2, $3, $4, $5) as told",
      values: [showId, seatIds, isBlocked, channel, skipsTaken],
    },
    tell,
  );
}

/** The seats of these channels of a show that nobody has, in the order of their ids. */
export async function listSeatsOfChannel(
  db: Queryable,
  showId: string,
  channels: string[],
): Promise<string[]> {
  if (channels.length === 0) return [];
  const { rows } = await db.query<{ seatId: string }>(
    `select seat_id as "seatId" from show_seats
     where show_id = $1 and channel = any($2) and status in ('available', 'blocked')
     order by seat_id`,
    [showId, channels],
  );
  return rows.map(({ seatId }) => seatId);
}
