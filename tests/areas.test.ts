import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";

import { findViolations } from "../adapters/postgres/audit/find-violations.ts";
import { showIds } from "../domain/ids.ts";
import type { Buyer } from "../local/buyer.ts";
import { cuttableLink } from "./cuttable-link.ts";
import type { CuttableLink } from "./cuttable-link.ts";
import { eventually } from "./eventually.ts";
import { plantShow } from "./plant-show.ts";
import { raceForPlaces } from "./race-for-seat.ts";
import { startSystem } from "./system.ts";
import type { System } from "./system.ts";

// Places without numbers, sold to a crowd: many want the last of them, whichever they are.

/** `ROUNDS=50` for a whole run. */
const rounds = Number(process.env["ROUNDS"] ?? 10);

let system: System;
let redisLink: CuttableLink;
let buyers: Buyer[];

beforeAll(async () => {
  const redis = new URL(process.env["REDIS_URL"] ?? "");
  redisLink = await cuttableLink({ host: redis.hostname, port: Number(redis.port) });
  system = await startSystem(["api", "checkout", "identity"], {
    REDIS_URL: `redis://127.0.0.1:${redisLink.port}`,
  });
  buyers = await Promise.all(Array.from({ length: 64 }, () => system.signIn(randomUUID())));
}, 120_000);
afterAll(async () => {
  await system.close();
  redisLink.close();
}, 30_000);

beforeEach(() => redisLink.mend());

async function countHeld(id: string) {
  const { rows } = await system.database.pool.query<{ bookings: number; places: number }>(
    `select count(distinct booking_id)::integer as bookings, count(*)::integer as places
     from show_seats where show_id = $1 and status = 'held'`,
    [id],
  );
  return rows[0];
}

async function deadlocksSoFar(): Promise<number> {
  const { rows } = await system.database.pool.query<{ deadlocks: number }>(
    "select deadlocks::integer from pg_stat_database where datname = current_database()",
  );
  return rows[0]?.deadlocks ?? Number.NaN;
}

describe.each([
  ["", () => redisLink.mend()],
  [" while Redis is away", () => redisLink.cut()],
])("64 buyers of two places each through HTTP%s", (_when, setRedis) => {
  test(
    "the last ten: exactly five win each time, nobody gets half, and all ten are sold",
    async () => {
      setRedis();
      const deadlocks = await deadlocksSoFar();
      const times: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        const id = await plantShow(system.database.pool, { places: 10 });
        const startedAt = performance.now();
        const { winners, refusals } = await raceForPlaces(buyers, showIds.encode(id), 2);
        times.push(performance.now() - startedAt);
        expect(new Set(winners).size).toBe(5);
        expect(new Set(refusals)).toEqual(new Set(["AREA_FULL"]));
        expect(await countHeld(id)).toEqual({ bookings: 5, places: 10 });
      }
      expect(await deadlocksSoFar()).toBe(deadlocks);
      const median = times.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0;
      process.stdout.write(`${rounds} rounds of 64, median ${median.toFixed(0)} ms a round\n`);
    },
    60_000 + rounds * 4_000,
  );

  test("a floor of 500 sells out to the last place, and then everybody is refused", async () => {
    setRedis();
    const id = await plantShow(system.database.pool, { places: 500, seatsPerBuyerMax: 100 });
    let orders = 0;
    const startedAt = performance.now();
    await eventually(async () => {
      const { refusals } = await raceForPlaces(buyers, showIds.encode(id), 2);
      expect(refusals.filter((code) => code !== "AREA_FULL")).toEqual([]);
      orders += buyers.length;
      return refusals.length === buyers.length;
    }, 100_000);
    const perSecond = orders / ((performance.now() - startedAt) / 1_000);
    process.stdout.write(`${orders} orders, ${perSecond.toFixed(0)} a second\n`);
    expect(await countHeld(id)).toEqual({ bookings: 250, places: 500 });
    expect(await findViolations(system.database.pool, { showId: id, outbox: "kept" })).toEqual([]);
  }, 120_000);
});

test("control: without the row locks in the statements the same race oversells", async () => {
  redisLink.cut();
  for (const name of ["pick_places", "hold_seats"]) {
    const { rows } = await system.database.pool.query<{ source: string }>(
      "select pg_get_functiondef(oid) as source from pg_proc where proname = $1",
      [name],
    );
    const guarded = rows[0]?.source ?? "";
    const open = guarded
      .replaceAll(" for update skip locked", "")
      .replaceAll("limit p_quantity for update", "limit p_quantity")
      .replace("    for update;", ";");
    expect(open).not.toBe(guarded);
    await system.database.pool.query(open);
  }
  let sold = 0;
  for (let round = 0; round < 20 && sold <= 10; round += 1) {
    const id = await plantShow(system.database.pool, { places: 10 });
    const { winners } = await raceForPlaces(buyers, showIds.encode(id), 2);
    sold = new Set(winners).size * 2;
  }
  expect(sold).toBeGreaterThan(10);
}, 120_000);
