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
  const ordinary = free.map((isFree, at) => isFree && isOrdinary(seats[at]));
  const prices = seats.map((seat) => offer.priceOf(seat));
  return {
    seats,
    distanceSeats: offer.distanceSeats,
    closed: running(free.map((isFree, at) => (isFree && prices[at] !== undefined ? 0 : 1))),
    accessible: running(seats.map(({ accessible }) => (accessible === true ? 1 : 0))),
    companions: running(seats.map((seat) => (isCompanion(seat) ? 1 : 0))),
    priceMinor: running(prices.map((price) => price ?? 0)),
    freeUpTo: runLengths(ordinary),
    freeFrom: runLengths(ordinary.toReversed()).toReversed(),
  };
}

/** A place for a wheelchair that is marked as a companion's too is one for a wheelchair. */
export function isCompanion(seat: PlacedSeat): boolean {
  return seat.companion === true && seat.accessible !== true;
}

function isOrdinary(seat: PlacedSeat | undefined): boolean {
  return seat !== undefined && seat.accessible !== true && seat.companion !== true;
}

/** Available, and far enough from everybody who sits, or will sit, in this stretch. */
function freeOf(seats: PlacedSeat[], { statusOf, distanceSeats }: SeatOffer): boolean[] {
  const statuses = seats.map(statusOf);
  const isTaken = statuses.map((status) => status === "held" || status === "booked");
  const sinceTaken = sinceLast(isTaken);
  const untilTaken = sinceLast(isTaken.toReversed()).toReversed();
  return statuses.map(
    (status, at) =>
      status === "available" && Math.min(sinceTaken[at] ?? 0, untilTaken[at] ?? 0) > distanceSeats,
  );
}

/** How many steps back the last true is; infinitely many before the first. */
function sinceLast(marks: boolean[]): number[] {
  let steps = Infinity;
  return marks.map((mark) => (steps = mark ? 0 : steps + 1));
}

/** Sums of the first n, from n = 0. */
function running(values: number[]): number[] {
  let sum = 0;
  return [0, ...values.map((value) => (sum += value))];
}

function runLengths(marks: boolean[]): number[] {
  let length = 0;
  return marks.map((mark) => (length = mark ? length + 1 : 0));
}
