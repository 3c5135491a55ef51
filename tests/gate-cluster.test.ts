import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { showIds } from "../domain/ids.ts";
import type { Buyer } from "../local/buyer.ts";
import { eventually } from "./eventually.ts";
import { plantShow } from "./plant-show.ts";
import { raceForSeats } from "./race-for-seat.ts";
import { startRedisCluster } from "./redis-servers.ts";
import type { RedisServers } from "./redis-servers.ts";
import { startSystem } from "./system.ts";
import type { System } from "./system.ts";

let redis: RedisServers;
let system: System;
let buyers: Buyer[];
/** One on each node. */
let shows: { id: string; showId: string }[];

beforeAll(async () => {
  redis = await startRedisCluster();
  system = await startSystem(["api", "checkout", "identity"], { REDIS_URL: redis.url });
  buyers = await Promise.all(Array.from({ length: 12 }, () => system.signIn(randomUUID())));
  const ids = await redis.showOnEach();
  shows = ids.map((id) => ({ id, showId: showIds.encode(id) }));
  for (const { id } of shows) await plantShow(system.database.pool, { showId: id });
}, 120_000);
afterAll(async () => {
  await system.close();
  await redis.close();
}, 30_000);

/** Twelve buyers want carts with a seat in common, in every show at once. */
async function expectOneWinnerEach([first, shared, last]: [string, string, string]) {
  const races = await Promise.all(
    shows.map(({ showId }) =>
      raceForSeats(
        showId,
        new Map(
          buyers.map((buyer, index) => [buyer, index % 2 === 0 ? [first, shared] : [shared, last]]),
        ),
      ),
    ),
  );
  for (const { winners, refusals } of races) {
    expect(winners).toHaveLength(1);
    expect(refusals).toEqual(Array.from({ length: 11 }, () => "SEAT_TAKEN"));
  }
}

/** A lock that was taken after all, when nobody waited for it any more, is found by the comparison. */
async function untilLocked(counts: number[]) {
  await eventually(async () => {
    const locked = await Promise.all(
      counts.map(async (_, server) => {
        const pattern = `lock:show:{${shows[server]?.id}}:*`;
        return (await redis.clients[server]?.keys(pattern))?.length;
      }),
    );
    return counts.every((count, server) => locked[server] === count);
  });
}

test("on a cluster of three nodes: each show's locks are on its own node, and one cart wins in each", async () => {
  await expectOneWinnerEach(["A1", "A2", "A3"]);
  await untilLocked([2, 2, 2]);
}, 60_000);

test("a node is killed: the shows of the others keep their locks, its own go straight to PostgreSQL, and one cart wins in each", async () => {
  await redis.kill(2);
  await expectOneWinnerEach(["A4", "A5", "A6"]);
  await untilLocked([4, 4]);
}, 60_000);
