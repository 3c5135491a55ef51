import type { SeatStatus } from "./booking.ts";
import type { PlacedSeat } from "./read-seating.ts";

/** What there is to choose from. */
export type SeatOffer = {
  statusOf: (seat: PlacedSeat) => SeatStatus;
  /** In minor units; undefined for a seat outside the wanted prices. */
  priceOf: (seat: PlacedSeat) => number | undefined;
  /** How many seats of a row stay empty between two groups. */
  distanceSeats: number;
};

/** Neighbours without an aisle between them, counted so that any block of them is judged in a constant number of steps. */
export type OpenStretch = {
  seats: PlacedSeat[];
  distanceSeats: number;
  /** Among the first n seats, for n from 0: those that cannot be had, those of each kind, and what they cost together. */
  closed: number[];
  accessible: number[];
  companions: number[];
  priceMinor: number[];
  /** How many free ordinary seats lie side by side up to each seat, and from it on; it counts itself. */
  freeUpTo: number[];
  freeFrom: number[];
};

export function openStretch(seats: PlacedSeat[], offer: SeatOffer): OpenStretch {
  const free = freeOf(seats, offer);
  const sums = { closed: [0], accessible: [0], companions: [0], priceMinor: [0] };
  const freeUpTo: number[] = [];
  for (const [at, seat] of seats.entries()) {
    const price = offer.priceOf(seat);
    const isOpen = free[at] === true && price !== undefined;
    sums.closed.push(lastOf(sums.closed) + (isOpen ? 0 : 1));
    sums.accessible.push(lastOf(sums.accessible) + (seat.accessible === true ? 1 : 0));
    sums.companions.push(lastOf(sums.companions) + (isCompanion(seat) ? 1 : 0));
    sums.priceMinor.push(lastOf(sums.priceMinor) + (price ?? 0));
    const isLeft = free[at] === true && isOrdinary(seat);
    freeUpTo.push(isLeft ? lastOf(freeUpTo) + 1 : 0);
  }
  const freeFrom = untilEndOfRun(freeUpTo);
  return { seats, distanceSeats: offer.distanceSeats, ...sums, freeUpTo, freeFrom };
}

function lastOf(counts: number[]): number {
  return counts[counts.length - 1] ?? 0;
}

/** A place for a wheelchair that is marked as a companion's too is one for a wheelchair. */
export function isCompanion(seat: PlacedSeat): boolean {
  return seat.companion === true && seat.accessible !== true;
}

function isOrdinary(seat: PlacedSeat): boolean {
  return seat.accessible !== true && seat.companion !== true;
}

/** Available, and far enough from everybody who sits, or will sit, in this stretch. */
function freeOf(seats: PlacedSeat[], { statusOf, distanceSeats }: SeatOffer): boolean[] {
  const free: boolean[] = [];
  const isTaken: boolean[] = [];
  let last = -Infinity;
  for (const [at, seat] of seats.entries()) {
    const status = statusOf(seat);
    isTaken.push(status === "held" || status === "booked");
    if (isTaken[at] === true) last = at;
    free.push(status === "available" && at - last > distanceSeats);
  }
  let next = Infinity;
  for (let at = seats.length - 1; at >= 0; at -= 1) {
    if (isTaken[at] === true) next = at;
    if (next - at <= distanceSeats) free[at] = false;
  }
  return free;
}

/** Counted from the left, 0 1 2 3 0 1; counted from the right, 0 3 2 1 0 1. */
function untilEndOfRun(fromLeft: number[]): number[] {
  const fromRight = fromLeft.map(() => 0);
  for (let at = fromLeft.length - 1; at >= 0; at -= 1) {
    if (fromLeft[at] !== 0) fromRight[at] = (fromRight[at + 1] ?? 0) + 1;
  }
  return fromRight;
}
