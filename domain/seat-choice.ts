import type { Block } from "./find-blocks.ts";
import type { Place } from "./place-row.ts";
import { distanceBetween } from "./read-seating.ts";
import type { SeatedSection } from "./read-seating.ts";

/** Seats that a party could have: one block, or two in rows one behind the other. */
export type SeatChoice = {
  blocks: Block[];
  /** Free seats that would be left alone. */
  stranded: number;
  /** People who would sit by themselves. */
  alone: number;
  /** A dearer seat is a better one: whoever wants to pay less says so. */
  priceMinor: number;
  /** How far from the stage and from the middle, in hundredths of a seat. */
  distance: number;
};

/** Of two that are worth the same the first one stays: it is the first in layout order. */
export function betterOf(one: SeatChoice | undefined, other: SeatChoice): SeatChoice {
  return one === undefined || compareChoices(other, one) < 0 ? other : one;
}

/** The order of choices, best first; 0 for two that are worth the same. */
export function compareChoices(one: SeatChoice, other: SeatChoice): number {
  return compareWorth(one, other) || one.distance - other.distance;
}

/** Wherever they are. */
export function compareWorth(one: SeatChoice, other: SeatChoice): number {
  return (
    one.stranded - other.stranded || one.alone - other.alone || other.priceMinor - one.priceMinor
  );
}

export function choiceOf(block: Block, section: SeatedSection, stage: Place): SeatChoice {
  const { stranded, priceMinor, middle } = block;
  const distance = distanceOf(middle, section, stage);
  return { blocks: [block], stranded, alone: 0, priceMinor, distance };
}

// Where rows bend around the stage all seats of a row are equally near, and only this brings a party to the middle. A quarter
// lets nobody go back a row (1.2) for less than five seats to the side.
const sidewaysWeight = 0.25;

/**
 * To the middle of the stage, and to the section's centre line, which leads from there through the section's middle. In whole
 * hundredths, as layouts are drawn, so that two seats that mirror each other are equally far.
 */
export function distanceOf(place: Place, { middle }: SeatedSection, stage: Place): number {
  const [acrossX, acrossY] = [middle.x - stage.x, middle.y - stage.y];
  const length = Math.hypot(acrossX, acrossY);
  const sideways =
    length === 0
      ? 0
      : Math.abs(acrossX * (place.y - stage.y) - acrossY * (place.x - stage.x)) / length;
  return Math.round(100 * (distanceBetween(place, stage) + sidewaysWeight * sideways));
}
