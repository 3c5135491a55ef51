import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";

import { showIds } from "../domain/ids.ts";
import type { Buyer } from "../local/buyer.ts";
import { cuttableLink } from "./cuttable-link.ts";
import type { CuttableLink } from "./cuttable-link.ts";
import { plantShow } from "./plant-show.ts";
import { isOversold, raceForSeat, raceForSeats } from "./race-for-seat.ts";
import type { Race } from "./race-for-seat.ts";
import { startSystem } from "./system.ts";
import type { System } from "./system.ts";

/** `ROUNDS=500` for a whole run. */
const rounds = Number(process.env["ROUNDS"] ?? 25);

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

function plantPublicShow(seats: number) {
  return plantShow(system.database.pool, { seats, seatsPerBuyerMax: seats });
}

async function race() {
  const showId = showIds.encode(await plantPublicShow(1));
  return raceForSeat(buyers, showId, "A1");
}

function expectOneWinner({ winners, refusals }: Race) {
  expect(winners).toHaveLength(1);
  expect(refusals).toEqual(Array.from({ length: 63 }, () => "SEAT_TAKEN"));
}

test.each([
  ["", () => redisLink.mend(), rounds],
  [" while Redis is away", () => redisLink.cut(), Math.ceil(rounds / 5)],
])(
  "64 buyers on one seat through HTTP%s, again and again: exactly one gets it each time",
  async (_when, setRedis, count) => {
    setRedis();
    const showId = showIds.encode(await plantPublicShow(count));
    const times: number[] = [];
    for (let round = 1; round <= count; round += 1) {
      const startedAt = performance.now();
      expectOneWinner(await raceForSeat(buyers, showId, `A${round}`));
      times.push(performance.now() - startedAt);
    }
    const median = times.toSorted((a, b) => a - b)[Math.floor(count / 2)] ?? 0;
    process.stdout.write(`${count} rounds of 64, median ${median.toFixed(0)} ms a round\n`);
  },
  60_000 + rounds * 2_000,
);

/** Carts that have a seat in common: who wins has all of theirs, and nobody has a part. */
const overlaps: [string, string[][]][] = [
  [
    "{1,2} and {2,3}",
    [
      ["A1", "A2"],
      ["A2", "A3"],
    ],
  ],
  [
    "{1,2} and {2,1}",
    [
      ["A1", "A2"],
      ["A2", "A1"],
    ],
  ],
  [
    "{1,2}, {2,3} and {3,1}",
    [
      ["A1", "A2"],
      ["A2", "A3"],
      ["A3", "A1"],
    ],
  ],
];

describe.each([
  ["", () => redisLink.mend()],
  [" while Redis is away", () => redisLink.cut()],
])("carts with a seat in common%s", (_when, setRedis) => {
  test.each(overlaps)(
    "64 buyers with %s: one cart wins, nobody gets half, and nobody waits for ever",
    async (_name, carts) => {
      setRedis();
      const deadlocks = await deadlocksSoFar();
      for (let round = 0; round < 3; round += 1) {
        const id = await plantPublicShow(3);
        const ofBuyers = new Map(
          buyers.map((buyer, index) => [buyer, carts[index % carts.length] ?? []]),
        );
        expectOneWinner(await raceForSeats(showIds.encode(id), ofBuyers));
        expect(await heldSeats(id)).toEqual([{ bookings: 1, seats: 2 }]);
      }
      expect(await deadlocksSoFar()).toBe(deadlocks);
    },
    60_000,
  );
});

async function heldSeats(showId: string) {
  const { rows } = await system.database.pool.query<{ bookings: number; seats: number }>(
    `select count(distinct booking_id)::integer as bookings, count(*)::integer as seats
     from show_seats where show_id = $1 and status = 'held'`,
    [showId],
  );
  return rows;
}

async function deadlocksSoFar(): Promise<number> {
  const { rows } = await system.database.pool.query<{ deadlocks: number }>(
    "select deadlocks::integer from pg_stat_database where datname = current_database()",
  );
  return rows[0]?.deadlocks ?? Number.NaN;
}

test("control: without the row locks in the hold statement the same race oversells", async () => {
  redisLink.cut();
  const { rows } = await system.database.pool.query<{ source: string }>(
    "select pg_get_functiondef(oid) as source from pg_proc where proname = 'hold_seats'",
  );
  const guarded = rows[0]?.source ?? "";
  const withoutLocks = guarded.replace("    for update;", ";");
  expect(withoutLocks).not.toBe(guarded);
  await system.database.pool.query(withoutLocks);

  // About every second round does.
  let oversold = false;
  for (let round = 0; round < 20 && !oversold; round += 1) oversold = isOversold(await race());
  expect(oversold).toBe(true);
});
