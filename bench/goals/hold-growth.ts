import { ratioResult } from "../goal.ts";
import type { Goal } from "../goal.ts";
import { comparePairs } from "../compare-pairs.ts";
import { measureHoldCost } from "../hold-growth.ts";

/** A hold must not care how large the hall is. */
export const holdGrowth: Goal = async (house) => {
  const { pool } = house.system.database;
  house.report("growth: halls of 500 and of 100,000 seats");
  const comparison = await comparePairs({
    pairs: house.effort.pairs >= 9 ? 5 : 2,
    ours: async () => (await measureHoldCost(pool, 100_000, 200)).ms,
    limit: async () => (await measureHoldCost(pool, 500, 200)).ms,
  });
  const named = {
    goal: "growth",
    what: "a hold in 100,000 seats against 500",
    how: "median of 200 holds of 2 seats, one connection, a new show each time",
  };
  return [ratioResult(named, { atMost: [1.15, 1.05] }, comparison, "ms")];
};
