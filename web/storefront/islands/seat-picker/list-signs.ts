import type { Hall, Row, Section } from "./hall.ts";

/** A name that stands in the hall: where its middle is, in seats. */
export type Sign = { text: string; x: number; y: number } & (
  | { of: "row" }
  /** `room` is how wide its section is. */
  | { of: "section"; room: number }
);

/** The names of all sections and rows. They never change: whoever draws them often looks for them once. */
export function listSigns(hall: Hall): readonly Sign[] {
  return hall.sections.flatMap((section) => [
    signOfSection(hall, section),
    ...section.rows.flatMap((row) => signOfRow(hall, row) ?? []),
  ]);
}

/** Seats on either side of a section's middle that its name stands above. */
const nearMiddle = 3;

/** Above its first row, in the middle. Where rows are bent that is lower than their ends, between which a stage may be. */
function signOfSection({ layout }: Hall, { name, rows }: Section): Sign {
  const seats = rows.flatMap((row) =>
    row.seats.flatMap((position) => layout.seats[position] ?? []),
  );
  let [left, right] = [Number.POSITIVE_INFINITY, 0];
  for (const seat of seats) {
    left = Math.min(left, seat.x);
    right = Math.max(right, seat.x);
  }
  const x = (left + right) / 2;
  const isNear = (seat: { x: number }) => Math.abs(seat.x - x) <= nearMiddle;
  const below = seats.some(isNear) ? seats.filter(isNear) : seats;
  let top = Number.POSITIVE_INFINITY;
  for (const seat of below) top = Math.min(top, seat.y);
  return { of: "section", text: name, x, y: top - 0.9, room: right - left };
}

/** Beside the first seat, on the side where the row has no further one. */
function signOfRow({ layout }: Hall, { name, seats }: Row): Sign | undefined {
  const first = layout.seats[seats[0] ?? -1];
  const second = layout.seats[seats[1] ?? -1] ?? first;
  if (first === undefined || second === undefined) return undefined;
  const [dx, dy] = first === second ? [1, 0] : [second.x - first.x, second.y - first.y];
  const length = Math.hypot(dx, dy) || 1;
  return { of: "row", text: name, x: first.x - dx / length, y: first.y - dy / length };
}
