import { randomUUID } from "node:crypto";

import { freeProvider } from "../../domain/free-provider.ts";
import { createSeatActivities } from "../../activities/seats.ts";
import { createPool } from "../../adapters/postgres/pool.ts";
import { plantShow, plantShowLike } from "../../tests/plant-show.ts";
import { closedLoop } from "../closed-loop.ts";
import { comparePairs } from "../compare-pairs.ts";
import { ratioResult } from "../goal.ts";
import type { Goal } from "../goal.ts";
import type { House } from "../house.ts";
import { openHoldFunction } from "../limits/l1-hold-function.ts";
import { createSeatSupply } from "../seat-supply.ts";
import type { SeatSupply } from "../seat-supply.ts";

const connections = 20;
const inFlight = 64;

/** The hold as the checkout process does it, against the bare statement; and one hot show against a hundred. */
export const holdStep: Goal = async (house) => {
  const { database } = house.system;
  const { pairs, sideSeconds: seconds } = house.effort;
  const holds = createHolds(database.url);
  house.report("P4: planting hot shows");
  const results = [];
  for (const shows of [1, 100]) {
    const seats = await plantHot(house, shows);
    const limit = await openHoldFunction(database.url, connections, seats);
    house.report(`P4: 64 holds in flight, ${shows} shows`);
    const comparison = await comparePairs({
      pairs,
      ours: () => rate(inFlight, seconds, () => holds.hold(seats)),
      limit: () => rate(connections, seconds, limit.hold),
    });
    await limit.close();
    const named = {
      goal: "P4",
      what: `holds a second, ${shows === 1 ? "one hot show" : `${shows} hot shows`}`,
      how: `closed loop, ${inFlight} in flight over ${connections} connections; limit: L1, the bare statement on as many`,
    };
    results.push(ratioResult(named, { atLeast: [0.8, 2] }, comparison, "/s"));
  }
  const one = await plantHot(house, 1);
  const many = await plantHot(house, 100);
  house.report("P4: a hundred hot shows against one");
  const comparison = await comparePairs({
    pairs,
    ours: () => rate(inFlight, seconds, () => holds.hold(many)),
    limit: () => rate(inFlight, seconds, () => holds.hold(one)),
  });
  await holds.close();
  const named = {
    goal: "growth",
    what: "holds a second, 100 hot shows against 1",
    how: "closed loop, 64 in flight; limit: the same with one show",
  };
  results.push(ratioResult(named, { atLeast: [0.9, 1] }, comparison, "/s"));
  return results;
};

/** Enough for every hold of one comparison: at most some 5,000 a second. */
async function plantHot(house: House, shows: number): Promise<SeatSupply> {
  const { pairs, sideSeconds } = house.effort;
  const seats = Math.ceil((pairs * 2 * sideSeconds * 5_000 * 2) / shows);
  const { pool } = house.system.database;
  const first = await plantShow(pool, { seats, seatsPerBuyerMax: 10 });
  const showIds = [first];
  while (showIds.length < shows) showIds.push(await plantShowLike(pool, first));
  await pool.query("vacuum analyze show_seats");
  return createSeatSupply(showIds, seats);
}

async function rate(clients: number, seconds: number, work: (client: number) => Promise<boolean>) {
  return (await closedLoop({ clients, seconds, work })).perSecond;
}

function createHolds(databaseUrl: string) {
  const pool = createPool({
    databaseUrl,
    component: "bench",
    connectionsMax: connections,
    statementMsMax: 1_000,
    onIdleError: () => undefined,
  });
  const { holdSeats } = createSeatActivities({
    provider: () => freeProvider,
    db: pool,
    announceSale: () => undefined,
    tellSeats: () => undefined,
  });
  return {
    async hold(seats: SeatSupply): Promise<boolean> {
      const outcome = await holdSeats({
        ...seats.next(),
        bookingId: randomUUID(),
        userId: randomUUID(),
        requestHash: "a".repeat(64),
        deadlineMs: Date.now() + 4_000,
        holdSeconds: 600,
        graceSeconds: 120,
      });
      return outcome.outcome === "held";
    },
    close: () => pool.end(),
  };
}
