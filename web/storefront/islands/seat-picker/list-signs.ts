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

/** Above its first row, in the middle. */
function signOfSection({ layout }: Hall, { name, rows }: Section): Sign {
  let [top, left, right] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0];
  for (const row of rows) {
    for (const position of row.seats) {
      const seat = layout.seats[position];
      if (seat === undefined) continue;
      top = Math.min(top, seat.y);
      left = Math.min(left, seat.x);
      right = Math.max(right, seat.x);
    }
  }
  return { of: "section", text: name, x: (left + right) / 2, y: top - 0.9, room: right - left };
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
