import { expect, test } from "@jest/globals";

import { createRandom } from "../local/demo-data/create-random.ts";
import { kendall } from "./kendall-of-intervals.ts";
import type { Admission } from "./kendall-of-intervals.ts";

/** Moments that are known exactly. */
function exactly(ranks: number[], moments: number[]): Admission[] {
  return ranks.map((rank, index) => {
    const moment = moments[index] ?? 0;
    return { rank, notBefore: moment, by: moment };
  });
}

test.each([
  ["in perfect order", [1, 2, 3, 4], [10, 20, 30, 40], 1, [6, 0]],
  ["the other way round", [1, 2, 3, 4], [40, 30, 20, 10], -1, [0, 6]],
  ["one pair has changed places", [1, 2, 3, 4], [10, 30, 20, 40], 4 / 6, [5, 1]],
  ["a known example of five", [1, 2, 3, 4, 5], [3, 1, 2, 5, 4], 0.4, [7, 3]],
  ["admitted at one moment: no pair", [1, 2, 3], [10, 10, 30], 1, [2, 0]],
  ["of one rank: no pair", [1, 1, 3], [20, 10, 5], -1, [0, 2]],
])("%s", (_what, ranks, moments, tau, [concordant, discordant]) => {
  const found = kendall(exactly(ranks, moments));
  expect(found.tau).toBeCloseTo(tau, 10);
  expect(found).toMatchObject({ concordant, discordant });
});

test("moments that overlap are told apart by nobody, and those that do not are", () => {
  const first = { rank: 1, notBefore: 0, by: 10 };
  expect(kendall([first, { rank: 2, notBefore: 5, by: 15 }]).tau).toBeNaN();
  expect(kendall([first, { rank: 2, notBefore: 10, by: 15 }]).tau).toBeNaN();
  expect(kendall([first, { rank: 2, notBefore: 11, by: 15 }]).tau).toBe(1);
  expect(kendall([first, { rank: 0, notBefore: 11, by: 15 }]).tau).toBe(-1);
});

test("nobody and somebody alone are in no order", () => {
  expect(kendall([]).tau).toBeNaN();
  expect(kendall(exactly([1], [1])).tau).toBeNaN();
});

test("counts what comparing each with each counts", () => {
  const random = createRandom(7);
  for (let round = 0; round < 50; round += 1) {
    const admissions = Array.from({ length: 40 }, () => {
      const notBefore = Math.floor(random() * 50);
      return {
        rank: Math.floor(random() * 30),
        notBefore,
        by: notBefore + Math.floor(random() * 8),
      };
    });
    expect(kendall(admissions)).toMatchObject(compareEach(admissions));
  }
});

function compareEach(admissions: Admission[]): { concordant: number; discordant: number } {
  let [concordant, discordant] = [0, 0];
  for (const earlier of admissions) {
    for (const later of admissions) {
      if (earlier.by >= later.notBefore) continue;
      if (earlier.rank < later.rank) concordant += 1;
      if (earlier.rank > later.rank) discordant += 1;
    }
  }
  return { concordant, discordant };
}

test("20,000 people take less than a second", () => {
  const startedAt = performance.now();
  const people = Array.from({ length: 20_000 }, (_, rank) => rank);
  expect(kendall(exactly(people, people)).concordant).toBe((20_000 * 19_999) / 2);
  expect(performance.now() - startedAt).toBeLessThan(1_000);
});
