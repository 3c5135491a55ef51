import type { SeatStatus } from "../../domain/booking.ts";
import type { SeatNews } from "../../domain/seat-news.ts";
import { createKeptSeats } from "./kept-seats.ts";
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
  /** When the seats of channels become everybody's, in epoch milliseconds. Returns the positions that look different now. */
  setClosings(closings: ReadonlyMap<string, number>, nowMs: number): number[];
  /** Shows seats as available whose hold and grace are over, or whose channel has closed. Returns their positions. */
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
  // When a held seat becomes, or has become, available by itself; never for all others.
  const expiries = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
  let nextExpiryMs = Number.POSITIVE_INFINITY;

  /** False when the news changes nothing that can be seen. */
  function takeOne(position: number, news: SeatNews, nowMs: number) {
    const { status, version, heldUntilMs, channel } = news;
    const known = versions[position] ?? 0;
    if (version < known) return false;
    // Also within a version: the news of it may have come after a newer one that says nothing of channels.
    const isNewChannel = channel !== undefined && kept.setChannel(position, channel);
    // Within a version a hold's end moves only to later.
    const knownMs = version === known ? (expiries[position] ?? 0) : Number.NEGATIVE_INFINITY;
    const endsAtMs = heldUntilMs === null ? Number.POSITIVE_INFINITY : heldUntilMs + graceMs;
    const expiryMs = Math.max(endsAtMs, knownMs);
    if (expiryMs === knownMs && !isNewChannel) return false;

    const before = statusAt(position);
    const isOver = expiryMs <= nowMs;
    versions[position] = version;
    // Kept when it is over too: a hold that nobody has taken over may still be extended.
    expiries[position] = expiryMs;
    if (!isOver) nextExpiryMs = Math.min(nextExpiryMs, expiryMs);
    kept.show(position, isOver ? "available" : status, nowMs);
    return version !== known || isNewChannel || statusAt(position) !== before;
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
    setClosings(closings, nowMs) {
      kept.setClosings(closings);
      return kept.review(nowMs);
    },
    expire(nowMs) {
      const released = kept.isDue(nowMs) ? kept.review(nowMs) : [];
      if (nowMs < nextExpiryMs) return released;
      const expired: number[] = [];
      nextExpiryMs = Number.POSITIVE_INFINITY;
      expiries.forEach((expiryMs, position) => {
        if (expiryMs > nowMs) {
          nextExpiryMs = Math.min(nextExpiryMs, expiryMs);
        } else if (statusAt(position) === "held") {
          kept.show(position, "available", nowMs);
          expired.push(position);
        }
      });
      return [...released, ...expired];
    },
  };
}
