/**
 * What is left of a show, as lists and searches say it. Seats that are merely held count as unsold: most of them come back within
 * minutes, and a show that was "sold out" for ten minutes would lose whoever looked in these.
 */
export const availabilities = ["available", "few", "sold_out"] as const;
export type Availability = (typeof availabilities)[number];

/** `unsold`: those that everybody may buy, held or not. `sold`: of any channel. Blocked seats and those of open channels are in neither. */
export type SeatCounts = { unsold: number; sold: number };

/** The last tenth is few. */
const fewShare = 0.1;
/** So a show that sells out changes its document twenty times, however large it is. */
const percentStep = 5;

export function availabilityOf({ unsold, sold }: SeatCounts): Availability {
  if (unsold === 0) return "sold_out";
  return unsold <= (unsold + sold) * fewShare ? "few" : "available";
}

/** Down to a step; 100 means every seat. */
export function soldPercentOf({ unsold, sold }: SeatCounts): number {
  if (sold === 0) return 0;
  return Math.floor((sold * 100) / (unsold + sold) / percentStep) * percentStep;
}
