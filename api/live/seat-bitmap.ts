import { seatStatuses } from "../../domain/booking.ts";
import type { SeatStatus } from "../../domain/booking.ts";

/**
 * Two bits a seat in layout order, the first seat in the lowest bits of the first byte: 0 available, 1 held, 2 booked, 3
 * blocked. A hall of 2,000 seats is 500 bytes.
 */
export type SeatBitmap = {
  readonly bytes: Uint8Array<ArrayBuffer>;
  statusAt(position: number): SeatStatus;
  show(position: number, status: SeatStatus): void;
};

export function createSeatBitmap(
  size: number,
  statusOf: (position: number) => SeatStatus,
): SeatBitmap {
  const bytes = new Uint8Array(Math.ceil(size / 4));

  function show(position: number, status: SeatStatus): void {
    const byte = position >> 2;
    const shift = (position & 3) * 2;
    bytes[byte] = ((bytes[byte] ?? 0) & ~(3 << shift)) | (bitsOf[status] << shift);
  }

  for (let position = 0; position < size; position += 1) show(position, statusOf(position));
  return {
    bytes,
    statusAt(position) {
      const bits = ((bytes[position >> 2] ?? 0) >> ((position & 3) * 2)) & 3;
      return seatStatuses[bits] ?? "blocked";
    },
    show,
  };
}

/** Seats that are not sold. */
export type UnsoldSeats = { free: number; held: number };

export function countUnsold(bytes: Uint8Array, size: number): UnsoldSeats {
  let [free, held] = [0, 0];
  for (let position = 0; position < size; position += 1) {
    const bits = ((bytes[position >> 2] ?? 0) >> ((position & 3) * 2)) & 3;
    if (bits === bitsOf.available) free += 1;
    if (bits === bitsOf.held) held += 1;
  }
  return { free, held };
}

/** A status is its place in the list of statuses. */
const bitsOf = { available: 0, held: 1, booked: 2, blocked: 3 } as const satisfies Record<
  SeatStatus,
  number
>;
