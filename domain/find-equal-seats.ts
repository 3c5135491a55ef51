import type { Layout, LayoutSeat } from "./layout.ts";

/**
 * Groups of free seats that are worth the same as these: as many of each price, side by side in one row, and accessible ones only
 * for who had accessible ones. Nearest to the old seats first, at most `groupsMax`. Empty when the layout knows an old seat no more.
 */
export function findEqualSeats(
  layout: Layout,
  seatIds: string[],
  isFree: (seatId: string) => boolean,
  groupsMax = 5,
): string[][] {
  const old = layout.seats.filter(({ id }) => seatIds.includes(id));
  if (old.length !== seatIds.length) return [];
  const worth = worthOf(old);
  const center = centerOf(old);
  return rowsOf(layout)
    .flatMap((row) => neighbours(row, old.length))
    .filter((group) => worthOf(group) === worth && group.every(({ id }) => isFree(id)))
    .map((group) => ({ group, distance: distanceBetween(centerOf(group), center) }))
    .toSorted((one, other) => one.distance - other.distance)
    .slice(0, groupsMax)
    .map(({ group }) => group.map(({ id }) => id));
}

function rowsOf({ seats }: Layout): LayoutSeat[][] {
  const rows = Map.groupBy(seats, ({ section, row }) => `${section}\n${row}`);
  return [...rows.values()].map((row) => row.toSorted((one, other) => one.number - other.number));
}

/** Every run of `count` seats with consecutive numbers: a gap in the numbers is an aisle, or a seat that is not there. */
function neighbours(row: LayoutSeat[], count: number): LayoutSeat[][] {
  return row
    .map((_, start) => row.slice(start, start + count))
    .filter((group) => (group.at(-1)?.number ?? 0) - (group[0]?.number ?? 0) === count - 1);
}

function worthOf(seats: LayoutSeat[]): string {
  return seats
    .map(({ priceCode, accessible }) => `${priceCode}${accessible === true ? "+" : ""}`)
    .toSorted()
    .join();
}

type Point = { x: number; y: number };

function centerOf(seats: LayoutSeat[]): Point {
  const sum = (pick: (seat: LayoutSeat) => number) =>
    seats.reduce((total, seat) => total + pick(seat), 0);
  return { x: sum(({ x }) => x) / seats.length, y: sum(({ y }) => y) / seats.length };
}

function distanceBetween(one: Point, other: Point): number {
  return Math.hypot(one.x - other.x, one.y - other.y);
}
