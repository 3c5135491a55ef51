import { randomUUID } from "node:crypto";
import { once } from "node:events";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import type { SeatNews } from "../../domain/seat-news.ts";
import { eventually } from "../../tests/eventually.ts";
import { listRedisCommands } from "../../tests/list-redis-commands.ts";
import { startRedis } from "../../tests/redis-servers.ts";
import type { RedisServers } from "../../tests/redis-servers.ts";
import { createRedis } from "./create-redis.ts";
import { createSeatFollower, createSeatPublisher } from "./seat-feed.ts";
import { createSeatLocks } from "./seat-locks.ts";

let servers: RedisServers;

beforeAll(async () => {
  servers = await startRedis();
}, 60_000);
afterAll(() => servers.close(), 30_000);

test("news of a whole hall is all heard, once and in order, in messages of five hundred seats at the most", async () => {
  const connect = () =>
    createRedis({ redisUrl: servers.url, component: "seats", onError: () => undefined });
  const [publishing, following] = [connect(), connect()];
  await Promise.all([once(publishing, "ready"), once(following, "ready")]);
  const heard: SeatNews[][] = [];
  const follower = createSeatFollower(following);
  follower.listen({ onNews: (_, seats) => heard.push(seats), onGap: () => undefined });
  const showId = randomUUID();
  await follower.follow(showId);
  const tell = createSeatPublisher(publishing);
  const hall = Array.from({ length: 1_201 }, (_, at): SeatNews => ({
    ...{ seatId: `A${at + 1}`, status: "blocked", version: 1, heldUntilMs: null },
  }));
  tell(showId, []);
  tell(showId, hall);
  await eventually(async () => heard.flat().length >= hall.length);
  expect(heard.flat()).toEqual(hall);
  expect(heard.map(({ length }) => length)).toEqual([500, 500, 201]);
  publishing.disconnect();
  following.disconnect();
});

test("the locks of seats that a booking gives back are gone before anybody hears of it, and nobody else's are", async () => {
  const redis = createRedis({
    redisUrl: servers.url,
    component: "seats",
    onError: () => undefined,
  });
  await once(redis, "ready");
  const locks = createSeatLocks(redis);
  const [showId, giver, other] = [randomUUID(), randomUUID(), randomUUID()];
  await locks.take({ showId, bookingId: giver, seatIds: ["A1", "A2"] });
  await locks.take({ showId, bookingId: other, seatIds: ["A3"] });
  const seat = { version: 2, heldUntilMs: null };
  const news: SeatNews[] = [
    { ...seat, seatId: "A1", status: "available" },
    { ...seat, seatId: "A2", status: "held" },
    { ...seat, seatId: "A3", status: "available" },
  ];
  const tell = createSeatPublisher(redis);
  const commands = await listRedisCommands(servers.url, async () => {
    tell(showId, news, giver);
    await eventually(async () => (await locks.owners({ showId, seatIds: ["A1"] }))[0] === null);
  });
  const names = commands.map(([name = ""]) => name.toLowerCase());
  expect(names).toContain("spublish");
  expect(names.findIndex((name) => name.startsWith("eval"))).toBeLessThan(
    names.indexOf("spublish"),
  );
  expect(await locks.owners({ showId, seatIds: ["A1", "A2", "A3"] })).toEqual([null, giver, other]);
  redis.disconnect();
});
