import { countResult } from "../goal.ts";
import type { Goal } from "../goal.ts";
import { measureRejects } from "../measure-rejects.ts";

/** What refusing a seat that somebody has costs everything behind the edge. */
export const rejectCounts: Goal = async (house) => {
  house.report("P6: counting");
  const times = 300;
  const counts = await measureRejects(house, times);
  const named = (what: string, how: string) => ({ goal: "P6", what, how });
  return [
    countResult(
      named(
        "statements a refusal",
        "pg_stat_statements, 300 refusals; the comparison of the locks every two seconds is the show's",
      ),
      { atMost: [0, 0] },
      { count: counts.statements / times, unit: "" },
    ),
    countResult(
      named(
        "refusals that need Temporal",
        "the checkout process is stopped meanwhile; Redis is not waited for longer than 50 ms, so a busy machine has some",
      ),
      { atMost: [0, 0] },
      { count: (times - counts.refused) / times, unit: "" },
    ),
    countResult(
      named(
        "Redis commands a refusal",
        "MONITOR, all commands that name the show or the buyer, but for that comparison",
      ),
      { atMost: [1, 0] },
      { count: counts.redisCommands / times, unit: "" },
    ),
  ];
};
