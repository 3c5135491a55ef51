import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { createDatabase } from "../../tests/databases.ts";
import type { TestDatabase } from "../../tests/databases.ts";
import { plantShow } from "../../tests/plant-show.ts";
import { holdSeats } from "./holds.ts";
import { findPayment, keepProviderPaymentId, markPaymentStarted, openPayment } from "./payments.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

async function newPayment() {
  const ids = { bookingId: randomUUID(), userId: randomUUID(), paymentId: randomUUID() };
  const showId = await plantShow(database.pool);
  const hold = { requestHash: "hash", holdSeconds: 600, graceSeconds: 120, deadlineMs: 0 };
  await holdSeats(database.pool, { ...ids, ...hold, showId, seatIds: ["A1"] });
  await openPayment(database.pool, { ...ids, showId, provider: "paypal", attemptsMax: 5 });
  return { showId, paymentId: ids.paymentId };
}

async function idOf(payment: { showId: string; paymentId: string }) {
  return (await findPayment(database.pool, payment))?.providerPaymentId;
}

test("the id that a capture says takes the place of the one from the start, and stays: a start that comes late changes nothing", async () => {
  const payment = await newPayment();
  await markPaymentStarted(database.pool, { ...payment, providerPaymentId: "ORDER" });
  expect(await idOf(payment)).toBe("ORDER");
  for (let time = 0; time < 2; time += 1) {
    await keepProviderPaymentId(database.pool, { ...payment, providerPaymentId: "ORDER:CAPTURE" });
    await markPaymentStarted(database.pool, { ...payment, providerPaymentId: "ORDER" });
    expect(await idOf(payment)).toBe("ORDER:CAPTURE");
  }
});

test("nobody begins to pay for a cancelled show, nor goes on with what was begun", async () => {
  const ids = { bookingId: randomUUID(), userId: randomUUID(), paymentId: randomUUID() };
  const showId = await plantShow(database.pool);
  const hold = { requestHash: "hash", holdSeconds: 600, graceSeconds: 120, deadlineMs: 0 };
  await holdSeats(database.pool, { ...ids, ...hold, showId, seatIds: ["A1"] });
  const open = () =>
    openPayment(database.pool, { ...ids, showId, provider: "stripe", attemptsMax: 5 });
  expect(await open()).toMatchObject({ outcome: "open" });
  await database.pool.query("update shows set status = 'cancelled' where show_id = $1", [showId]);
  expect(await open()).toEqual({ outcome: "refused", code: "SHOW_CANCELLED" });
});
