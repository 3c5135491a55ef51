import type { Row } from "./hall.ts";

export type Spot = { row: number; seat: number };

/** Where a key leads in rows of seats; undefined: it is none of ours. Up and down keep to the same side of the hall. */
export function stepInRows(
  rows: readonly Row[],
  { row, seat }: Spot,
  key: string,
  xOf: (position: number) => number,
): Spot | undefined {
  const seats = rows[row]?.seats ?? [];
  const last = seats.length - 1;
  if (key === "ArrowLeft") return { row, seat: Math.max(0, seat - 1) };
  if (key === "ArrowRight") return { row, seat: Math.min(last, seat + 1) };
  if (key === "Home") return { row, seat: 0 };
  if (key === "End") return { row, seat: last };
  if (key !== "ArrowUp" && key !== "ArrowDown") return undefined;
  const next = row + (key === "ArrowUp" ? -1 : 1);
  const others = rows[next]?.seats;
  if (others === undefined) return { row, seat };
  const from = xOf(seats[seat] ?? 0);
  return { row: next, seat: nearestTo(others.map(xOf), from) };
}

function nearestTo(values: readonly number[], wanted: number): number {
  const distances = values.map((value) => Math.abs(value - wanted));
  return distances.indexOf(Math.min(...distances));
}
