import type { SeatStatus } from "../../domain/booking.ts";

/** Two bits a seat in layout order, the first seat in the lowest bits of the first byte. A hall of 2,000 seats is 500 bytes. */
export function seatBitmap(seats: readonly { status: SeatStatus }[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(Math.ceil(seats.length / 4));
  seats.forEach(({ status }, index) => {
    const byte = index >> 2;
    bytes[byte] = (bytes[byte] ?? 0) | (seatStatusBits[status] << ((index & 3) * 2));
  });
  return bytes;
}

const seatStatusBits = {
  available: 0,
  held: 1,
  booked: 2,
  blocked: 3,
} as const satisfies Record<SeatStatus, number>;
