import { comparePairs } from "../compare-pairs.ts";
import { ratioResult } from "../goal.ts";
import type { Goal } from "../goal.ts";
import { emptyWorkflow } from "../limits/l5-empty-workflow.ts";
import { reserveNext } from "../reserve.ts";
import { sideRate } from "../side-rate.ts";

/** A whole reserve, against starting any workflow at all. */
export const reserveThroughput: Goal = async (house) => {
  const startEmpty = await emptyWorkflow(house);
  const { pairs, sideSeconds: seconds } = house.effort;
  const results = [];
  for (const clients of [8, 32]) {
    house.report(`P1: ${clients} clients`);
    const rate = (work: () => Promise<boolean>) => sideRate({ clients, seconds, work });
    const comparison = await comparePairs({
      pairs,
      ours: () => rate(() => reserveNext(house)),
      limit: () => rate(startEmpty),
    });
    const named = {
      goal: "P1",
      what: `reserves a second, ${clients} clients`,
      how: "closed loop; limit: L5, an empty workflow started eagerly, its result awaited",
    };
    results.push(ratioResult(named, { atLeast: [0.5, 0.65] }, comparison, "/s"));
  }
  return results;
};
