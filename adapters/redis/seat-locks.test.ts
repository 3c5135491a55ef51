import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

import type { WantedPlaces } from "../../domain/hold.ts";
import { eventually } from "../../tests/eventually.ts";
import { startRedis, startRedisCluster } from "../../tests/redis-servers.ts";
import type { RedisServers } from "../../tests/redis-servers.ts";
import { Cluster } from "ioredis";

import { createRedis } from "./create-redis.ts";
import type { RedisClient } from "./create-redis.ts";
import { createSeatLocks } from "./seat-locks.ts";
import type { SeatLocks } from "./seat-locks.ts";

const kinds = { "one server": startRedis, "a cluster of three nodes": startRedisCluster };

describe.each(Object.entries(kinds))("on %s", (_kind, start) => {
  let servers: RedisServers;
  let redis: RedisClient;
  let locks: SeatLocks;
  beforeAll(async () => {
    servers = await start();
    redis = createRedis({
      redisUrl: servers.url,
      component: "lock-test",
      onError: () => undefined,
    });
    locks = createSeatLocks(redis);
    await eventually(async () => isConnected(redis));
  }, 60_000);
  afterAll(async () => {
    redis.disconnect();
    await servers.close();
  }, 30_000);

  test("all of the seats or none: whoever comes second is told which are taken, and locks nothing", async () => {
    const showId = randomUUID();
    const first = { showId, bookingId: randomUUID(), seatIds: ["A1", "A2"] };
    const second = { showId, bookingId: randomUUID(), seatIds: ["A2", "A3"] };
    expect(await locks.take(first)).toEqual({ outcome: "taken", newSeatIds: ["A1", "A2"] });
    const taken = [{ seatId: "A2", owner: first.bookingId }];
    expect(await locks.take(second)).toMatchObject({ outcome: "refused", taken });
    expect(await locks.owners({ showId, seatIds: ["A1", "A2", "A3"] })).toEqual([
      ...[first.bookingId, first.bookingId],
      null,
    ]);
  });

  test("a repeat is let pass, and is told that it has nothing new to give back", async () => {
    const lock = { showId: randomUUID(), bookingId: randomUUID(), seatIds: ["A1", "A2"] };
    await locks.take({ ...lock, seatIds: ["A1"] });
    expect(await locks.take(lock)).toEqual({ outcome: "taken", newSeatIds: ["A2"] });
    expect(await locks.take(lock)).toEqual({ outcome: "taken", newSeatIds: [] });
  });

  test("of an area the first candidates that nobody has are taken, with the seats of the order or not at all", async () => {
    const showId = randomUUID();
    const floor = (quantity: number, ...candidates: string[]) => [
      { area: "F", quantity, candidates },
    ];
    const take = (seatIds: string[], places: WantedPlaces[], bookingId: string = randomUUID()) =>
      locks.take({ showId, bookingId, seatIds, places });
    expect(await take(["A1"], floor(2, "F:1", "F:2", "F:3"))).toEqual({
      outcome: "taken",
      newSeatIds: ["A1", "F:1", "F:2"],
    });
    expect(await take(["A2"], floor(2, "F:1", "F:2", "F:3"))).toEqual({
      ...{ outcome: "refused", taken: [], areas: ["F"] },
    });
    expect(await take(["A1"], floor(1, "F:3"))).toMatchObject({
      taken: [{ seatId: "A1" }],
      areas: [],
    });
    const others = [...floor(1, "F:1", "F:3"), { area: "G", quantity: 1, candidates: ["G:7"] }];
    const bookingId = randomUUID();
    expect(await take(["A2"], others, bookingId)).toEqual({
      ...{ outcome: "taken", newSeatIds: ["A2", "F:3", "G:7"] },
    });
    // Asked again it passes with what it has, wherever it would look now.
    const repeat = () => take(["A2"], floor(1, "F:9"), bookingId);
    expect(await repeat()).toEqual({ outcome: "taken", newSeatIds: [] });
    await locks.release({ showId, bookingId, seatIds: ["A2", "F:3", "G:7"] });
    expect(await repeat()).toEqual({ outcome: "taken", newSeatIds: ["A2", "F:9"] });
  });

  test("locks are given back by their owner alone", async () => {
    const lock = { showId: randomUUID(), bookingId: randomUUID(), seatIds: ["A1"] };
    await locks.take(lock);
    await locks.release({ ...lock, bookingId: randomUUID() });
    expect(await locks.owners(lock)).toEqual([lock.bookingId]);
    await locks.release(lock);
    expect(await locks.owners(lock)).toEqual([null]);
  });

  test("each lock ends by itself after a day, and a thousand are read and corrected as one is", async () => {
    const [showId, bookingId] = [randomUUID(), randomUUID()];
    const seatIds = Array.from({ length: 1_001 }, (_, index) => `A${index}`);
    const corrections = seatIds.map((seatId) => ({ seatId, from: null, to: bookingId }));
    await locks.take({ showId, bookingId: randomUUID(), seatIds: ["B1"] });
    await locks.correct({ showId, corrections });
    expect(await locks.owners({ showId, seatIds })).toEqual(seatIds.map(() => bookingId));
    for (const seatId of ["A1", "B1"]) {
      const seconds = await redis.ttl(`lock:show:{${showId}}:seat:${seatId}`);
      expect([86_399, 86_400]).toContain(seconds);
    }
  });

  test("a correction changes only what still is as it was seen", async () => {
    const [showId, stranger, owner] = [randomUUID(), randomUUID(), randomUUID()];
    await locks.take({ showId, bookingId: stranger, seatIds: ["A1", "A2", "A4"] });
    const corrections = [
      { seatId: "A1", from: stranger, to: null },
      { seatId: "A2", from: stranger, to: owner },
      { seatId: "A3", from: null, to: owner },
      { seatId: "A4", from: null, to: owner },
    ];
    await locks.correct({ showId, corrections });
    expect(await locks.owners({ showId, seatIds: ["A1", "A2", "A3", "A4"] })).toEqual([
      ...[null, owner, owner],
      stranger,
    ]);
  });

  test("shows on every node, halls of 1,201 seats, and a server that has forgotten the scripts", async () => {
    const seatIds = Array.from({ length: 1_201 }, (_, index) => `A${index}`);
    const bookingId = randomUUID();
    for (const showId of await servers.showOnEach()) {
      await Promise.all(servers.clients.map((client) => client.script("FLUSH")));
      const corrections = seatIds.map((seatId) => ({ seatId, from: null, to: bookingId }));
      await locks.correct({ showId, corrections });
      expect(new Set(await locks.owners({ showId, seatIds }))).toEqual(new Set([bookingId]));
      expect(await locks.take({ showId, bookingId: randomUUID(), seatIds: ["A1"] })).toMatchObject({
        outcome: "refused",
        taken: [{ seatId: "A1", owner: bookingId }],
      });
    }
  });

  test("a server that does not answer is unknown within 0.1 s, and is not asked for nothing", async () => {
    const [showId = ""] = await servers.showOnEach();
    const lock = { showId, bookingId: randomUUID(), seatIds: ["A1"] };
    servers.stall();
    const startedAt = performance.now();
    const locked = await locks.take(lock);
    const took = performance.now() - startedAt;
    const nothing = await locks.take({ ...lock, seatIds: [] });
    servers.goOn();
    expect(locked).toEqual({ outcome: "unknown" });
    expect(nothing).toEqual({ outcome: "taken", newSeatIds: [] });
    expect(took).toBeLessThan(100);
  });
});

function isConnected(redis: RedisClient): boolean {
  const nodes = redis instanceof Cluster ? redis.nodes() : [];
  return [redis, ...nodes].every(({ status }) => status === "ready");
}
