import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Connection, WorkflowClient } from "@temporalio/client";

import { findViolations } from "../adapters/postgres/audit/find-violations.ts";
import { bookingIds, checkoutWorkflowId, showIds } from "../domain/ids.ts";
import type { Answer, Buyer, Reservation, SeatWish } from "../local/buyer.ts";
import { workflowTypes } from "../workflows/contract.ts";
import { cuttableLink } from "./cuttable-link.ts";
import type { CuttableLink } from "./cuttable-link.ts";
import { eventually } from "./eventually.ts";
import { plantShow } from "./plant-show.ts";
import { raceForSeat } from "./race-for-seat.ts";
import { replayAll } from "./replay-all.ts";
import { saveHistory } from "./save-history.ts";
import { openSeatScreen } from "./seat-screen.ts";
import { startSystem } from "./system.ts";
import type { System } from "./system.ts";

// Buyers add seats to their holds and drop others, in the whole house.

let system: System;
let redisLink: CuttableLink;
let connection: Connection;
let temporal: WorkflowClient;
let buyers: Buyer[];
let asha: Buyer;
let ben: Buyer;

beforeAll(async () => {
  const redis = new URL(process.env["REDIS_URL"] ?? "");
  redisLink = await cuttableLink({ host: redis.hostname, port: Number(redis.port) });
  system = await startSystem(["api", "checkout", "payments", "stripe", "identity"], {
    REDIS_URL: `redis://127.0.0.1:${redisLink.port}`,
  });
  connection = await Connection.connect({ address: system.addresses.temporal });
  temporal = new WorkflowClient({ connection, namespace: system.namespace });
  [asha, ben, ...buyers] = (await Promise.all(
    Array.from({ length: 66 }, () => system.signIn(randomUUID())),
  )) as [Buyer, Buyer, ...Buyer[]];
}, 120_000);
afterAll(async () => {
  await connection.close();
  await system.close();
  redisLink.close();
}, 30_000);

async function plantPublicShow(seats = 10, seatsPerBuyerMax = 10): Promise<string> {
  return showIds.encode(await plantShow(system.database.pool, { seats, seatsPerBuyerMax }));
}

async function hold(buyer: Buyer, showId: string, seatIds: string[]): Promise<Reservation> {
  const { status, body } = await buyer.reserve({ showId, seatIds });
  if (status !== 201) throw new Error(`Not held: ${body.code ?? status}`);
  return body;
}

function checkoutOf({ bookingId }: { bookingId: string }) {
  return temporal.getHandle(checkoutWorkflowId(bookingIds.decode(bookingId).id));
}

/** A busy machine may answer that it is not known: then the same is sent again, which is harmless. */
async function change(
  buyer: Buyer,
  { bookingId }: { bookingId: string },
  wish: SeatWish,
): Promise<Answer<Reservation>> {
  return eventually(async () => {
    const answer = await buyer.changeSeats(bookingId, wish);
    return answer.body.code !== "UNAVAILABLE" && answer;
  }, 60_000);
}

async function statuses(showId: string): Promise<Record<string, string>> {
  const { rows } = await system.database.pool.query<{ seat: string; status: string }>(
    "select seat_id as seat, status from show_seats where show_id = $1 and status <> 'available'",
    [showIds.decode(showId)],
  );
  return Object.fromEntries(rows.map(({ seat, status }) => [seat, status]));
}

