import { closedLoop } from "../closed-loop.ts";
import { comparePairs } from "../compare-pairs.ts";
import { ratioResult, unmeasured } from "../goal.ts";
import type { Goal } from "../goal.ts";
import type { House } from "../house.ts";
import { emptyWorkflow } from "../limits/l5-empty-workflow.ts";
import { measureCeiling } from "../measure-ceiling.ts";
import { openLoop, percentileMs, poissonArrivals } from "../open-loop.ts";
import { reserveNext } from "../reserve.ts";
import { warmShows } from "../warm-shows.ts";

/** How long one buyer waits alone, and the slowest of a hundred when half of what goes through is wanted. */
export const reserveLatency: Goal = async (house) => {
  const startEmpty = await emptyWorkflow(house);
  await warmShows(house);
  // First the load: one client alone is so few requests that it would measure how processes warm up.
  const underLoad = await underHalfLoad(house, startEmpty);
  return [await alone(house, startEmpty), underLoad];
};

async function alone(house: House, startEmpty: () => Promise<boolean>) {
  house.report("P2: one client");
  const { pairs, sideSeconds: seconds } = house.effort;
  const p50 = async (work: () => Promise<boolean>) =>
    percentileMs((await closedLoop({ clients: 1, seconds, work })).latency, 50);
  const comparison = await comparePairs({
    pairs,
    ours: () => p50(() => reserveNext(house)),
    limit: () => p50(startEmpty),
  });
  const how = "closed loop, shows that somebody has looked at; limit: L5";
  return ratioResult(
    { goal: "P2", what: "reserve p50, 1 client", how },
    { atMost: [2, 1.5] },
    comparison,
    "ms",
  );
}

async function underHalfLoad(house: House, startEmpty: () => Promise<boolean>) {
  const oursPerSecond = (await measureCeiling(house, "reserve", () => reserveNext(house))) / 2;
  const limitPerSecond = (await measureCeiling(house, "empty workflow", startEmpty)) / 2;
  // As many on both sides: of 180 requests the 99th percentile is the slowest but one, of 250 the slowest but two.
  const requests = oursPerSecond * house.effort.openSeconds * 2;
  house.report("P2: open loop at half of what goes through");
  let failures = 0;
  let voids = 0;
  const p99 = async (perSecond: number, work: () => Promise<boolean>) => {
    const arrivals = poissonArrivals({ perSecond, seconds: requests / perSecond });
    const run = await openLoop(arrivals, work);
    failures += run.failures;
    if (run.isVoid) voids += 1;
    return percentileMs(run.latency, 99);
  };
  const comparison = await comparePairs({
    pairs: 2,
    ours: () => p99(oursPerSecond, () => reserveNext(house)),
    limit: () => p99(limitPerSecond, startEmpty),
  });
  const rates = `${oursPerSecond.toFixed(0)}/s against ${limitPerSecond.toFixed(0)}/s`;
  const named = {
    goal: "P2",
    what: "reserve p99, half load",
    how: `open loop, Poisson, ${rates}, ${requests.toFixed(0)} requests a run, ${failures} failures, ${voids} runs void; limit: L5 at half of its own ceiling`,
  };
  if (voids > 0) return unmeasured(named, "void");
  return ratioResult(named, { atMost: [2, 1.5] }, comparison, "ms");
}
