import type { OpenStretch } from "./open-stretch.ts";
import type { Place } from "./place-row.ts";

/** Who sits together: `seats` counts everybody, also those in a wheelchair and their companions. */
export type Party = { seats: number; accessible: number; companions: number };

/** Seats side by side in one row, with no aisle between them: `seats` of the stretch from `start` on. */
export type Block = {
  stretch: OpenStretch;
  start: number;
  seats: number;
  /** Free seats beside it that would be left alone: 0, 1 or 2. */
  stranded: number;
  priceMinor: number;
  middle: Place;
};

/**
 * Every block of a stretch that a party can have. Places for wheelchairs are given to just as many as asked for them, companions'
 * seats to no more than that. Takes as many steps as the stretch has seats.
 */
export function findBlocks(stretch: OpenStretch, party: Party): Block[] {
  const blocks: Block[] = [];
  for (let start = 0; start + party.seats <= stretch.seats.length; start += 1) {
    if (fits(stretch, start, party)) blocks.push(blockAt(stretch, start, party.seats));
  }
  return blocks;
}

function fits(stretch: OpenStretch, start: number, party: Party): boolean {
  const within = (sums: number[]) => sumOf(sums, start, party.seats);
  return (
    within(stretch.closed) === 0 &&
    within(stretch.accessible) === party.accessible &&
    within(stretch.companions) <= party.companions
  );
}

function blockAt(stretch: OpenStretch, start: number, seats: number): Block {
  const [first, last] = [stretch.seats[start], stretch.seats[start + seats - 1]];
  const left = stretch.freeUpTo[start - 1] ?? 0;
  const right = stretch.freeFrom[start + seats] ?? 0;
  // What lies in the distance between two groups is lost to everybody; beyond it one seat may be left.
  const isStranding = (beside: number) => (beside - stretch.distanceSeats === 1 ? 1 : 0);
  return {
    ...{ stretch, start, seats },
    stranded: isStranding(left) + isStranding(right),
    priceMinor: sumOf(stretch.priceMinor, start, seats),
    middle: {
      x: ((first?.x ?? 0) + (last?.x ?? 0)) / 2,
      y: ((first?.y ?? 0) + (last?.y ?? 0)) / 2,
    },
  };
}

function sumOf(sums: number[], start: number, count: number): number {
  return (sums[start + count] ?? 0) - (sums[start] ?? 0);
}