test("a buyer swaps a seat and adds one: two screens see it within a second, another buyer has the dropped seat at once, and the tickets are for the seats and the sum of the end", async () => {
  const showId = await plantPublicShow();
  const open = () => openSeatScreen(system.addresses.api, showId);
  const screens = await Promise.all([open(), open()]);
  const key = randomUUID();
  const { body: held } = await asha.reserve({ showId, seatIds: ["A1", "A2"] }, key);
  await Promise.all(screens.map((screen) => screen.until("A1", "held")));

  const changed = await change(asha, held, {
    ...{ add: ["A3", "A4"], drop: ["A1"] },
    expectedTotal: { amountMinor: 3_300, currency: "GBP" },
  });
  const answeredAt = performance.now();
  expect(changed.status).toBe(200);
  expect(changed.body).toEqual({
    ...held,
    seatIds: ["A2", "A3", "A4"],
    totalAmount: { amountMinor: 3_300, currency: "GBP" },
    feeAmount: { amountMinor: 300, currency: "GBP" },
  });
  const shown = await Promise.all(
    screens.flatMap((screen) => [
      screen.until("A1", "available"),
      screen.until("A3", "held"),
      screen.until("A4", "held"),
    ]),
  );
  expect(Math.max(...shown) - answeredAt).toBeLessThan(1_000);
  for (const screen of screens) screen.leave();

  // The same again, and the first order again: both are answered with the hold as it is.
  expect((await change(asha, held, { add: ["A3", "A4"], drop: ["A1"] })).body).toEqual(
    changed.body,
  );
  expect((await asha.reserve({ showId, seatIds: ["A1", "A2"] }, key)).body).toEqual(changed.body);
  await hold(ben, showId, ["A1"]);

  const { body: payment } = await asha.startPayment(held.bookingId);
  const late = await change(asha, held, { add: ["A5"] });
  expect([late.status, late.body.code]).toEqual([409, "PAYMENT_BEGUN"]);
  await hold(ben, showId, ["A5"]);
  await asha.authorise(payment);
  const ticketed = await eventually(async () => {
    const { body } = await asha.confirm(held.bookingId);
    return body.status === "ticketed" && body;
  }, 30_000);
  expect(ticketed.tickets.map(({ seatId }) => seatId)).toEqual(["A2", "A3", "A4"]);
  await saveHistory(checkoutOf(held), "seats-changed-then-paid");
}, 60_000);

test("what a change cannot be is refused by its code, and nothing is changed", async () => {
  const showId = await plantPublicShow(30, 25);
  const held = await hold(asha, showId, ["A1", "A2"]);
  await hold(ben, showId, ["A9"]);
  const many = Array.from({ length: 20 }, (_, index) => `A${index + 10}`);
  const refusals: [SeatWish, number, string][] = [
    [{ add: ["A3", "A9"] }, 409, "SEAT_TAKEN"],
    [{ add: ["Z1"] }, 400, "SEAT_UNKNOWN"],
    [{ drop: ["A1", "A2"] }, 409, "HOLD_WOULD_BE_EMPTY"],
    [{ add: many }, 400, "SEATS_TOO_MANY"],
    [{ add: [...many, "A3"] }, 400, "SEATS_TOO_MANY"],
    [{}, 400, "SEATS_EMPTY"],
    [{ add: ["A3"], drop: ["A3"] }, 400, "SEATS_DUPLICATE"],
    [{ add: ["A3"], expectedTotal: { amountMinor: 1, currency: "GBP" } }, 409, "PRICE_CHANGED"],
    [{ add: ["A3"], expectedTotal: { amountMinor: 3_300, currency: "EUR" } }, 409, "PRICE_CHANGED"],
  ];
  for (const [wish, status, code] of refusals) {
    const answer = await change(asha, held, wish);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  }
  const notTheirs = await change(ben, held, { add: ["A3"] });
  expect([notTheirs.status, notTheirs.body.code]).toEqual([404, "BOOKING_NOT_FOUND"]);
  expect(await statuses(showId)).toEqual({ A1: "held", A2: "held", A9: "held" });
  // The locks of what was refused are given back: somebody else has the seats.
  await hold(ben, showId, ["A3", ...many.slice(0, 5)]);
});

test("after its end a hold is changed no more, whether it was given back or has expired", async () => {
  const showId = await plantPublicShow();
  const given = await hold(asha, showId, ["A1"]);
  await asha.cancel(given.bookingId);
  const expired = await hold(asha, showId, ["A2"]);
  await system.database.pool.query(
    "update bookings set held_until = now() - interval '1 second' where booking_id = $1",
    [bookingIds.decode(expired.bookingId).id],
  );
  for (const held of [given, expired]) {
    const { status, body } = await change(asha, held, { add: ["A3"] });
    expect([status, body.code]).toEqual([409, "HOLD_EXPIRED"]);
  }
  await system.database.pool.query(
    "update bookings set held_until = now() + interval '5 minutes' where booking_id = $1",
    [bookingIds.decode(expired.bookingId).id],
  );
  await asha.cancel(expired.bookingId);
  expect(await statuses(showId)).toEqual({});
});

