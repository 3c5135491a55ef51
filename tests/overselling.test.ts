import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { showIds } from "../domain/ids.ts";
import type { Buyer } from "../local/buyer.ts";
import { cuttableLink } from "./cuttable-link.ts";
import type { CuttableLink } from "./cuttable-link.ts";
import { plantShow } from "./plant-show.ts";
import { isOversold, raceForSeat } from "./race-for-seat.ts";
import { startSystem } from "./system.ts";
import type { System } from "./system.ts";

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

async function race() {
  const showId = showIds.encode(await plantShow(system.database.pool));
  return raceForSeat(buyers, showId, "A1");
}

function expectOneWinner({ winners, refusals }: Awaited<ReturnType<typeof race>>) {
  expect(winners).toHaveLength(1);
  expect(refusals).toEqual(Array.from({ length: 63 }, () => "SEAT_TAKEN"));
}

test("64 buyers on one seat through HTTP: exactly one gets it", async () => {
  const outcome = await race();
  expect(isOversold(outcome)).toBe(false);
  expectOneWinner(outcome);
});

test("64 buyers on one seat through HTTP while Redis is away: exactly one gets it", async () => {
  redisLink.cut();
  const outcome = await race();
  expect(isOversold(outcome)).toBe(false);
  expectOneWinner(outcome);
});

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
