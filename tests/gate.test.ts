import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { showIds } from "../domain/ids.ts";
import type { Buyer } from "../local/buyer.ts";
import { countStatements } from "./count-statements.ts";
import type { StatementCount } from "./count-statements.ts";
import { eventually } from "./eventually.ts";
import { listRedisCommands } from "./list-redis-commands.ts";
import { plantShow } from "./plant-show.ts";
import { startRedis } from "./redis-servers.ts";
import type { RedisServers } from "./redis-servers.ts";
import { startSystem } from "./system.ts";
import type { System } from "./system.ts";

// What a refusal costs, and whom it must not refuse.

let redis: RedisServers;
let system: System;
let asha: Buyer;
let ben: Buyer;

beforeAll(async () => {
  redis = await startRedis();
  system = await startSystem(["api", "checkout", "identity"], { REDIS_URL: redis.url });
  [asha, ben] = await Promise.all([system.signIn(randomUUID()), system.signIn(randomUUID())]);
}, 120_000);
afterAll(async () => {
  await system.close();
  await redis.close();
}, 30_000);

async function plantPublicShow(seats = 10) {
  const id = await plantShow(system.database.pool, { seats });
  return { id, showId: showIds.encode(id) };
}

async function expectRefused(order: { showId: string; seatIds: string[] }, times: number) {
  for (let time = 0; time < times; time += 1) {
    const { status, body } = await ben.reserve(order);
    expect([status, body.code]).toEqual([409, "SEAT_TAKEN"]);
  }
}

/** Nothing can be asked of the checkout service meanwhile: it is dead. */
async function withoutCheckout(work: () => Promise<void>) {
  await system.kill("checkout");
  try {
    await work();
  } finally {
    await system.start("checkout");
    const { showId } = await plantPublicShow();
    await eventually(async () => (await asha.reserve({ showId, seatIds: ["A1"] })).status === 201);
  }
}

