import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";

import { listLines, reserveEntries } from "../../adapters/postgres/lines.ts";
import { createRedis } from "../../adapters/redis/create-redis.ts";
import type { RedisClient } from "../../adapters/redis/create-redis.ts";
import { createLineStore, minuteOf } from "../../adapters/redis/line.ts";
import type { LineStore } from "../../adapters/redis/line.ts";
import { createDatabase } from "../../tests/databases.ts";
import type { TestDatabase } from "../../tests/databases.ts";
import { eventually } from "../../tests/eventually.ts";
import { plantLine } from "../../tests/plant-line.ts";
import { plantShow } from "../../tests/plant-show.ts";
import { startRedis } from "../../tests/redis-servers.ts";
import type { RedisServers } from "../../tests/redis-servers.ts";
import type { TurnFacts } from "./line-flow.ts";
import { createShowLine } from "./show-line.ts";
import type { ShowLine } from "./show-line.ts";

// The line of a show in two processes, turned by hand, in front of a Redis that loses everything.

let database: TestDatabase;
let servers: RedisServers;
let redis: RedisClient;
let store: LineStore;
let show: { showId: string; drawAtMs: number };
let one: ShowLine;
let other: ShowLine;

beforeAll(async () => {
  [database, servers] = await Promise.all([createDatabase(), startRedis()]);
  redis = createRedis({ redisUrl: servers.url, component: "line", onError: () => undefined });
  await eventually(async () => redis.status === "ready");
  store = createLineStore(redis);
}, 60_000);
afterAll(async () => {
  redis.disconnect();
  await servers.close();
  await database.drop();
}, 30_000);

beforeEach(async () => {
  show = { showId: await plantShow(database.pool, { seats: 1 }), drawAtMs: 0 };
  await plantLine(database.pool, show.showId);
  one = await openProcess();
  other = await openProcess();
  // The first turn puts the new line together, and the first that sees it says to PostgreSQL how far it is.
  for (const process of [one, one, other]) await process.turn(roomFor(0));
});

test("a line that Redis has lost goes on where it was, whichever process has called people", async () => {
  await callSix();
  // PostgreSQL's word is seconds old.
  expect(await rulesOf()).toMatchObject({ served: 0 });
  await redis.flushall();
  for (const process of [one, other, one, other, one]) {
    await process.turn(roomFor(10));
    // Nobody hears that it is not their turn after all.
    expect(process.view()).toMatchObject({ served: 6 });
  }

  for (const process of [one, other]) {
    expect(process.view()).toMatchObject({ phase: "recovering", served: 6, inside: 6 });
    expect(process.standing(6)).toMatchObject({ state: "called" });
    expect(process.standing(7)).toMatchObject({ state: "waiting", ahead: 0 });
  }
});

test("who was called before a loss comes in after it, and nobody else does until old passes have ended", async () => {
  const people = await callSix();
  await redis.flushall();
  await one.turn(roomFor(10));
  // Only one process has spoken: those whom the other has called have missed nothing.
  await one.turn(roomFor(10));
  expect(await enter(people, 3)).toMatchObject({ outcome: "inside" });
  expect(await enter(people, 6)).toEqual({ outcome: "waiting" });
  await other.turn(roomFor(10));
  expect(await enter(people, 6)).toMatchObject({ outcome: "inside" });
  expect(await enter(people, 7)).toEqual({ outcome: "waiting" });
  await one.turn(roomFor(10));
  expect(one.view()).toMatchObject({ served: 6, inside: 6 });
});

test.each([
  ["that has heard of it", () => [one, other, one, other, one]],
  ["that has called them", () => [other, one, other, one, other, one]],
])(
  "who has left before a loss does not come in again, and first speaks the process %s",
  async (_which, turns) => {
    const people = await callSix();
    await store.leave(show, { person: people[0] ?? "", entry: 1, number: 1 });
    // The room of the first goes to the seventh by a process that has not called the first.
    await other.turn(roomFor(6));
    expect(other.view()).toMatchObject({ served: 7, inside: 6 });
    await redis.flushall();
    // The first turn puts the line together, and those after it speak.
    for (const process of turns()) await process.turn(roomFor(6));

    for (const process of [one, other]) {
      expect(process.view()).toMatchObject({ served: 7, inside: 6 });
      expect(process.hasEnded(1)).toBe(true);
    }
    expect(await enter(people, 1)).toEqual({ outcome: "missed" });
    expect(await enter(people, 7)).toMatchObject({ outcome: "inside" });
  },
);

