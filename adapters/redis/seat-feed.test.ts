import { randomUUID } from "node:crypto";
import { once } from "node:events";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import type { SeatNews } from "../../domain/seat-news.ts";
import { eventually } from "../../tests/eventually.ts";
import { startRedis } from "../../tests/redis-servers.ts";
import type { RedisServers } from "../../tests/redis-servers.ts";
import { createRedis } from "./create-redis.ts";
import { createSeatFollower, createSeatPublisher } from "./seat-feed.ts";

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
