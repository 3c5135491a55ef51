import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { showIds } from "../domain/ids.ts";
import { startRedis } from "../tests/redis-servers.ts";
import type { RedisServers } from "../tests/redis-servers.ts";
import { startSystem } from "../tests/system.ts";
import type { System } from "../tests/system.ts";
import { measureStreamCounts } from "./stream-counts.ts";

// The bench does the same with eight thousand. Redis is the test's own: MONITOR hears everybody.

let redis: RedisServers;
let system: System;

beforeAll(async () => {
  redis = await startRedis();
  system = await startSystem(["api", "checkout", "identity"], {
    REDIS_URL: redis.url,
    TRUSTED_PROXIES: "1",
  });
}, 120_000);
afterAll(async () => {
  await system.close();
  await redis.close();
}, 30_000);

test("one change is one encoding, one Redis message, no SQL, and exactly one message to each of two thousand watchers", async () => {
  const buyer = await system.signIn(randomUUID());
  const changes = 8;
  const counts = await measureStreamCounts(
    {
      ...{ system, redisUrl: redis.url },
      reserve: ({ showId, seatIds }) => buyer.reserve({ showId: showIds.encode(showId), seatIds }),
    },
    { watchers: 2_000, changes },
  );
  expect(counts).toEqual({
    messages: [changes, changes],
    encodings: changes,
    redisMessages: changes,
    reads: 0,
  });
}, 120_000);
