import { expect, test } from "@jest/globals";
import fc from "fast-check";

import { createFreePlaces } from "./free-places.ts";

test("whatever becomes free and taken, as often as it is said: the free ones are counted, and only they are picked", () => {
  const change = fc.record({ position: fc.nat(9), isFree: fc.boolean() });
  fc.assert(
    fc.property(fc.array(change), fc.nat(12), (changes, countMax) => {
      const places = createFreePlaces(10);
      const free = new Set<number>();
      for (const { position, isFree } of changes) {
        places.set(position, isFree);
        if (isFree) free.add(position);
        else free.delete(position);
        expect(places.count()).toBe(free.size);
        const picked = places.pick(countMax);
        expect(picked).toHaveLength(Math.min(countMax, free.size));
        expect(new Set(picked).size).toBe(picked.length);
        expect(picked.every((position) => free.has(position))).toBe(true);
      }
    }),
  );
});

test("every free place is picked as often as another, so that buyers do not meet at the same ones", () => {
  const places = createFreePlaces(100);
  for (let position = 0; position < 100; position += 2) places.set(position, true);
  const times = new Map<number, number>();
  for (let round = 0; round < 5_000; round += 1) {
    for (const position of places.pick(2)) times.set(position, (times.get(position) ?? 0) + 1);
  }
  // 200 each are expected; seven standard deviations are 100.
  expect(times.size).toBe(50);
  expect(Math.min(...times.values())).toBeGreaterThan(100);
  expect(Math.max(...times.values())).toBeLessThan(300);
});
