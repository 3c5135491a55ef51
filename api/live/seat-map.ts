import { seatStatuses } from "../../domain/booking.ts";
import type { SeatStatus } from "../../domain/booking.ts";
import type { SeatNews } from "../../domain/seat-news.ts";

/** How the seats of one show stand, packed. Places are positions in layout order. */
export type SeatMap = {
  /**
   * Two bits a seat in layout order, the first seat in the lowest bits of the first byte: 0 available, 1 held, 2 booked, 3
   * blocked. A hall of 2,000 seats is 500 bytes.
   */
  readonly bitmap: Uint8Array<ArrayBuffer>;
  readonly versions: Int32Array<ArrayBuffer>;
  statusAt(position: number): SeatStatus;
  /** How many seats are free or held. */
  unsoldCount(): number;
  /** Takes what is newer, in whatever order it comes and however often. Returns the positions that look different now. */
  take(news: readonly SeatNews[], nowMs: number): number[];
  /** Shows seats as available whose hold and grace are over. Returns their positions. */
  expire(nowMs: number): number[];
};

/**
 * Past hold and grace the hold statement takes a seat over, so it is on sale, whoever still stands in its row. Not before: a
 * buyer who is shown a free seat in the grace would be refused.
 */
export function createSeatMap(positions: ReadonlyMap<string, number>, graceMs: number): SeatMap {
  const size = positions.size;
  const bitmap = new Uint8Array(Math.ceil(size / 4));
  // Nothing is known of a seat with version -1; a seat of the drawing that the show does not sell stays so.
  const versions = new Int32Array(size).fill(-1);
  // When a held seat becomes, or has become, available by itself; never for all others.
  const expiries = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
  let nextExpiryMs = Number.POSITIVE_INFINITY;
  for (let position = 0; position < size; position += 1) show(position, "blocked");

  function show(position: number, status: SeatStatus): void {
    const byte = position >> 2;
    const shift = (position & 3) * 2;
    bitmap[byte] = ((bitmap[byte] ?? 0) & ~(3 << shift)) | (bitsOf[status] << shift);
  }

  function statusAt(position: number): SeatStatus {
    const bits = ((bitmap[position >> 2] ?? 0) >> ((position & 3) * 2)) & 3;
    return seatStatuses[bits] ?? "blocked";
  }

  /** False when the news changes nothing that can be seen. */
  function takeOne(position: number, { status, version, heldUntilMs }: SeatNews, nowMs: number) {
    const known = versions[position] ?? 0;
    const expiryMs = heldUntilMs === null ? Number.POSITIVE_INFINITY : heldUntilMs + graceMs;
    if (version < known) return false;
    // Within a version only a hold's end moves, and only to later.
    if (version === known && expiryMs <= (expiries[position] ?? 0)) return false;
    const before = statusAt(position);
    const isOver = expiryMs <= nowMs;
    const after = isOver ? "available" : status;
    versions[position] = version;
    // Kept when it is over too: a hold that nobody has taken over may still be extended.
    expiries[position] = expiryMs;
    if (!isOver) nextExpiryMs = Math.min(nextExpiryMs, expiryMs);
    show(position, after);
    return version !== known || after !== before;
  }

  return {
    bitmap,
    versions,
    statusAt,
    unsoldCount: () => countUnsold(bitmap, size),
    take(news, nowMs) {
      const changed: number[] = [];
      for (const seat of news) {
        const position = positions.get(seat.seatId);
        if (position !== undefined && takeOne(position, seat, nowMs)) changed.push(position);
      }
      return changed;
    },
    expire(nowMs) {
      if (nowMs < nextExpiryMs) return [];
      const expired: number[] = [];
      nextExpiryMs = Number.POSITIVE_INFINITY;
      expiries.forEach((expiryMs, position) => {
        if (expiryMs > nowMs) {
          nextExpiryMs = Math.min(nextExpiryMs, expiryMs);
        } else if (statusAt(position) === "held") {
          show(position, "available");
          expired.push(position);
        }
      });
      return expired;
    },
  };
}

function countUnsold(bitmap: Uint8Array, size: number): number {
  let count = 0;
  for (let position = 0; position < size; position += 1) {
    // Available is 0, held is 1: the higher bit says whether the seat is gone.
    if (((bitmap[position >> 2] ?? 0) & (2 << ((position & 3) * 2))) === 0) count += 1;
  }
  return count;
}

/** A status is its place in the list of statuses. */
const bitsOf = { available: 0, held: 1, booked: 2, blocked: 3 } as const satisfies Record<
  SeatStatus,
  number
>;