test("fifty changes of a hold, and no more; what is so already is answered all the same", async () => {
  const showId = await plantPublicShow();
  const held = await hold(asha, showId, ["A1"]);
  for (let round = 0; round < 25; round += 1) {
    expect((await change(asha, held, { add: ["A2"] })).status).toBe(200);
    expect((await change(asha, held, { drop: ["A2"] })).status).toBe(200);
  }
  const { status, body } = await change(asha, held, { add: ["A2"] });
  expect([status, body.code]).toEqual([409, "HOLD_CHANGES_EXHAUSTED"]);
  // What is so already asks nobody.
  expect((await change(asha, held, { add: ["A1"], drop: ["A7"] })).status).toBe(200);
  await hold(ben, showId, ["A2"]);
  await asha.cancel(held.bookingId);
}, 60_000);

test.each([
  ["", () => redisLink.mend(), 5],
  [" while Redis is away", () => redisLink.cut(), 2],
])(
  "one buyer adds a seat to a hold while 64 others want it%s: one of them all has it, each time",
  async (_when, setRedis, rounds) => {
    setRedis();
    const showId = await plantPublicShow(rounds + 1);
    const held = await hold(asha, showId, [`A${rounds + 1}`]);
    let added = 0;
    for (let round = 1; round <= rounds; round += 1) {
      const seatId = `A${round}`;
      const [{ status, body }, race] = await Promise.all([
        change(asha, held, { add: [seatId] }),
        raceForSeat(buyers, showId, seatId),
      ]);
      added += status === 200 ? 1 : 0;
      expect(race.winners.length + (status === 200 ? 1 : 0)).toBe(1);
      expect(["SEAT_TAKEN", undefined]).toContain(body.code);
    }
    process.stdout.write(`added in ${added} of ${rounds} rounds\n`);
    redisLink.mend();
    await asha.cancel(held.bookingId);
  },
  120_000,
);

test("opposite carts inside holds, by HTTP: both are refused, again and again, and nobody waits for the other", async () => {
  const showId = await plantPublicShow();
  const [first, second] = await Promise.all([
    hold(asha, showId, ["A1"]),
    hold(ben, showId, ["A2"]),
  ]);
  redisLink.cut();
  for (let round = 0; round < 5; round += 1) {
    const answers = await Promise.all([
      change(asha, first, { add: ["A2"], drop: ["A1"] }),
      change(ben, second, { add: ["A1"], drop: ["A2"] }),
    ]);
    expect(answers.map(({ body }) => body.code)).toEqual(["SEAT_TAKEN", "SEAT_TAKEN"]);
  }
  redisLink.mend();
  const { rows } = await system.database.pool.query(
    "select deadlocks::integer from pg_stat_database where datname = current_database()",
  );
  expect(rows).toEqual([{ deadlocks: 0 }]);
}, 60_000);

test("two tabs of one person add to two holds at once: together no more than the show allows (I11)", async () => {
  const showId = await plantPublicShow(20, 5);
  const [left, right] = await Promise.all([hold(asha, showId, ["A1"]), hold(asha, showId, ["A2"])]);
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, index) =>
      change(asha, index % 2 === 0 ? left : right, { add: [`A${index + 3}`] }),
    ),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
  expect(new Set(answers.flatMap(({ body }) => body.code ?? []))).toEqual(
    new Set(["SEAT_LIMIT_REACHED"]),
  );
}, 60_000);

test("changes, more time, a payment and giving back, all at once: each hold ends as one of them says, and no promise is broken", async () => {
  const showId = await plantPublicShow(40, 40);
  const games = buyers.slice(0, 10).map(async (buyer, game) => {
    const seat = (offset: number) => `A${game * 4 + offset}`;
    const held = await hold(buyer, showId, [seat(1)]);
    const [, , , , cancelled] = await Promise.all([
      change(buyer, held, { add: [seat(2)] }),
      change(buyer, held, { add: [seat(3)], drop: [seat(1)] }),
      buyer.extend(held.bookingId),
      buyer.startPayment(held.bookingId),
      game % 2 === 0 ? buyer.cancel(held.bookingId) : undefined,
    ]);
    if (cancelled?.status !== 204) await buyer.cancel(held.bookingId);
    await checkoutOf(held).result();
  });
  await Promise.all(games);
  expect(await statuses(showId)).toEqual({});
  expect(await findViolations(system.database.pool, { outbox: "kept" })).toEqual([]);
  const { errors, replayed } = await replayAll(temporal, workflowTypes.checkout);
  expect(errors).toEqual([]);
  expect(replayed).toBeGreaterThan(10);
}, 120_000);
