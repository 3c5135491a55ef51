import { expect, test } from "@jest/globals";

import { comparePairs, quantile } from "./compare-pairs.ts";
import { countResult, ratioResult } from "./goal.ts";

const named = { goal: "P0", what: "a test", how: "by hand" };

test("the two sides take turns, so that a machine that gets slower all the time favours neither", async () => {
  const order: string[] = [];
  let slowness = 1;
  const measure = (side: string) => async () => {
    order.push(side);
    slowness += 0.1;
    return 100 / slowness;
  };
  const { ratio } = await comparePairs({ pairs: 8, ours: measure("A"), limit: measure("B") });
  expect(order.join("")).toBe("ABBAABBAABBAABBA");
  expect(ratio).toBeCloseTo(1, 1);
});

test("one odd pair moves no median", async () => {
  let turn = 0;
  const ours = async () => ((turn += 1) === 3 ? 1 : 100);
  const { ratio } = await comparePairs({ pairs: 9, ours, limit: async () => 100 });
  expect(ratio).toBe(1);
});

test("a quantile lies between its neighbours in proportion", () => {
  expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
  expect(quantile([7], 0.25)).toBe(7);
});

test.each([
  [0.7, 0.6, "stretch"],
  [0.7, 0.5, "met"],
  [0.55, 0.45, "met"],
  [0.55, 0.4, "missed"],
  [0.45, 0.44, "missed"],
] as const)(
  "at least ×0.5, better ×0.65: a median of %d with a lower quartile of %d is %s",
  (ratio, lowerQuartile, verdict) => {
    const comparison = { ours: 1, limit: 1, ratio, lowerQuartile, upperQuartile: 9 };
    const result = ratioResult(named, { atLeast: [0.5, 0.65] }, comparison, "/s");
    expect(result.verdict).toBe(verdict);
  },
);

test.each([
  [1.4, 1.6, "stretch"],
  [1.8, 2.3, "met"],
  [1.8, 2.4, "missed"],
  [2.1, 2.1, "missed"],
] as const)(
  "at most ×2, better ×1.5: a median of %d with an upper quartile of %d is %s",
  (ratio, upperQuartile, verdict) => {
    const comparison = { ours: 1, limit: 1, ratio, lowerQuartile: 0.1, upperQuartile };
    expect(ratioResult(named, { atMost: [2, 1.5] }, comparison, "ms").verdict).toBe(verdict);
  },
);

test("a count has no scatter: one too many is a miss", () => {
  const verdict = (count: number) =>
    countResult(named, { atMost: [7, 6] }, { count, unit: "events" }).verdict;
  expect([6, 7, 8].map(verdict)).toEqual(["stretch", "met", "missed"]);
});
