import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { createDatabase } from "../../tests/databases.ts";
import type { TestDatabase } from "../../tests/databases.ts";
import { plantShow } from "../../tests/plant-show.ts";
import { holdBooking, openBookingPayment } from "../../tests/sell-booking.ts";
import { findBooking } from "./bookings.ts";
import { issueTickets, releaseBooking, reviveBooking } from "./holds.ts";
import { listPayments, markPaymentVoided, returnPayment } from "./payments.ts";
import { refundTickets } from "./refunds.ts";

// What money that comes too late can still buy.

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

async function ended(
  status: "expired" | "cancelled" = "expired",
  seatIds = ["A1", "A2"],
  showId?: string,
) {
  showId ??= await plantShow(database.pool);
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
  expect(after).toMatchObject({ status: "ticketed", endReason: null });
  expect(after?.tickets.map(({ seatId }) => seatId)).toEqual(["A1", "A2"]);
  const second = { ...booking, paymentId: randomUUID() };
  expect(await reviveBooking(database.pool, second)).toMatchObject({ reason: "closed" });
});

test("a payment that was closed with its hold is set aside again", async () => {
  const booking = await ended();
  await markPaymentVoided(database.pool, booking);
  await reviveBooking(database.pool, booking);
  expect(await listPayments(database.pool, booking)).toMatchObject([{ status: "authorised" }]);
});

test("money that goes back buys nothing, however late an attempt comes that was lost on its way", async () => {
  const booking = await ended();
  expect(await returnPayment(database.pool, booking)).toBe("returning");
  await markPaymentVoided(database.pool, booking);
  expect(await reviveBooking(database.pool, booking)).toEqual({
    outcome: "refused",
    reason: "money_returned",
  });
  expect(await returnPayment(database.pool, booking)).toBe("returning");
  expect(await findBooking(database.pool, booking)).toMatchObject({ status: "expired" });
});

test("money that has bought does not go back", async () => {
  const booking = await ended();
  await reviveBooking(database.pool, booking);
  expect(await returnPayment(database.pool, booking)).toBe("kept");
  await issueTickets(database.pool, { ...booking, capturedMinor: 2_200 });
  expect(await returnPayment(database.pool, booking)).toBe("kept");
});

test("money that buys and goes back at the same moment does one of both", async () => {
  const ends = await Promise.all(
    Array.from({ length: 40 }, async () => {
      const booking = await ended();
      const [bought, gone] = await Promise.all([
        reviveBooking(database.pool, booking),
        returnPayment(database.pool, booking),
      ]);
      return `${bought.outcome}, ${gone}`;
    }),
  );
  expect(new Set(["confirmed, kept", "refused, returning"])).toEqual(
    new Set([...ends, "confirmed, kept", "refused, returning"]),
  );
});

test("each change of a seat is counted: held, released, brought back, given back", async () => {
  const booking = await ended();
  const version = async () => {
    const { rows } = await database.pool.query<{ version: number }>(
      "select version::integer from show_seats where show_id = $1 and seat_id = 'A1'",
      [booking.showId],
    );
    return rows[0]?.version ?? 0;
  };
  const released = await version();
  await reviveBooking(database.pool, booking);
  const revived = await version();
  await issueTickets(database.pool, { ...booking, capturedMinor: 2_200 });
  const { seatIds: _, ...all } = booking;
  await refundTickets(database.pool, { ...all, cause: "buyer:1", withFees: false });
  // A new seat has had no change.
  expect([released, revived, await version()]).toEqual([2, 3, 4]);
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

test("equal seats of several prices take each the frozen price of its own code", async () => {
  const showId = await plantShow(database.pool);
  await database.pool.query(
    `insert into show_prices (show_id, price_code, name, amount_minor, fee_minor) values ($1, 'TOP', 'Top', 5000, 0)`,
    [showId],
  );
  await database.pool.query(
    "update show_seats set price_code = 'TOP' where show_id = $1 and seat_id in ('A2', 'A3')",
    [showId],
  );
  const booking = await ended("expired", ["A1", "A2"], showId);
  const swap = { ...booking, seatIds: ["A3", "A4"] };
  expect(await reviveBooking(database.pool, swap)).toEqual({ outcome: "confirmed" });
  expect((await findBooking(database.pool, booking))?.seats).toMatchObject([
    { seatId: "A3", priceCode: "TOP", amountMinor: 5_000 },
    { seatId: "A4", priceCode: "STD", amountMinor: 1_000 },
  ]);
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

test("another sum, a closed show, a full limit, seats bought since: no", async () => {
  const booking = await ended();
  const cheaper = { ...booking, amountMinor: 2_199 };
  expect(await reviveBooking(database.pool, cheaper)).toMatchObject({ reason: "amount_mismatch" });
  await database.pool.query("update shows set seats_per_buyer_max = 1 where show_id = $1", [
    booking.showId,
  ]);
  expect(await reviveBooking(database.pool, booking)).toMatchObject({ reason: "seat_limit" });
  await holdBooking(database.pool, { ...booking, seatIds: ["A3"] });
  await database.pool.query("update shows set seats_per_buyer_max = 2");
  expect(await reviveBooking(database.pool, booking)).toMatchObject({ reason: "seat_limit" });
  await database.pool.query("update shows set seats_per_buyer_max = 3, sales_close_at = now()");
  expect(await reviveBooking(database.pool, booking)).toMatchObject({ reason: "show_closed" });
  await database.pool.query(
    "update shows set status = 'cancelled', sales_close_at = starts_at where show_id = $1",
    [booking.showId],
  );
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
