import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { createDatabase } from "../../tests/databases.ts";
import type { TestDatabase } from "../../tests/databases.ts";
import { plantShow } from "../../tests/plant-show.ts";
import { holdBooking, openBookingPayment } from "../../tests/sell-booking.ts";
import type { HeldBooking } from "../../tests/sell-booking.ts";
import { findBooking } from "./bookings.ts";
import { confirmBooking, extendHold, issueTickets } from "./holds.ts";
import { listPayments } from "./payments.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

/** A held booking whose payment is open. */
async function begun(seatIds = ["A1", "A2"]) {
  const showId = await plantShow(database.pool);
  const booking = await holdBooking(database.pool, { showId, seatIds });
  return openBookingPayment(database.pool, booking);
}

async function seatRows({ showId, seatIds }: HeldBooking) {
  const { rows } = await database.pool.query(
    `select status, booking_id as "bookingId", held_until is null as "isForGood", version::integer
     from show_seats where show_id = $1 and seat_id = any($2) order by seat_id`,
    [showId, seatIds],
  );
  return rows;
}

test("held seats become the buyer's for good, each change of theirs is counted, and the payment is authorised", async () => {
  const booking = await begun();
  const [before] = await seatRows(booking);
  expect(await confirmBooking(database.pool, booking)).toEqual({ outcome: "confirmed" });
  const { bookingId } = booking;
  const seat = { status: "booked", bookingId, isForGood: true, version: before.version + 1 };
  expect(await seatRows(booking)).toEqual([seat, seat]);
  expect(await listPayments(database.pool, booking)).toMatchObject([{ status: "authorised" }]);
});

test("a seat that somebody took over is not confirmed, nor is any other of its booking", async () => {
  const late = await begun();
  const { showId } = late;
  await database.pool.query(
    "update show_seats set held_until = now() - interval '1 hour' where show_id = $1 and status = 'held'",
    [showId],
  );
  const owner = await holdBooking(database.pool, { showId, seatIds: ["A2"] });
  const before = await seatRows(late);
  expect(await confirmBooking(database.pool, late)).toEqual({
    ...{ outcome: "refused", reason: "seats_lost" },
  });
  expect(await seatRows(late)).toEqual(before);
  expect((await findBooking(database.pool, late))?.status).toBe("held");
  expect((await findBooking(database.pool, owner))?.status).toBe("held");
});

test("confirmed twice for one payment is confirmed once; a second payment has bought nothing", async () => {
  const booking = await begun();
  await confirmBooking(database.pool, booking);
  const before = await seatRows(booking);
  expect(await confirmBooking(database.pool, booking)).toEqual({ outcome: "confirmed" });
  const second = { ...booking, paymentId: randomUUID() };
  expect(await confirmBooking(database.pool, second)).toEqual({
    ...{ outcome: "refused", reason: "paid_otherwise" },
  });
  expect(await seatRows(booking)).toEqual(before);
});

test("nobody gets seats of a cancelled show", async () => {
  const booking = await begun();
  await database.pool.query("update shows set status = 'cancelled' where show_id = $1", [
    booking.showId,
  ]);
  expect(await confirmBooking(database.pool, booking)).toEqual({
    ...{ outcome: "refused", reason: "show_cancelled" },
  });
});

test("a hold that has just ended is extended from now; what is sold is not", async () => {
  const booking = await begun();
  const { rows } = await database.pool.query<{ nowMs: number }>(
    `update bookings set created_at = created_at - interval '1 minute', held_until = now() - interval '30 seconds'
     where booking_id = $1 returning (extract(epoch from now()) * 1000)::float8 as "nowMs"`,
    [booking.bookingId],
  );
  const extended = await extendHold(database.pool, { ...booking, seconds: 20, secondsMax: 600 });
  const heldUntilMs = extended.outcome === "extended" ? extended.heldUntilMs : 0;
  expect(heldUntilMs).toBeGreaterThan((rows[0]?.nowMs ?? Infinity) + 19_999);
  await confirmBooking(database.pool, booking);
  const late = await extendHold(database.pool, { ...booking, seconds: 20, secondsMax: 600 });
  expect(late).toEqual({ outcome: "refused" });
});

test("tickets say how many other payments of the booking may still take money", async () => {
  const booking = await begun();
  await openBookingPayment(database.pool, booking, "paypal");
  await confirmBooking(database.pool, booking);
  await database.pool.query(
    "update payments set status = 'authorised' where booking_id = $1 and provider = 'paypal'",
    [booking.bookingId],
  );
  const issued = await issueTickets(database.pool, { ...booking, capturedMinor: 2_200 });
  expect(issued).toEqual({ outcome: "ticketed", tickets: 2, openPayments: 1 });
});
