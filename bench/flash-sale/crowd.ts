import { randomUUID } from "node:crypto";

import { createRandom } from "../../local/demo-data/create-random.ts";
import { shares } from "./scenario.ts";
import type { Scenario } from "./scenario.ts";

export type Manner = "pays" | "is declined" | "vanishes" | "double-clicks" | "is a bot";

/** Somebody who comes to buy two tickets, from an address and with a device of their own. */
export type Person = {
  userId: string;
  manner: Manner;
  /** From the opening on, in ms. */
  arrivalMs: number;
  /** Which of the shows they want. */
  show: number;
  device: string;
  address: string;
  /** Their own dice, so that a run can be repeated. */
  random: () => number;
};

/** Everybody who comes, in the order in which they arrive. Each time the same people, but for their user ids. */
export function gatherCrowd(scenario: Scenario): Person[] {
  const random = createRandom(seed);
  const count = scenario.shows * scenario.buyersPerShow;
  const moments = arrivalMoments(count, scenario.arrivalSeconds, random);
  return moments.map((arrivalMs, index) => ({
    userId: randomUUID(),
    manner: mannerOf(random),
    arrivalMs,
    show: index % scenario.shows,
    device: `device-${index}`,
    // What a proxy in front of Marquee would have seen.
    address: `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`,
    random: createRandom(seed * 1_000_003 + index),
  }));
}

const seed = 1;

/** A Poisson process that is known to have brought so many: each comes at any moment, whatever the others do. */
function arrivalMoments(count: number, seconds: number, random: () => number): number[] {
  const moments = Array.from({ length: count }, () => random() * seconds * 1_000);
  return moments.toSorted((one, other) => one - other);
}

function mannerOf(random: () => number): Manner {
  if (random() < shares.bot) return "is a bot";
  const dice = random();
  if (dice < shares.decline) return "is declined";
  if (dice < shares.decline + shares.vanish) return "vanishes";
  return dice < shares.decline + shares.vanish + shares.doubleClick ? "double-clicks" : "pays";
}

/** Any moment between two, in ms. */
export function between([min, max]: [min: number, max: number], random: () => number): number {
  return min + random() * (max - min);
}
