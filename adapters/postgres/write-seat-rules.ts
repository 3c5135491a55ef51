import type { SeatNews } from "../../domain/seat-news.ts";
import { allocateSeats, listSeatRules } from "./allocate-seats.ts";
import type { PlannedShow } from "./plan-shows.ts";
import type { Queryable } from "./pool.ts";
import type { ShowBefore } from "./write-shows.ts";

export type WrittenSeatRules = {
  seatsChanged: number;
  /** Seats that are held or sold and were left as they are, by show. */
  taken: { label: string; seatIds: string[] }[];
  /** What live maps of shows that were there before want to know once it is committed. */
  news: { showId: string; seats: SeatNews[] }[];
};

/**
 * Brings the seats of shows to what a file says of them: blocked, of a channel, or everybody's. Where a file says what it said the
 * last time, seats are left as they are, so that what was decided since then, seat by seat, stays.
 */
export async function writeSeatRules(
  db: Queryable,
  shows: readonly PlannedShow[],
  stored: ReadonlyMap<string, ShowBefore>,
): Promise<WrittenSeatRules> {
  const written: WrittenSeatRules = { seatsChanged: 0, taken: [], news: [] };
  for (const { showId, layoutHash, label, allocation } of shows) {
    const before = stored.get(showId);
    const isAsBefore = (before?.seatRules ?? null) === allocation.hash;
    if (isAsBefore && (before === undefined || before.layoutHash === layoutHash)) continue;
    const named = new Set(allocation.rules.map(({ seatId }) => seatId));
    const dropped = (await listSeatRules(db, showId))
      .filter(({ seatId }) => !named.has(seatId))
      .map(({ seatId }) => ({ seatId, isBlocked: false, channel: null }));
    const allocated = await allocateSeats(db, showId, [...allocation.rules, ...dropped]);
    await db.query("update shows set seat_rules = $2 where show_id = $1", [
      showId,
      allocation.hash,
    ]);
    const { seats, takenSeatIds } = allocated;
    written.seatsChanged += seats.length;
    if (takenSeatIds.length > 0) written.taken.push({ label, seatIds: takenSeatIds });
    if (before !== undefined) written.news.push({ showId, seats });
  }
  return written;
}
