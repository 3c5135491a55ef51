import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";

import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";

import { findViolations } from "../adapters/postgres/audit/find-violations.ts";
import { getSeatStatuses } from "../adapters/postgres/catalogue.ts";
import { bookingIds, showIds } from "../domain/ids.ts";
import type { Buyer } from "../local/buyer.ts";
import { eventually } from "./eventually.ts";
import { mutateFunction } from "./mutate-function.ts";
import { plantShow } from "./plant-show.ts";
import { startRedis } from "./redis-servers.ts";
import type { RedisServers } from "./redis-servers.ts";
import { findDoubleHolds, startSmallSale } from "./small-sale.ts";
import type { SmallSale } from "./small-sale.ts";
import { startSystem } from "./system.ts";
import type { System } from "./system.ts";

// Redis forgets, stalls or lies in the middle of a sale.

let redis: RedisServers;
let system: System;
let crowd: Buyer[];
let running: SmallSale | undefined;

beforeAll(async () => {
  redis = await startRedis();
  system = await startSystem(["api", "checkout", "payments", "stripe", "identity"], {
    REDIS_URL: redis.url,
    HOLD_SECONDS: "60",
  });
  // These buyers go from seat to seat without a pause: the gate is what is looked at.
  await mutateFunction(system.database.pool, "paused_until", (source) =>
    source.replace("p_lettings > 3", "false"),
  );
  crowd = await Promise.all(Array.from({ length: 6 }, () => system.signIn(randomUUID())));
}, 120_000);
afterAll(async () => {
  await system.close();
  await redis.close();
}, 30_000);

// The crowd of a failed test stands in nobody's way.
afterEach(() => running?.stop().catch(() => undefined), 60_000);

const seats = 40;
const seatsMax = 3;
const seatIds = Array.from({ length: seats }, (_, index) => `A${index + 1}`);
/** What the crowd leaves alone. */
const soldSeat = "A40";
const heldSeat = "A39";
const freeSeats = ["A31", "A32", "A33", "A34", "A35", "A36", "A37", "A38"];

async function openSale() {
  const id = await plantShow(system.database.pool, { seats, seatsPerBuyerMax: seatsMax });
  const showId = showIds.encode(id);
  const owner = await system.signIn(randomUUID());
  const held = await holdAtLast(owner, showId, heldSeat);
  const sold = await holdAtLast(owner, showId, soldSeat);
  await owner.authorise((await owner.startPayment(sold)).body);
  await eventually(async () => (await owner.confirm(sold)).body.status === "ticketed", 60_000);
  const owners = { [heldSeat]: bookingIds.decode(held).id, [soldSeat]: bookingIds.decode(sold).id };
  const sale = startSmallSale(crowd, showId, seatIds.slice(0, 30));
  running = sale;
  return { id, showId, owners, sale };
}

const lockOf = (id: string, seatId: string) => `lock:show:{${id}}:seat:${seatId}`;

async function sayAllFree(id: string) {
  await redis.clients[0]?.del(seatIds.map((seatId) => lockOf(id, seatId)));
}

async function sayAllTaken(id: string) {
  await redis.clients[0]?.mset(seatIds.flatMap((seatId) => [lockOf(id, seatId), randomUUID()]));
}

async function stallForFiveSeconds() {
  redis.stall();
  await delay(5_000);
  redis.goOn();
}

/** Somebody who asks for a seat until it is theirs. What may still be held is asked again; what was refused is a new order. */
async function holdAtLast(
  buyer: Buyer,
  showId: string,
  seatId: string,
  onTaken: () => void = () => undefined,
): Promise<string> {
  let key = randomUUID();
  return eventually(async () => {
    const { status, body } = await buyer.reserve({ showId, seatIds: [seatId] }, key);
    if (body.code === "SEAT_TAKEN") onTaken();
    if (status !== 201 && !openCodes.has(body.code)) key = randomUUID();
    return status === 201 && body.bookingId;
  }, 60_000);
}

const openCodes = new Set<string | undefined>(["RESERVE_UNKNOWN", "UNAVAILABLE"]);

/** For how long somebody who asks for a free seat again and again is told that it is taken. */
async function msRefused(showId: string, seatId: string): Promise<number> {
  const probe = await system.signIn(randomUUID());
  const startedAt = performance.now();
  let refusedMs = 0;
  await holdAtLast(probe, showId, seatId, () => {
    refusedMs = performance.now() - startedAt;
  });
  return refusedMs;
}

/** Asks for seats that are somebody's until told to stop; returns how often they were given away. */
function startStealing(showId: string) {
  let isOver = false;
  let stolen = 0;
  const running = (async () => {
    const thief = await system.signIn(randomUUID());
    while (!isOver) {
      for (const seatId of [heldSeat, soldSeat]) {
        const { status } = await thief.reserve({ showId, seatIds: [seatId] });
        if (status === 201) stolen += 1;
      }
      await delay(50);
    }
  })();
  return async () => {
    isOver = true;
    await running;
    return stolen;
  };
}

async function expectPromisesKept(id: string, showId: string, sale: SmallSale) {
  const { pool } = system.database;
  expect(findDoubleHolds(sale.holds)).toEqual([]);
  expect(await findViolations(pool, { showId: id, outbox: "kept" })).toEqual([]);
  const { rows } = await pool.query(
    `select user_id from show_seats where show_id = $1 and user_id is not null
     group by user_id having count(*) > $2`,
    [id, seatsMax],
  );
  expect(rows).toEqual([]);
  const viewer = await system.signIn(randomUUID());
  await eventually(async () => {
    const { body } = await viewer.get<{ seats: { seatId: string; status: string }[] }>(
      `/v1/shows/${showId}/seats`,
    );
    const shown = new Map(body.seats.map(({ seatId, status }) => [seatId, status]));
    const truth = await getSeatStatuses(pool, id);
    return truth.every(({ seatId, status }) => shown.get(seatId) === status);
  }, 5_000);
}

test.each([
  ["Redis forgets everything", () => redis.clients[0]?.flushall()],
  ["Redis says that all seats are free", sayAllFree],
  ["Redis says that all seats are taken", sayAllTaken],
  ["Redis stalls for 5 s", stallForFiveSeconds],
])(
  "%s in mid-sale: no seat is given twice, and within 5 s it says what is true",
  async (_name, misbehave) => {
    const { id, showId, owners, sale } = await openSale();
    const endStealing = startStealing(showId);
    await eventually(async () => sale.holds.length > 10, 60_000);

    const holdsBefore = sale.holds.length;
    const misbehaving = misbehave(id);
    const refusals = await Promise.all(
      freeSeats.slice(0, 4).map((seatId) => msRefused(showId, seatId)),
    );
    expect(Math.max(...refusals)).toBeLessThan(5_000);
    await eventually(async () => sale.holds.length > holdsBefore, 60_000);
    await misbehaving;
    await eventually(async () => {
      const locks = await redis.clients[0]?.mget(Object.keys(owners).map((s) => lockOf(id, s)));
      return locks?.every((owner, index) => owner === Object.values(owners)[index]);
    }, 5_000);
    const afterwards = await Promise.all(
      freeSeats.slice(4).map((seatId) => msRefused(showId, seatId)),
    );
    expect(Math.max(...afterwards)).toBeLessThan(5_000);

    await sale.stop();
    expect(await endStealing()).toBe(0);
    await expectPromisesKept(id, showId, sale);
  },
  180_000,
);
