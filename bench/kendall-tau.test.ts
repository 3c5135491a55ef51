import { expect, test } from "@jest/globals";
import fc from "fast-check";

import { kendallTau } from "./kendall-tau.ts";

test("the same order is 1, the other way round is -1, one swap of neighbours costs two pairs", () => {
  expect(kendallTau([1, 2, 3, 4, 5])).toBe(1);
  expect(kendallTau([5, 4, 3, 2, 1])).toBe(-1);
  expect(kendallTau([1, 3, 2, 4, 5])).toBeCloseTo((10 - 2) / 10, 12);
});

test("it is what counting every pair says, with ties and with lengths of no power of two", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 2 }), (ranks) => {
      expect(kendallTau(ranks)).toBeCloseTo(everyPair(ranks), 12);
    }),
  );
});

test("nothing is said of one, or where all are equal", () => {
  expect(kendallTau([1])).toBeNaN();
  expect(kendallTau([7, 7, 7])).toBeNaN();
  expect(() => kendallTau([1, Number.NaN])).toThrow("A rank is a number");
});

test("what was ranked is not changed, and a million of them are ranked", () => {
  const ranks = Float64Array.from({ length: 1_000_000 }, (_, at) => at ^ 1);
  expect(kendallTau(ranks)).toBeCloseTo(1 - 2 / 999_999, 9);
  expect(ranks.slice(0, 4)).toEqual(Float64Array.of(1, 0, 3, 2));
});

function everyPair(ranks: readonly number[]): number {
  let [agree, untied] = [0, 0];
  for (const [first, one] of ranks.entries()) {
    for (const other of ranks.slice(first + 1)) {
      agree += Math.sign(other - one);
      untied += other === one ? 0 : 1;
    }
  }
  return agree / Math.sqrt((untied * (ranks.length * (ranks.length - 1))) / 2);
}
