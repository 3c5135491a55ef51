import type { Seating } from "./read-seating.ts";

/** Two seats are neighbours when they are of one stretch and their places follow each other. */
export type StretchPlace = { seatId: string; stretch: number; place: number };

export const seatsApartMax = 10;

/** Every seat of a layout in its stretch: neighbours without an aisle between them. */
export function placesOf({ sections }: Seating): StretchPlace[] {
  return sections
    .flatMap(({ rows }) => rows.flat())
    .flatMap((stretch, index) =>
      stretch.map(({ id }, place) => ({ seatId: id, stretch: index, place })),
    );
}

/** The seats that must stay empty, or be of the same booking, when a booking has these. */
export function nearSeats(seating: Seating, seatIds: readonly string[], apart: number): string[] {
  const own = new Set(seatIds);
  const near = seating.sections
    .flatMap(({ rows }) => rows.flat())
    .flatMap((stretch) =>
      stretch.filter((_, place) =>
        stretch.slice(Math.max(0, place - apart), place + apart + 1).some(({ id }) => own.has(id)),
      ),
    );
  return near.flatMap(({ id }) => (own.has(id) ? [] : [id]));
}
