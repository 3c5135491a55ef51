import { closedLoop } from "../closed-loop.ts";
import { countStatements } from "../count-statements.ts";
import { countResult } from "../goal.ts";
import type { Goal } from "../goal.ts";
import { reserveNext } from "../reserve.ts";

/** What a warm reserve of two seats costs PostgreSQL, in all processes together. */
export const holdCounts: Goal = async (house) => {
  const { pool } = house.system.database;
  house.report("P5: counting");
  // Every show is read once by whoever is asked for it first.
  await closedLoop({
    clients: 8,
    seconds: 60,
    timesMax: house.effort.shows,
    work: () => reserveNext(house),
  });
  const times = 200;
  const rounds: { calls: number; walBytes: number; held: number; commits: number }[] = [];
  while (rounds.length < 3) {
    const before = await commits();
    let held = 0;
    const statements = await countStatements(pool, async () => {
      const run = await closedLoop({
        clients: 4,
        seconds: 60,
        timesMax: times,
        work: () => reserveNext(house),
      });
      held = run.done;
    });
    rounds.push({ ...statements, held, commits: (await commits()) - before });
  }
  const perHold = (count: (round: (typeof rounds)[number]) => number) =>
    Math.min(...rounds.map((round) => count(round) / round.held));
  const named = (what: string, how: string) => ({ goal: "P5", what, how });
  return [
    countResult(
      named("statements a reserve", "pg_stat_statements, 200 warm reserves by HTTP"),
      { atMost: [1, 1] },
      { count: perHold(({ calls }) => calls), unit: "" },
    ),
    countResult(
      named("commits a reserve", "transactions that wrote, by the transaction counter"),
      { atMost: [1, 0.99] },
      { count: perHold((round) => round.commits), unit: "" },
    ),
    countResult(
      named("WAL a reserve of 2 seats", "pg_stat_statements, the cheapest of three rounds"),
      { atMost: [5_000, 3_500] },
      { count: perHold(({ walBytes }) => walBytes), unit: "bytes" },
    ),
  ];

  /** Only a transaction that writes takes a number. */
  async function commits(): Promise<number> {
    const { rows } = await pool.query<{ next: string }>(
      "select pg_snapshot_xmax(pg_current_snapshot())::text as next",
    );
    return Number(rows[0]?.next);
  }
};