test("who leaves while the line is put together again is not put back", async () => {
  const people = await callSix();
  await redis.flushall();
  for (const process of [one, one, other]) await process.turn(roomFor(10));
  await store.leave(show, { person: people[5] ?? "", entry: 6, number: 6 });
  await store.remind(show, {
    ...{ served: 6, ended: [], called: [[6, Date.now() + 60_000]] },
  });
  await one.turn(roomFor(10));
  expect(one.view()).toMatchObject({ served: 6, inside: 5 });
});

test("a line that is made before it opens has no passes to wait for, whichever process was the first", async () => {
  show = { showId: await plantShow(database.pool, { seats: 1 }), drawAtMs: 0 };
  await plantLine(database.pool, show.showId, { opensMs: 60_000 });
  one = await openProcess();
  // The first one here is the second one in Redis.
  await reserveEntries(database.pool, show.showId, 2_000);
  await one.turn(roomFor(10));
  const quietUntilMs = await redis.hget(`line:{${show.showId}}:state`, "quiet");
  expect(Number(quietUntilMs)).toBeLessThanOrEqual(Date.now());
});

test("whoever is passed over makes a line no faster", async () => {
  await callSix();
  await redis.del(await redis.keys(`line:{${show.showId}}:present:*`));
  await one.turn(roomFor(10));
  expect(one.view()).toMatchObject({ served: 8, inside: 6 });
  expect(one.progress()).toMatchObject({ calledInAll: 6 });
});

test("a line that was not lost does not listen to what is remembered", async () => {
  await callSix();
  await store.remind(show, {
    ...{ served: 8, ended: [1], called: [[8, Date.now() + 60_000]] },
  });
  await one.turn(roomFor(6));
  expect(one.view()).toMatchObject({ served: 6, inside: 6 });
});

test("who was heard of before the draw keeps the place across it, and who has left or was never heard of is passed over", async () => {
  show = { showId: await plantShow(database.pool, { seats: 1 }), drawAtMs: Date.now() + 5_000 };
  await plantLine(database.pool, show.showId, { opensMs: -10_000, drawMs: 5_000 });
  one = await openProcess();
  other = await openProcess();
  for (const process of [one, one, other]) await process.turn(roomFor(0));
  const people = Array.from({ length: 5 }, () => randomUUID());
  for (const person of people) await store.join(show, { person });
  one.standing(1);
  for (const entry of [2, 3, 4]) other.standing(entry);
  const [, left = "", back = ""] = people;
  for (const [person, entry] of [
    [left, 2],
    [back, 3],
  ] as const) {
    await store.leave(show, { person, entry, number: null });
  }
  await store.join(show, { person: back });

  await eventually(async () => {
    for (const process of [one, other]) await process.turn(roomFor(0));
    return [one, other].every((process) => process.numberOf(1) !== null);
  });
  // Nobody asks again, and nobody is called for a minute: the presence that later turns will find is what counts.
  const minute = minuteOf(Date.now());
  const isHeard = async (entry: number) => {
    const at = (back: number) => `line:{${show.showId}}:present:${minute - back}`;
    const bits = await Promise.all(
      [-1, 0, 1].map((back) => redis.getbit(at(back), one.numberOf(entry) ?? 0)),
    );
    return bits.includes(1);
  };
  await eventually(async () => {
    for (const process of [one, other]) await process.turn(roomFor(0));
    return (await isHeard(1)) && (await isHeard(4));
  });
  expect(await Promise.all([1, 2, 3, 4, 5].map(isHeard))).toEqual([true, false, true, true, false]);
});

async function openProcess(): Promise<ShowLine> {
  const seed = Buffer.alloc(32);
  const line = createShowLine({ rules: await rulesOf(), store, db: database.pool, seed });
  await eventually(async () => line.isReady());
  return line;
}

async function rulesOf() {
  const rules = (await listLines(database.pool)).find(({ showId }) => showId === show.showId);
  if (rules === undefined) throw new Error("The line is not open");
  return rules;
}

/** Of eight who come, the first three are called by one process and the next three by the other. Returns all, in their order. */
async function callSix(): Promise<string[]> {
  const people = Array.from({ length: 8 }, () => randomUUID());
  for (const person of people) await store.join(show, { person });
  await one.turn(roomFor(3));
  await other.turn(roomFor(6));
  await one.turn(roomFor(6));
  expect(one.view()).toMatchObject({ served: 6, inside: 6 });
  return people;
}

async function enter(people: readonly string[], number: number) {
  const person = people[number - 1] ?? "";
  const wish = { userId: person, insideMs: 120_000 };
  return store.enter(show, { person, entry: number, number }, wish);
}

/** Nobody chooses, and so many hold seats. */
function roomFor(people: number): TurnFacts {
  const unsold = { free: 0, held: people, holders: people };
  return { unsold, ordersWaiting: 0, pace: { perSecond: 1_000, limitedBy: "load" } } as TurnFacts;
}
