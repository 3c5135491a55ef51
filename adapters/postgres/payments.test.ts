import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { createDatabase } from "../../tests/databases.ts";
import type { TestDatabase } from "../../tests/databases.ts";
import { plantShow } from "../../tests/plant-show.ts";
import { holdBooking, openBookingPayment } from "../../tests/sell-booking.ts";
import { findPayment, keepProviderPaymentId, markPaymentStarted, openPayment } from "./payments.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

async function newPayment() {
  const showId = await plantShow(database.pool);
  const booking = await holdBooking(database.pool, { showId, seatIds: ["A1"] });
  return openBookingPayment(database.pool, booking, "paypal");
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

/** A hold, and its owner who begins to pay; anything may be another than it should be. */
async function hold() {
  const showId = await plantShow(database.pool);
  const { bookingId, userId } = await holdBooking(database.pool, { showId, seatIds: ["A1"] });
  return (other: Partial<Parameters<typeof openPayment>[1]> = {}) =>
    openPayment(database.pool, {
      ...{ showId, bookingId, userId, paymentId: randomUUID() },
      ...{ provider: "stripe", attemptsMax: 2 },
      ...other,
    });
}

test("a page that is loaded again pays the attempt that is open; another provider has one of its own, and there are so many", async () => {
  const open = await hold();
  const first = await open();
  expect(first).toMatchObject({ outcome: "open", provider: "stripe", attempt: 1 });
  expect(await open()).toEqual(first);
  expect(await open({ provider: "paypal" })).toMatchObject({ provider: "paypal", attempt: 2 });
  expect(await open({ provider: "paypal" })).toMatchObject({ attempt: 2 });
  expect(await open()).toEqual(first);
  await database.pool.query("update payments set status = 'voided' where provider = 'paypal'");
  expect(await open({ provider: "paypal" })).toEqual({
    ...{ outcome: "refused", code: "PAYMENT_ATTEMPTS_EXHAUSTED" },
  });
});

test("nobody pays for somebody else's hold, nor for one that is over", async () => {
  const open = await hold();
  expect(await open({ userId: randomUUID() })).toEqual({
    ...{ outcome: "refused", code: "BOOKING_NOT_FOUND" },
  });
  await database.pool.query("update bookings set held_until = now()");
  expect(await open()).toEqual({ outcome: "refused", code: "HOLD_EXPIRED" });
});

test("nobody begins to pay for a cancelled show, nor goes on with what was begun", async () => {
  const open = await hold();
  expect(await open()).toMatchObject({ outcome: "open" });
  await database.pool.query("update shows set status = 'cancelled'");
  expect(await open()).toEqual({ outcome: "refused", code: "SHOW_CANCELLED" });
});
