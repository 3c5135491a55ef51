import type { Seating } from "./read-seating.ts";

/** Neighbours are of one stretch, the n-th and the one after it. */
export type StretchSeat = { seatId: string; stretch: number; nth: number };

export const seatsApartMax = 10;

/** Every seat of a layout in its stretch: neighbours without an aisle between them. */
export function stretchSeatsOf({ sections }: Seating): StretchSeat[] {
  return sections
    .flatMap(({ rows }) => rows.flat())
    .flatMap((stretch, index) =>
      stretch.map(({ id }, nth) => ({ seatId: id, stretch: index, nth })),
    );
}

/** The seats that must stay empty, or be of the same booking, when a booking has these. */
export function nearSeats(seating: Seating, seatIds: readonly string[], apart: number): string[] {
  const own = new Set(seatIds);
  const near = seating.sections
    .flatMap(({ rows }) => rows.flat())
    .flatMap((stretch) =>
      stretch.filter((_, nth) =>
        stretch.slice(Math.max(0, nth - apart), nth + apart + 1).some(({ id }) => own.has(id)),
      ),
    );
  return near.flatMap(({ id }) => (own.has(id) ? [] : [id]));
}
