import { plantShow } from "../../tests/plant-show.ts";
import { closedLoop } from "../closed-loop.ts";
import { countStatements } from "../count-statements.ts";
import { countResult } from "../goal.ts";
import type { Goal } from "../goal.ts";
import { sendReserve } from "../reserve.ts";
import { createSeatSupply } from "../seat-supply.ts";

const times = 100;

/** What a warm reserve of two seats costs PostgreSQL, in all processes together. */
export const holdCounts: Goal = async (house) => {
  const { pool } = house.system.database;
  house.report("P5: counting");
  const showId = await plantShow(pool, { seats: 1_000, seatsPerBuyerMax: 1_000 });
  const seats = createSeatSupply([showId], 1_000);
  const reserve = async () => (await sendReserve(house, seats.next())).status === 201;
  // Whoever is asked for a show the first time reads it once.
  await reserve();
  const rounds: { calls: number; walBytes: number; held: number }[] = [];
  while (rounds.length < 3) {
    let held = 0;
    const statements = await countStatements(pool, async () => {
      ({ done: held } = await closedLoop({
        clients: 4,
        seconds: 60,
        timesMax: times,
        work: reserve,
      }));
    });
    rounds.push({ ...statements, held });
  }
  const perHold = (count: (round: (typeof rounds)[number]) => number) =>
    Math.min(...rounds.map((round) => count(round) / round.held));
  const named = (what: string, how: string) => ({ goal: "P5", what, how });
  return [
    countResult(
      named(
        "statements a reserve, and so commits",
        "pg_stat_statements, 100 warm reserves by HTTP; begin and commit would count",
      ),
      { atMost: [1, 0.99] },
      { count: perHold(({ calls }) => calls), unit: "" },
    ),
    countResult(
      named("WAL a reserve of 2 seats", "pg_stat_statements, the cheapest of three rounds"),
      { atMost: [5_000, 3_500] },
      { count: perHold(({ walBytes }) => walBytes), unit: "bytes" },
    ),
  ];
};
