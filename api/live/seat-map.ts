import type { SeatStatus } from "../../domain/booking.ts";
import type { SeatNews } from "../../domain/seat-news.ts";
import { createHoldEnds } from "./hold-ends.ts";
import { createKeptSeats } from "./kept-seats.ts";
import { createOrderLocks } from "./order-locks.ts";
import { createSeatBitmap } from "./seat-bitmap.ts";

/** How the seats of one show stand, packed. Places are positions in layout order. */
export type SeatMap = {
  /** As everybody may see it. */
  readonly bitmap: Uint8Array<ArrayBuffer>;
  readonly versions: Int32Array<ArrayBuffer>;
  statusAt(position: number): SeatStatus;
  /** The channel of a seat that is free, and blocked to everybody else. */
  keptFor(position: number): string | undefined;
  /** Takes what is newer, in whatever order it comes and however often. Returns the positions that look different now. */
  take(news: readonly SeatNews[], nowMs: number): number[];
  /** Shows free seats as held, though there is no hold yet, until then or until their rows are news. Returns their positions. */
  lock(seatIds: readonly string[], untilMs: number): number[];
  /** No hold came of it. Returns the positions that look different now. */
  unlock(seatIds: readonly string[], nowMs: number): number[];
  /** When the seats of channels become everybody's, in epoch milliseconds. Returns the positions that look different now. */
  setClosings(closings: ReadonlyMap<string, number>, nowMs: number): number[];
  /** Shows seats as available whose lock is over, or hold and grace, or whose channel has closed. Returns their positions. */
  expire(nowMs: number): number[];
};

/** Undefined: the seat is not in this map. */
type FindPosition = (seatId: string) => number | undefined;

/**
 * Past hold and grace the hold statement takes a seat over, so it is on sale, whoever still stands in its row. Not before: a
 * buyer who is shown a free seat in the grace would be refused.
 */
export function createSeatMap(size: number, positionOf: FindPosition, graceMs: number): SeatMap {
  // Nothing is known of a seat with version -1; a seat of the drawing that the show does not sell stays so.
  const versions = new Int32Array(size).fill(-1);
  const bitmap = createSeatBitmap(size, () => "blocked");
  const { statusAt } = bitmap;
  const kept = createKeptSeats(bitmap);
  const ends = createHoldEnds(size);
  const locks = createOrderLocks(kept, statusAt);

  /** False when the news changes nothing that can be seen. */
  function takeOne(position: number, news: SeatNews, nowMs: number) {
    const { status, version, heldUntilMs, channel } = news;
    const known = versions[position] ?? 0;
    if (version < known) return false;
    // Within a version a hold's end moves only to later.
    const knownMs = version === known ? ends.of(position) : Number.NEGATIVE_INFINITY;
    const endMs = Math.max((heldUntilMs ?? Number.POSITIVE_INFINITY) + graceMs, knownMs);
    const shown = endMs <= nowMs ? "available" : status;
    const wasLocked = locks.has(position);
    // Also within a version: the news of it may have come after a newer one that says nothing of channels.
    const isNewChannel = channel !== undefined && kept.setChannel(position, channel);
    // As free as it was when an order came for it: that is no news of the order.
    if (version === known && shown === "available" && wasLocked) return false;
    locks.forget(position);
    if (endMs === knownMs && !isNewChannel) return false;

    const before = statusAt(position);
    versions[position] = version;
    // Kept when it is over too: a hold that nobody has taken over may still be extended.
    ends.set(position, endMs, nowMs);
    kept.show(position, shown, nowMs);
    // Watchers were told nothing of the lock.
    return version !== known || isNewChannel || wasLocked || statusAt(position) !== before;
  }

  function positionsOf(seatIds: readonly string[]): number[] {
    return seatIds.map(positionOf).filter((position) => position !== undefined);
  }

  return {
    bitmap: bitmap.bytes,
    ...{ versions, statusAt, keptFor: kept.keptFor },
    take(news, nowMs) {
      const changed: number[] = [];
      for (const seat of news) {
        const position = positionOf(seat.seatId);
        if (position !== undefined && takeOne(position, seat, nowMs)) changed.push(position);
      }
      return changed;
    },
    lock: (seatIds, untilMs) => locks.lock(positionsOf(seatIds), untilMs),
    unlock: (seatIds, nowMs) => locks.unlock(positionsOf(seatIds), nowMs),
    setClosings(closings, nowMs) {
      kept.setClosings(closings);
      return kept.review(nowMs);
    },
    expire(nowMs) {
      const released = locks.expire(nowMs).concat(kept.isDue(nowMs) ? kept.review(nowMs) : []);
      const expired = ends
        .over(nowMs)
        .filter((position) => statusAt(position) === "held" && !locks.has(position));
      for (const position of expired) kept.show(position, "available", nowMs);
      return [...released, ...expired];
    },
  };
}
