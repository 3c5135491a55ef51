import { expect, test } from "@jest/globals";

import { eventually } from "../tests/eventually.ts";
import { closedLoop } from "./closed-loop.ts";
import { openLoop, percentileMs, poissonArrivals, stepArrivals } from "./open-loop.ts";

/** A server that answers nobody for its first 300 ms, and everybody at once afterwards. */
function stallingServer() {
  const startedAt = performance.now();
  return () => eventually(async () => performance.now() - startedAt > 300);
}

const everyTenMs = stepArrivals([{ perSecond: 100, seconds: 0.5 }]);

test("whoever comes while the server stands still waits for it: latency counts from when a request was due", async () => {
  const { latency, failures } = await openLoop(everyTenMs, stallingServer());
  expect(failures).toBe(0);
  expect(latency.totalCount).toBe(50);
  expect(percentileMs(latency, 99)).toBeGreaterThan(250);
  // Half of them came in the first 250 ms, so they waited for at least 50.
  expect(percentileMs(latency, 50)).toBeGreaterThan(50);
});

test("control: a client that asks again only when it has an answer sees one slow request and no more", async () => {
  const { latency } = await closedLoop({
    clients: 1,
    seconds: 10,
    timesMax: 50,
    work: stallingServer(),
  });
  expect(percentileMs(latency, 50)).toBeLessThan(50);
});

test("a generator that cannot keep up voids its run", async () => {
  const busy = async () => {
    for (const until = performance.now() + 15; performance.now() < until;);
    return true;
  };
  expect((await openLoop(everyTenMs, busy)).isVoid).toBe(true);
});

test("bad answers and errors are failures, not throughput", async () => {
  let turn = 0;
  const run = await openLoop(everyTenMs, async () => {
    turn += 1;
    if (turn % 2 === 0) throw new Error("no answer");
    return turn % 4 === 1;
  });
  expect(run.failures).toBe(37);
  expect(run.achievedPerSecond).toBeLessThan(run.offeredPerSecond / 3);
});

test("Poisson arrivals come at their rate, with gaps as independent people leave them", () => {
  // Evenly spread chances, so that the test is the same every time.
  let turn = 0;
  const random = () => ((turn += 1) * 0.618_033_988_75) % 1;
  const arrivals = poissonArrivals({ perSecond: 200, seconds: 20, random });
  expect(arrivals.length).toBeGreaterThan(3_800);
  expect(arrivals.length).toBeLessThan(4_200);
  const gaps = arrivals.map((arrival, index) => arrival - (arrivals[index - 1] ?? 0));
  const longerThanMean = gaps.filter((gap) => gap > 5).length / gaps.length;
  expect(longerThanMean).toBeCloseTo(Math.exp(-1), 1);
});

test("steps follow each other at their own rates", () => {
  const arrivals = stepArrivals([
    { perSecond: 2, seconds: 1 },
    { perSecond: 4, seconds: 0.5 },
  ]);
  expect(arrivals).toEqual([0, 500, 1_000, 1_250]);
});
