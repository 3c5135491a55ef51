import type { Layout, LayoutSeat } from "./layout.ts";
import type { Place } from "./place-row.ts";

/** A layout as people sit in it. It is worth keeping: it takes a walk through every seat, and a layout never changes. */
export type Seating = {
  stage: Place;
  sections: SeatedSection[];
  /** In layout order. */
  seats: PlacedSeat[];
};

export type SeatedSection = {
  id: string;
  middle: Place;
  /** Front to back. */
  rows: SeatedRow[];
};

/** A row as its aisles cut it: stretches of neighbours. */
export type SeatedRow = PlacedSeat[][];

/** `position` is the place in layout order. */
export type PlacedSeat = LayoutSeat & { position: number };

export function readSeating({ stage, seats: unplaced }: Layout): Seating {
  const seats = unplaced.map((seat, position) => ({ ...seat, position }));
  const sections = [...Map.groupBy(seats, ({ section }) => section)];
  return {
    stage: { x: stage.x + stage.width / 2, y: stage.y + stage.height / 2 },
    sections: sections.map(([id, own]) => seatSection(id, own)),
    seats,
  };
}

function seatSection(id: string, seats: PlacedSeat[]): SeatedSection {
  const rows = [...Map.groupBy(seats, ({ row }) => row).values()].map((row) =>
    row.toSorted((one, other) => one.number - other.number),
  );
  return { id, middle: middleOf(seats), rows: rows.map(cutAtAisles) };
}

// Neighbours are 1 apart, and an aisle makes 2 of it. What lies between is a wider seat.
const neighbourDistanceMax = 1.5;

function cutAtAisles(row: PlacedSeat[]): SeatedRow {
  const stretches: SeatedRow = [];
  for (const [index, seat] of row.entries()) {
    const before = row[index - 1];
    const isNeighbour =
      before !== undefined && distanceBetween(before, seat) <= neighbourDistanceMax;
    if (isNeighbour) stretches.at(-1)?.push(seat);
    else stretches.push([seat]);
  }
  return stretches;
}

function middleOf(seats: PlacedSeat[]): Place {
  let [x, y] = [0, 0];
  for (const seat of seats) {
    x += seat.x / seats.length;
    y += seat.y / seats.length;
  }
  return { x, y };
}

export function distanceBetween(one: Place, other: Place): number {
  return Math.hypot(one.x - other.x, one.y - other.y);
}
