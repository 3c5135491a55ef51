import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { showIds } from "../domain/ids.ts";
import { signIn } from "../local/buyer.ts";
import type { Buyer } from "../local/buyer.ts";
import { cuttableLink } from "./cuttable-link.ts";
import type { CuttableLink } from "./cuttable-link.ts";
import { eventually } from "./eventually.ts";
import { plantShow } from "./plant-show.ts";
import { startSystem } from "./system.ts";
import type { System } from "./system.ts";

let system: System;
let redisLink: CuttableLink;
let asha: Buyer;

beforeAll(async () => {
  const redis = new URL(process.env["REDIS_URL"] ?? "");
  redisLink = await cuttableLink({ host: redis.hostname, port: Number(redis.port) });
  system = await startSystem(["api", "checkout", "payments", "stripe", "identity"], {
    HOLD_SECONDS: "20",
    REDIS_URL: `redis://127.0.0.1:${redisLink.port}`,
  });
  asha = await signIn(system.addresses, "asha");
}, 120_000);
afterAll(async () => {
  await system.close();
  redisLink.close();
}, 30_000);

async function plantPublicShow() {
  const id = await plantShow(system.database.pool);
  return { id, showId: showIds.encode(id) };
}

async function seatsByStatus(id: string) {
  const { rows } = await system.database.pool.query<{ status: string; seats: number }>(
    "select status, count(*)::integer as seats from show_seats where show_id = $1 group by status",
    [id],
  );
  return Object.fromEntries(rows.map(({ status, seats }) => [status, seats]));
}

async function ticketed(bookingId: string): Promise<number> {
  const booking = await eventually(async () => {
    const { body } = await asha.get<{ status: string; tickets: unknown[] }>(
      `/v1/bookings/${bookingId}`,
    );
    return body.status === "ticketed" && body;
  }, 40_000);
  return booking.tickets.length;
}

test("the checkout process dies between the commit of a hold and its answer: the same key finds the same hold", async () => {
  const { id, showId } = await plantPublicShow();
  const order = { showId, seatIds: ["A1", "A2"] };
  const key = "killed-between-commit-and-answer";

  // The hold waits for a row that this test has locked; the process dies while it waits, and the statement commits without it.
  const blocker = await system.database.pool.connect();
  await blocker.query("begin");
  await blocker.query("select 1 from show_seats where show_id = $1 and seat_id = 'A1' for update", [
    id,
  ]);
  const first = asha.reserve(order, key);
  await eventually(async () => {
    const { rowCount } = await system.database.pool.query(
      "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
    return rowCount === 1;
  });
  await system.kill("checkout");
  await blocker.query("commit");
  blocker.release();
  expect([202, 503]).toContain((await first).status);
  await eventually(async () => (await seatsByStatus(id))["held"] === 2);

  await system.start("checkout");
  const again = await eventually(async () => {
    const answer = await asha.reserve(order, key);
    return answer.status === 201 && answer;
  }, 30_000);
  expect(await seatsByStatus(id)).toEqual({ available: 8, held: 2 });
  await asha.authorise((await asha.startPayment(again.body.bookingId)).body);
  expect(await ticketed(again.body.bookingId)).toBe(2);
}, 90_000);

test("the checkout process is away when the webhook comes: the stored event is driven again, and the tickets come", async () => {
  const { showId } = await plantPublicShow();
  const { body: reserved } = await asha.reserve({ showId, seatIds: ["A1"] });
  const { body: payment } = await asha.startPayment(reserved.bookingId);
  await system.kill("checkout");
  await asha.authorise(payment);
  await eventually(async () => {
    const { rowCount } = await system.database.pool.query(
      "select 1 from payment_events where signalled_at is null",
    );
    return rowCount === 1;
  });
  await system.start("checkout");
  expect(await ticketed(reserved.bookingId)).toBe(1);
}, 90_000);

test("the API is away when the webhook comes: the provider tries again, and the tickets come", async () => {
  const { showId } = await plantPublicShow();
  const { body: reserved } = await asha.reserve({ showId, seatIds: ["A1"] });
  const { body: payment } = await asha.startPayment(reserved.bookingId);
  await system.kill("api");
  await asha.authorise(payment);
  await system.start("api");
  expect(await ticketed(reserved.bookingId)).toBe(1);
}, 90_000);

test("the payments worker is away at the end of a hold with an open payment: its return releases the seats", async () => {
  const { id, showId } = await plantPublicShow();
  const { body: reserved } = await asha.reserve({ showId, seatIds: ["A1"] });
  await asha.startPayment(reserved.bookingId);
  await system.kill("payments");
  await eventually(async () => Date.now() > Date.parse(reserved.expiryTime) + 1_000, 40_000);
  expect(await seatsByStatus(id)).toEqual({ available: 9, held: 1 });
  await system.start("payments");
  await eventually(async () => (await seatsByStatus(id))["available"] === 10, 60_000);
}, 120_000);

test("Redis goes away in mid-purchase and comes back empty-handed: the purchase does not notice", async () => {
  const { showId } = await plantPublicShow();
  const { body: reserved } = await asha.reserve({ showId, seatIds: ["A1"] });
  redisLink.cut();
  const second = await asha.reserve({ showId, seatIds: ["A2"] });
  expect(second.status).toBe(201);
  expect((await asha.reserve({ showId, seatIds: ["A2"] })).body.code).toBe("SEAT_TAKEN");
  await asha.authorise((await asha.startPayment(reserved.bookingId)).body);
  redisLink.mend();
  await asha.authorise((await asha.startPayment(second.body.bookingId)).body);
  expect(await ticketed(reserved.bookingId)).toBe(1);
  expect(await ticketed(second.body.bookingId)).toBe(1);
}, 90_000);
