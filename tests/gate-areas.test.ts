import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { showIds } from "../domain/ids.ts";
import type { Buyer } from "../local/buyer.ts";
import { countStatements } from "./count-statements.ts";
import { eventually } from "./eventually.ts";
import { listRedisCommands } from "./list-redis-commands.ts";
import { plantShow } from "./plant-show.ts";
import { startRedis } from "./redis-servers.ts";
import type { RedisServers } from "./redis-servers.ts";
import { startSystem } from "./system.ts";
import type { System } from "./system.ts";

// What a refusal costs where an area is full, and whom it must not refuse.

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

async function plantFloor(places: number) {
  const id = await plantShow(system.database.pool, { places });
  const floor = (quantity: number) => [{ area: "FLOOR", quantity }];
  return { id, showId: showIds.encode(id), floor };
}

type Order = Parameters<Buyer["reserve"]>[0];

async function expectFull(order: Order, times: number) {
  for (let time = 0; time < times; time += 1) {
    const { status, body } = await ben.reserve(order);
    expect([status, body.code]).toEqual([409, "AREA_FULL"]);
  }
}

/** Of the refusals: the comparison of the show's locks every two seconds is not of them, and no look at its seats either. */
async function costOf(id: string, work: () => Promise<void>) {
  let asked: string[][] = [];
  const counted = await countStatements(system.database.pool, async () => {
    asked = await listRedisCommands(redis.url, work);
  });
  const isOfShow = ([name = "", ...args]: string[]) =>
    !/^(mget|ssubscribe)$/i.test(name) && args.some((arg) => arg.includes(id));
  const commands = asked.filter(isOfShow).length;
  // The last one is of the checkout process that was killed: once it is back it looks at the bookings that it left.
  const shared =
    /booking_id as owner|select seat_id as "seatId", status, version|from bookings booking/;
  const statements = [...counted].filter(([text]) => !shared.test(text));
  return { commands, statements };
}

/** The booking has paid; how, does not matter here. */
async function sell(id: string) {
  await system.database.pool.query(
    `update show_seats set status = 'booked', held_until = null, booking_id = coalesce(booking_id, $2),
       user_id = coalesce(user_id, $2) where show_id = $1`,
    [id, randomUUID()],
  );
}

test("an order that a full area refuses costs one Redis command, no SQL, and nothing of the checkout service", async () => {
  const { id, showId, floor } = await plantFloor(4);
  expect((await asha.reserve({ showId, places: floor(3) })).status).toBe(201);
  await expectFull({ showId, places: floor(2) }, 1);
  await system.kill("checkout");
  const cost = await costOf(id, () => expectFull({ showId, places: floor(2) }, 100));
  await system.start("checkout");
  expect(cost).toEqual({ commands: 100, statements: [] });
}, 60_000);

test("an area that is known to be sold out refuses without asking anybody", async () => {
  const { id, showId, floor } = await plantFloor(4);
  await sell(id);
  const order = { showId, places: floor(1) };
  await eventually(async () => (await costOf(id, () => expectFull(order, 1))).commands === 0);
  expect(await costOf(id, () => expectFull(order, 100))).toEqual({ commands: 0, statements: [] });
}, 60_000);

test("a repeated order hears of its own places: while the area is full, when Redis has lost them, and when they are known to be sold", async () => {
  const { id, showId, floor } = await plantFloor(2);
  const order = { showId, places: floor(2) };
  const key = randomUUID();
  const { status: firstStatus, body: first } = await asha.reserve(order, key);
  expect([firstStatus, first.seatIds]).toEqual([201, ["FLOOR:000001", "FLOOR:000002"]]);
  const repeat = async () => {
    const { status, body } = await asha.reserve(order, key);
    return [status, body];
  };
  expect(await repeat()).toEqual([201, first]);
  await redis.clients[0]?.flushall();
  await eventually(async () => (await repeat())[0] === 201, 5_000);
  await sell(id);
  await eventually(async () => {
    const cost = await costOf(id, () => expectFull(order, 1));
    return cost.commands === 0;
  });
  expect(await repeat()).toEqual([201, first]);
  await expectFull(order, 1);
  const reused = await asha.reserve({ showId, places: floor(1) }, key);
  expect(reused.body.code).toBe("IDEMPOTENCY_KEY_REUSED");
}, 60_000);

test("locks are where the places are that the hold really got, and go when it is cancelled", async () => {
  const { id, showId, floor } = await plantFloor(40);
  const keysOf = async () => (await redis.clients[0]?.keys(`lock:show:{${id}}:seat:*`))?.toSorted();
  // Taken behind the gate's back, while nobody has looked yet: all but the last two.
  await asha.get(`/v1/shows/${showId}/seats`);
  await system.database.pool.query(
    `update show_seats set status = 'booked', booking_id = $2, user_id = $2
     where show_id = $1 and seat_id <= 'FLOOR:000038'`,
    [id, randomUUID()],
  );
  const { status, body } = await ben.reserve({ showId, places: floor(2) });
  expect([status, body.seatIds]).toEqual([201, ["FLOOR:000039", "FLOOR:000040"]]);
  await eventually(async () => {
    const keys = await keysOf();
    return keys?.includes(`lock:show:{${id}}:seat:FLOOR:000039`) && keys.length === 40;
  });
  expect((await ben.cancel(body.bookingId)).status).toBeLessThan(300);
  await eventually(async () => (await keysOf())?.length === 38);
  expect(await redis.clients[0]?.keys(`lock:show:{${id}}:booking:*`)).toEqual([]);
}, 60_000);

test("nobody names a place by its id, and what an order may ask for is bounded", async () => {
  const { showId, floor } = await plantFloor(40);
  const codeOf = async (order: Omit<Order, "showId">) => {
    const { status, body } = await asha.reserve({ showId, ...order });
    return `${status} ${body.code ?? ""}`;
  };
  expect(await codeOf({ seatIds: ["FLOOR:000001"] })).toBe("400 REQUEST_INVALID");
  expect(await codeOf({ places: [{ area: "LAWN", quantity: 1 }] })).toBe("400 AREA_UNKNOWN");
  expect(await codeOf({ places: floor(0) })).toBe("400 SEATS_EMPTY");
  expect(await codeOf({ places: [...floor(1), ...floor(1)] })).toBe("400 REQUEST_INVALID");
  expect(await codeOf({ places: floor(21) })).toBe("400 SEATS_TOO_MANY");
  expect(await codeOf({ places: [...floor(20), { area: "LAWN", quantity: 1 }] })).toBe(
    "400 SEATS_TOO_MANY",
  );
  expect(await codeOf({ seatIds: [], places: [] })).toBe("400 SEATS_EMPTY");
  expect(await codeOf({ places: floor(11) })).toBe("409 SEAT_LIMIT_REACHED");
}, 30_000);