/** What clients ask of Redis meanwhile, by command. */
async function countRedisCommands(work: () => Promise<void>): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const [command = ""] of await listRedisCommands(redis.url, work)) {
    const name = command.toLowerCase();
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/** The booking has paid; how, does not matter here. */
async function sell(showId: string, seatIds: string[], bookingId: string = randomUUID()) {
  await system.database.pool.query(
    `update show_seats set status = 'booked', held_until = null, booking_id = coalesce(booking_id, $3),
       user_id = coalesce(user_id, $3) where show_id = $1 and seat_id = any($2)`,
    [showId, seatIds, bookingId],
  );
}

/** For so long the process repeats what Redis has said. */
const rememberMs = 250;

/** Until a refusal asks Redis nothing, for longer than what Redis said is repeated: this process has read that the seat is sold. */
async function untilKnown(order: { showId: string; seatIds: string[] }) {
  await eventually(async () => {
    const commands = await countRedisCommands(async () => {
      const startedAt = performance.now();
      while (performance.now() - startedAt < rememberMs * 1.5) await expectRefused(order, 1);
    });
    return commands["evalsha"] === undefined;
  });
}

test("a refused reserve costs a Redis command in a quarter of a second, no SQL, and nothing of the checkout service, which is dead", async () => {
  const { showId } = await plantPublicShow();
  const order = { showId, seatIds: ["A1", "A2"] };
  expect((await asha.reserve({ showId, seatIds: ["A2"] })).status).toBe(201);
  await expectRefused(order, 1);

  let statements = new Map<string, StatementCount>();
  let commands: Record<string, number> = {};
  let tookMs = 0;
  await withoutCheckout(async () => {
    const startedAt = performance.now();
    commands = await countRedisCommands(async () => {
      statements = await countStatements(system.database.pool, () => expectRefused(order, 200));
    });
    tookMs = performance.now() - startedAt;
  });
  const comparisons = 1 + Math.ceil(tookMs / 2_000);
  const { mget = 0, evalsha = 0, ...others } = commands;
  expect(others).toEqual({});
  expect(evalsha).toBeGreaterThan(0);
  expect(evalsha).toBeLessThanOrEqual(1 + Math.ceil(tookMs / rememberMs));
  // Not of the refusals: the show is held against PostgreSQL every two seconds, however many are refused.
  expect(mget).toBeLessThanOrEqual(comparisons);
  const otherStatements = [...statements].filter(([text]) => !text.includes("booking_id as owner"));
  expect(otherStatements).toEqual([]);
  const reads = [...statements.values()].reduce((sum, { calls }) => sum + calls, 0);
  expect(reads).toBeLessThanOrEqual(comparisons);
}, 60_000);

test("a seat that is ordered is shown as held before it is, and as free as soon as the order was refused", async () => {
  const { id, showId } = await plantPublicShow();
  const look = async () => {
    const response = await fetch(`${system.addresses.api}/v1/shows/${showId}/seats`);
    const { seats } = (await response.json()) as { seats: { id: string; status: string }[] };
    return seats.slice(0, 2).map(({ status }) => status);
  };
  expect(await look()).toEqual(["available", "available"]);
  const client = await system.database.pool.connect();
  try {
    // The hold statement has to wait for these rows.
    await client.query("begin");
    await client.query("select from show_seats where show_id = $1 for update", [id]);
    const wrongPrice = { expectedTotal: { amountMinor: 1, currency: "GBP" } };
    const order = ben.reserve({ showId, seatIds: ["A1", "A2"], ...wrongPrice });
    await eventually(async () => (await look()).every((status) => status === "held"));
    await client.query("rollback");
    expect((await order).body).toMatchObject({ code: "PRICE_CHANGED" });
  } finally {
    client.release(true);
  }
  expect(await look()).toEqual(["available", "available"]);
  expect((await asha.reserve({ showId, seatIds: ["A1"] })).status).toBe(201);
  await eventually(async () => (await look())[0] === "held");
});

test("who comes before the sale opens, or hammers a seat that is kept for others, costs nobody anything", async () => {
  const early = await plantPublicShow();
  await system.database.pool.query(
    "update shows set sales_open_at = now() + interval '1 hour' where show_id = $1",
    [early.id],
  );
  const kept = await plantPublicShow();
  await system.database.pool.query(
    "insert into show_channels (show_id, channel, name) values ($1, 'house', 'The house')",
    [kept.id],
  );
  await system.database.pool.query(
    "update show_seats set channel = 'house' where show_id = $1 and seat_id = 'A1'",
    [kept.id],
  );
  const hear = async (showId: string) => {
    const { status, body } = await ben.reserve({ showId, seatIds: ["A1"] });
    return `${status} ${body.code}`;
  };
  const answers = new Set<string>();
  const hammer = async () => {
    const startedAt = performance.now();
    while (performance.now() - startedAt < 300) {
      answers.add(await hear(early.showId)).add(await hear(kept.showId));
    }
  };
  let heardAt: number;
  let cost: unknown[];
  let looks = 0;
  do {
    looks += 1;
    // What this process has to read once of each show, and remembers for a second: a slower count would say nothing.
    heardAt = performance.now();
    expect(await hear(early.showId)).toBe("409 SHOW_NOT_ON_SALE");
    expect(await hear(kept.showId)).toBe("409 SEAT_HELD_BACK");
    let statements = new Map<string, StatementCount>();
    const commands = await countRedisCommands(async () => {
      statements = await countStatements(system.database.pool, hammer);
    });
    cost = [...Object.keys(commands), ...statements];
    // A checkout of the test before may ask for its booking meanwhile; what a refusal costs is there in each look.
  } while (performance.now() - heardAt > 1_000 || (cost.length > 0 && looks < 3));
  expect([...answers].toSorted()).toEqual(["409 SEAT_HELD_BACK", "409 SHOW_NOT_ON_SALE"]);
  expect(cost).toEqual([]);
}, 30_000);

test("a sold-out show is known in this process: a refused reserve costs no Redis command either", async () => {
  const { id, showId } = await plantPublicShow(4);
  const seatIds = ["A1", "A2", "A3", "A4"];
  await sell(id, seatIds);
  await untilKnown({ showId, seatIds });
  const commands = await countRedisCommands(() => expectRefused({ showId, seatIds }, 200));
  expect(commands["evalsha"]).toBeUndefined();
});

test("a seat that is sold stays refused by Redis alone", async () => {
  const { id, showId } = await plantPublicShow();
  await asha.reserve({ showId, seatIds: ["A1"] });
  await sell(id, ["A1"]);
  await withoutCheckout(() => expectRefused({ showId, seatIds: ["A1"] }, 1));
});

test("a repeated key finds its own booking while the seat is held, when its lock is lost, and when the seat is known to be sold", async () => {
  const { id, showId } = await plantPublicShow();
  const order = { showId, seatIds: ["A1"] };
  const key = randomUUID();
  const { status: firstStatus, body: first } = await asha.reserve(order, key);
  expect(firstStatus).toBe(201);
  const repeats = async () => {
    const { status, body } = await asha.reserve(order, key);
    expect([status, body]).toEqual([201, first]);
  };
  await repeats();
  await redis.clients[0]?.flushall();
  await repeats();
  await sell(id, ["A1"]);
  await untilKnown(order);
  await repeats();
  await expectRefused(order, 1);
}, 30_000);

test("a repeated key does not unlock seats that were sold to it", async () => {
  const { id, showId } = await plantPublicShow();
  const key = randomUUID();
  await asha.reserve({ showId, seatIds: ["A1"] }, key);
  await sell(id, ["A1"]);
  await system.database.pool.query(
    "update bookings set held_until = now() - interval '1 hour' where show_id = $1",
    [id],
  );
  await asha.reserve({ showId, seatIds: ["A1"] }, key);
  expect(await redis.clients[0]?.exists(`lock:show:{${id}}:seat:A1`)).toBe(1);
});
