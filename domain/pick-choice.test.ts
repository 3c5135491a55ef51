import { expect, test } from "@jest/globals";

import { createRandom } from "../local/demo-data/create-random.ts";
import { pickChoice } from "./pick-choice.ts";

/** So many ask before any of them has bought: what each is given, as its place in the list. */
function picksOf(callers: number, choices: number, pick = pickChoice): number[] {
  const random = createRandom(5);
  return Array.from({ length: callers }, (_, before) =>
    pick({ askers: before + 1, choices, seed: random() }),
  );
}

const winners = (picks: number[]) => new Set(picks).size;

test("whoever asks alone gets the best", () => {
  for (const seed of [0, 0.5, 0.999_999]) {
    expect(pickChoice({ askers: 1, choices: 200, seed })).toBe(0);
  }
});

test("of 64 who ask at once two in three get seats that nobody before them was offered, at most four times as far down the list", () => {
  const picks = picksOf(64, 1_000);
  expect(winners(picks)).toBeGreaterThan(43);
  picks.forEach((pick, before) => expect(pick).toBeLessThanOrEqual(4 * before));
});

test("control: when all get the best, one of them wins", () => {
  expect(winners(picksOf(64, 1_000, () => 0))).toBe(1);
});

test("where there are fewer choices than callers nearly all of them are given out, and none that is not there", () => {
  const picks = picksOf(200, 30);
  expect(winners(picks)).toBeGreaterThan(27);
  expect(Math.max(...picks)).toBeLessThan(30);
});
