import { expect, test } from "@jest/globals";

import { eventually } from "../tests/eventually.ts";
import { createWindowCounts } from "./window-counts.ts";

test("a window begins with its first count, and later ones do not make it longer", async () => {
  const counts = createWindowCounts({ windowMs: 60, namesMax: 10 });
  const startedAt = performance.now();
  expect(counts.add("a").count).toBe(1);
  expect(counts.add("a", 2).count).toBe(3);
  expect(counts.add("b").count).toBe(1);
  await eventually(async () => {
    if (performance.now() - startedAt < 55) counts.add("a");
    return counts.get("a").count === 0;
  });
  expect(performance.now() - startedAt).toBeLessThan(1_000);
  expect(counts.add("a").count).toBe(1);
});

test("a window is taken over from somebody else", () => {
  const counts = createWindowCounts({ windowMs: 60_000, namesMax: 10 });
  counts.set("a", { count: 5, leftMs: 10_000 });
  expect(counts.add("a")).toEqual({ count: 6, leftMs: expect.any(Number) });
  expect(counts.get("a").leftMs).toBeLessThanOrEqual(10_000);
});

test("however many names come, so many are kept", () => {
  const counts = createWindowCounts({ windowMs: 60_000, namesMax: 3 });
  for (const name of ["a", "b", "c", "d"]) counts.add(name);
  expect(["a", "b", "c", "d"].map((name) => counts.get(name).count)).toEqual([0, 1, 1, 1]);
});
