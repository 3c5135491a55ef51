import { allocateSeats } from "../adapters/postgres/allocate-seats.ts";
import { getLayout } from "../adapters/postgres/catalogue.ts";
import { hashChannelCode } from "../adapters/postgres/hash-channel-code.ts";
import type { Queryable } from "../adapters/postgres/pool.ts";
import { readSeating } from "../domain/read-seating.ts";
import { stretchSeatsOf } from "../domain/seats-apart.ts";

/** Puts seats of a show into a channel. Times are seconds from now; without a code they are held back. */
export async function plantChannel(
  db: Queryable,
  showId: string,
  plan: { channel: string; seatIds: string[]; code?: string; opensIn?: number; closesIn?: number },
): Promise<void> {
  const { channel, seatIds, code, opensIn = null, closesIn = null } = plan;
  await db.query(
    `insert into show_channels (show_id, channel, name, code_hash, opens_at, closes_at)
     values ($1, $2, $2, $3, now() + make_interval(secs => $4), now() + make_interval(secs => $5))`,
    [
      showId,
      channel,
      code === undefined ? null : hashChannelCode(showId, channel, code),
      opensIn,
      closesIn,
    ],
  );
  const rules = seatIds.map((seatId) => ({ seatId, isBlocked: false, channel }));
  await allocateSeats(db, showId, rules);
}

/** From now on a show keeps a distance between bookings. */
export async function keepApart(db: Queryable, showId: string, seatsApart: number): Promise<void> {
  const { rows } = await db.query<{ layoutHash: string }>(
    `update shows set seats_apart = $2 where show_id = $1 returning layout_hash as "layoutHash"`,
    [showId, seatsApart],
  );
  const layoutHash = rows[0]?.layoutHash ?? "";
  const layout = await getLayout(db, layoutHash);
  if (layout === undefined) throw new Error(`There is no layout ${layoutHash}`);
  await db.query(
    `insert into layout_stretches (layout_hash, seat_id, stretch, nth)
     select $1, "seatId", stretch, nth
       from jsonb_to_recordset($2::jsonb) as item ("seatId" text, stretch integer, nth integer)
     on conflict do nothing`,
    [layoutHash, JSON.stringify(stretchSeatsOf(readSeating(layout)))],
  );
}

/** Pairs of seats that two bookings have nearer to each other than the show allows; of a show of `plantShow`. */
export async function findTooClose(db: Queryable, showId: string): Promise<string[]> {
  const { rows } = await db.query<{ pair: string }>(
    `select one.seat_id || ' ' || other.seat_id as pair
     from shows show
     join layout_stretches place on place.layout_hash = show.layout_hash
     join show_seats one on one.show_id = $1 and one.seat_id = place.seat_id
     join layout_stretches beside on beside.layout_hash = show.layout_hash and beside.stretch = place.stretch
       and beside.nth - place.nth between 1 and show.seats_apart
     join show_seats other on other.show_id = $1 and other.seat_id = beside.seat_id
     where show.show_id = $1 and one.booking_id <> other.booking_id`,
    [showId],
  );
  return rows.map(({ pair }) => pair);
}
