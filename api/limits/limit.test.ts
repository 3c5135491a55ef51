import { randomBytes, randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { createLimitCounts } from "../../adapters/redis/limit-counts.ts";
import { listRedisCommands } from "../../tests/list-redis-commands.ts";
import { startRedis } from "../../tests/redis-servers.ts";
import type { RedisServers } from "../../tests/redis-servers.ts";
import { createLimit, ownShare } from "./limit.ts";

let redis: RedisServers;
beforeAll(async () => {
  redis = await startRedis();
}, 60_000);
afterAll(() => redis.close());

const max = 32;

/** The same limit in so many processes; each is asked one after another in turn. */
function limitIn(processes: number, ownMax: number) {
  const [client] = redis.clients;
  if (client === undefined) throw new Error("There is no Redis");
  const limitCount = createLimitCounts(client, (text) => Buffer.from(text.padEnd(17, "-")));
  const name = randomBytes(6).toString("hex");
  const limits = Array.from({ length: processes }, () =>
    createLimit(limitCount, { name, max, windowSeconds: 60, ownMax }),
  );
  return async (key: string, times: number): Promise<number> => {
    let letThrough = 0;
    for (let time = 0; time < times; time += 1) {
      const limit = limits[time % processes];
      if (limit === undefined || (await limit.spend(key)) !== undefined) continue;
      letThrough += 1;
    }
    return letThrough;
  };
}

test("whoever comes once or twice costs Redis nothing, and is counted when they come more often", async () => {
  const spend = limitIn(1, ownShare(max));
  const key = randomUUID().slice(0, 8);
  const commands = (times: number) => listRedisCommands(redis.url, () => spend(key, times));
  expect(await commands(2)).toEqual([]);
  expect(await commands(1)).toHaveLength(1);
  expect(await spend(key, max)).toBe(max - 3);
});

test("all processes together let through what the limit says, and no more than their own share beside it", async () => {
  const exact = limitIn(4, 0);
  expect(await exact("everywhere", 3 * max)).toBe(max);
  const shared = limitIn(4, ownShare(max));
  const letThrough = await shared("everywhere", 3 * max);
  expect(letThrough).toBeGreaterThanOrEqual(max);
  expect(letThrough).toBeLessThanOrEqual(max + 4 * ownShare(max));
});

test("a limit below sixteen is exact", () => {
  expect([1, 10, 15, 16, 60].map(ownShare)).toEqual([0, 0, 0, 1, 3]);
});
