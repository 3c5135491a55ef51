import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { createDatabase } from "../../tests/databases.ts";
import type { TestDatabase } from "../../tests/databases.ts";
import { plantShow } from "../../tests/plant-show.ts";
import { holdBooking, openBookingPayment } from "../../tests/sell-booking.ts";
import { findBooking } from "./bookings.ts";
import { issueTickets, releaseBooking, reviveBooking } from "./holds.ts";

// What money that comes too late can still buy.

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

async function ended(status: "expired" | "cancelled" = "expired", seatIds = ["A1", "A2"]) {
  const showId = await plantShow(database.pool);
  const held = await holdBooking(database.pool, { showId, seatIds });
  const booking = await openBookingPayment(database.pool, held);
  const release = { status, reason: "test", paymentsSettled: true, confirmedToo: false };
  await releaseBooking(database.pool, { ...booking, ...release });
  return booking;
}

test("seats that are still free: the booking comes back and gets its tickets, however often it is asked for", async () => {
  const booking = await ended();
  for (let turn = 0; turn < 3; turn += 1) {
    expect(await reviveBooking(database.pool, booking)).toEqual({ outcome: "confirmed" });
  }
  await issueTickets(database.pool, { ...booking, capturedMinor: 2_200 });
  expect(await reviveBooking(database.pool, booking)).toEqual({ outcome: "confirmed" });
  const after = await findBooking(database.pool, booking);
  expect(after?.status).toBe("ticketed");
  expect(after?.tickets.map(({ seatId }) => seatId)).toEqual(["A1", "A2"]);
});

test("a seat that somebody else holds: nothing changes, and the other keeps it", async () => {
  const booking = await ended();
  const other = await holdBooking(database.pool, { showId: booking.showId, seatIds: ["A2", "A3"] });
  expect(await reviveBooking(database.pool, booking)).toEqual({
    outcome: "refused",
    reason: "seats_taken",
  });
  expect((await findBooking(database.pool, booking))?.status).toBe("expired");
  const { rows } = await database.pool.query(
    "select seat_id from show_seats where booking_id = $1 order by seat_id",
    [other.bookingId],
  );
  expect(rows.map(({ seat_id }) => seat_id)).toEqual(["A2", "A3"]);
});

test("equal seats take the frozen prices of the old ones, and the old ones stay whoever's they are", async () => {
  const booking = await ended();
  await holdBooking(database.pool, { showId: booking.showId, seatIds: ["A1"] });
  const swap = { ...booking, seatIds: ["A5", "A6"] };
  expect(await reviveBooking(database.pool, swap)).toEqual({ outcome: "confirmed" });
  const after = await findBooking(database.pool, booking);
  expect(after?.seats).toEqual(
    ["A5", "A6"].map((seatId) => ({ seatId, priceCode: "STD", amountMinor: 1_000, feeMinor: 100 })),
  );
});

test.each([
  ["fewer", ["A5"]],
  ["more", ["A5", "A6", "A7"]],
])("%s seats than were paid for are not equal", async (_, seatIds) => {
  const booking = await ended();
  expect(await reviveBooking(database.pool, { ...booking, seatIds })).toMatchObject({
    reason: "seats_taken",
  });
});

test("a booking that its buyer cancelled does not come back", async () => {
  expect(await reviveBooking(database.pool, await ended("cancelled"))).toMatchObject({
    reason: "closed",
  });
});

test("another sum, a closed show, a full limit: no", async () => {
  const booking = await ended();
  const cheaper = { ...booking, amountMinor: 2_199 };
  expect(await reviveBooking(database.pool, cheaper)).toMatchObject({ reason: "amount_mismatch" });
  await database.pool.query("update shows set seats_per_buyer_max = 1 where show_id = $1", [
    booking.showId,
  ]);
  expect(await reviveBooking(database.pool, booking)).toMatchObject({ reason: "seat_limit" });
  await database.pool.query("update shows set status = 'cancelled' where show_id = $1", [
    booking.showId,
  ]);
  expect(await reviveBooking(database.pool, booking)).toMatchObject({ reason: "show_closed" });
});

test("two late payments for the same seats, twenty times at once: one gets them", async () => {
  const showId = await plantShow(database.pool);
  const bookings = [];
  for (let turn = 0; turn < 20; turn += 1) {
    const held = await holdBooking(database.pool, { showId, seatIds: ["A1", "A2"] });
    const booking = await openBookingPayment(database.pool, held);
    const release = { status: "expired", reason: "test", paymentsSettled: true } as const;
    await releaseBooking(database.pool, { ...booking, ...release, confirmedToo: false });
    bookings.push(booking);
  }
  const outcomes = await Promise.all(
    bookings.map((booking) => reviveBooking(database.pool, booking)),
  );
  expect(outcomes.filter(({ outcome }) => outcome === "confirmed")).toHaveLength(1);
});
