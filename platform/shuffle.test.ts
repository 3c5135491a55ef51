import { createHash } from "node:crypto";

import { describe, expect, test } from "@jest/globals";

import { shuffle, shuffleAside } from "./shuffle.ts";

const seedOf = (text: string) => createHash("sha256").update(text).digest();

test("each number is given once, whatever the count", () => {
  for (const count of [0, 1, 2, 3, 257, 10_000]) {
    const numbers = [...shuffle(seedOf("any"), count)].toSorted((a, b) => a - b);
    expect(numbers).toEqual(Array.from({ length: count }, (_, index) => index + 1));
  }
});

test("the same seed draws the same order, on every machine", () => {
  expect([...shuffle(seedOf("known"), 10)]).toEqual([...shuffle(seedOf("known"), 10)]);
  expect([...shuffle(seedOf("known"), 10)]).not.toEqual([...shuffle(seedOf("other"), 10)]);
  expect([...shuffle(Buffer.alloc(32), 10)]).toEqual([4, 1, 5, 10, 9, 2, 8, 6, 3, 7]);
});

test("aside it draws the same, and keeps nobody else waiting for long", async () => {
  let beats = 0;
  const beating = setInterval(() => (beats += 1), 1);
  const aside = await shuffleAside(seedOf("many"), 300_000);
  clearInterval(beating);
  expect(aside).toEqual(shuffle(seedOf("many"), 300_000));
  expect(beats).toBeGreaterThan(5);
});

test("every order of four comes up equally often", () => {
  const orders = new Map<string, number>();
  for (let run = 0; run < 12_000; run += 1) {
    const order = shuffle(seedOf(`order ${run}`), 4).join();
    orders.set(order, (orders.get(order) ?? 0) + 1);
  }
  const chi = [...orders.values()].reduce((sum, seen) => sum + (seen - 500) ** 2 / 500, 0);
  expect(orders.size).toBe(24);
  // Chi-square of 23 degrees of freedom: 99.8 % of fair draws are between these.
  expect(chi).toBeGreaterThan(7.5);
  expect(chi).toBeLessThan(49.7);
});

describe("nobody is favoured", () => {
  const draws = 8_000;
  const places = 16;
  // Chi-square of 15 degrees of freedom: 99.9999 % of fair draws stay below 60 (seeds are fixed, so this cannot flicker).
  const fairMax = 60;

  test("every entry gets every number equally often", () => {
    const seen = countNumbers((seed) => shuffle(seed, places));
    for (const row of seen) expect(chiSquare(row)).toBeLessThan(fairMax);
  });

  test("this would be noticed: a shuffle that swaps with any card, also one that is done, fails", () => {
    const seen = countNumbers((seed) => naiveShuffle(seed));
    expect(Math.max(...seen.map(chiSquare))).toBeGreaterThan(fairMax);
  });

  function countNumbers(draw: (seed: Uint8Array) => Uint32Array): number[][] {
    const seen = Array.from({ length: places }, () => Array.from({ length: places }, () => 0));
    for (let run = 0; run < draws; run += 1) {
      for (const [entry, number] of draw(seedOf(`run ${run}`)).entries()) {
        const row = seen[entry] ?? [];
        row[number - 1] = (row[number - 1] ?? 0) + 1;
      }
    }
    return seen;
  }

  function chiSquare(row: number[]): number {
    const expected = draws / places;
    return row.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  }

  function naiveShuffle(seed: Uint8Array): Uint32Array {
    const numbers = Uint32Array.from({ length: places }, (_, index) => index + 1);
    for (let index = 0; index < places; index += 1) {
      const other = (seed[index] ?? 0) % places;
      [numbers[index], numbers[other]] = [numbers[other] ?? 0, numbers[index] ?? 0];
    }
    return numbers;
  }
});

test("the first of a million is as likely to come late as early", () => {
  const numbers = shuffle(seedOf("many"), 1_000_000);
  const early = numbers.subarray(0, 1_000).filter((number) => number <= 500_000).length;
  // 500 give or take 16; six times that.
  expect(Math.abs(early - 500)).toBeLessThan(96);
});
