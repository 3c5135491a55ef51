import { expect, test } from "@jest/globals";

import { eventually } from "../tests/eventually.ts";
import { createLogger } from "./logger.ts";
import { repeat } from "./repeat.ts";

const logger = createLogger("repeat-test", "silent");

/** When the work began, in milliseconds. */
function begin(options: { everyMs: number; isEven?: boolean; workMs?: number }) {
  const times: number[] = [];
  const repeating = repeat({
    ...{ name: "working", logger, ...options },
    async work() {
      times.push(performance.now());
      const until = performance.now() + (options.workMs ?? 0);
      while (performance.now() < until);
    },
  });
  return {
    ...repeating,
    times,
    gaps: () => times.slice(1).map((at, index) => at - (times[index] ?? 0)),
  };
}

test("what is even begins as often however long it takes; what is not has a pause of its own", async () => {
  const even = begin({ everyMs: 60, isEven: true, workMs: 40 });
  await eventually(async () => even.times.length > 4);
  await even.close();
  const uneven = begin({ everyMs: 60, workMs: 40 });
  await eventually(async () => uneven.times.length > 4);
  await uneven.close();
  // A busy machine makes each longer, and none shorter.
  expect(Math.min(...even.gaps())).toBeLessThan(95);
  expect(Math.min(...uneven.gaps())).toBeGreaterThan(98);
});

test("what is woken begins at once, and never twice within the given time, however often it is woken", async () => {
  const sleeper = begin({ everyMs: 60_000, isEven: true });
  await eventually(async () => sleeper.times.length === 1);
  for (let more = 0; more < 100; more += 1) sleeper.wake(30);
  await eventually(async () => sleeper.times.length === 2);
  sleeper.wake(30);
  await eventually(async () => sleeper.times.length === 3);
  await sleeper.close();
  expect(Math.min(...sleeper.gaps())).toBeGreaterThan(28);
  expect(sleeper.times).toHaveLength(3);
});

test("what is woken in the middle of its work does it once more", async () => {
  let times = 0;
  const repeating = repeat({
    ...{ name: "working", everyMs: 60_000, logger },
    async work() {
      times += 1;
      await Promise.resolve();
      if (times === 1) repeating.wake(1);
    },
  });
  await eventually(async () => times === 2);
  await repeating.close();
  expect(times).toBe(2);
});
