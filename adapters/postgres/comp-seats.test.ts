import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import type { SeatNews } from "../../domain/seat-news.ts";
import { createDatabase } from "../../tests/databases.ts";
import type { TestDatabase } from "../../tests/databases.ts";
import { plantChannel } from "../../tests/plant-seat-rules.ts";
import { plantShow } from "../../tests/plant-show.ts";
import { holdBooking, sellBooking } from "../../tests/sell-booking.ts";
import { findViolations } from "./audit/find-violations.ts";
import { findBooking } from "./bookings.ts";
import { compSeats } from "./comp-seats.ts";
import type { CompRequest } from "./comp-seats.ts";
import { refundTickets } from "./refunds.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

type Wish = Partial<CompRequest> & { showId: string; seatIds: string[] };

function requestOf(wish: Wish): CompRequest {
  return {
    ...{ bookingId: randomUUID(), userId: randomUUID(), paymentId: randomUUID() },
    ...{ requestHash: "hash", channel: null, graceSeconds: 120, ...wish },
  };
}

async function give(wish: Wish): Promise<string> {
  const given = await compSeats(database.pool, requestOf(wish));
  if (given.outcome === "given") return given.isRepeated ? "repeated" : "given";
  return `${given.code} ${given.seatIds.join(" ")}`.trim();
}

async function breaks(showId: string): Promise<string[]> {
  const found = await findViolations(database.pool, { showId, outbox: "kept" });
  return found.map(({ holds, what }) => `${holds}: ${what}`);
}

test("seats are given away: tickets, an event, a count, and nothing to pay", async () => {
  const db = database.pool;
  const request = requestOf({ showId: await plantShow(db), seatIds: ["A1", "A2"] });
  const told: SeatNews[] = [];
  await compSeats(db, request, (_, seats) => told.push(...seats));
  expect(told.map(({ seatId, status }) => `${seatId} ${status}`)).toEqual([
    "A1 booked",
    "A2 booked",
  ]);
  expect(await findBooking(db, request)).toMatchObject({
    ...{ status: "ticketed", totalMinor: 0, feeMinor: 0, userId: request.userId },
    tickets: [
      { seatId: "A1", status: "live" },
      { seatId: "A2", status: "live" },
    ],
  });
  const { rows } = await db.query(
    "select payload ->> 'type' as type from outbox where show_id = $1",
    [request.showId],
  );
  expect(rows).toEqual([{ type: "BookingConfirmed" }]);
  expect(await breaks(request.showId)).toEqual([]);
});

test("given twice is given once, and the same id for other seats is refused", async () => {
  const wish = { showId: await plantShow(database.pool), bookingId: randomUUID() };
  expect(await give({ ...wish, seatIds: ["A1"] })).toBe("given");
  expect(await give({ ...wish, seatIds: ["A1"] })).toBe("repeated");
  expect(await give({ ...wish, seatIds: ["A2"], requestHash: "another" })).toBe(
    "IDEMPOTENCY_KEY_REUSED",
  );
  expect(await breaks(wish.showId)).toEqual([]);
});

test("what somebody has, what another channel has, and more than the show allows is refused", async () => {
  const db = database.pool;
  const showId = await plantShow(db, { seatsPerBuyerMax: 2 });
  await sellBooking(db, { showId, seatIds: ["A1"] });
  await holdBooking(db, { showId, seatIds: ["A2"] });
  await plantChannel(db, showId, { channel: "house", seatIds: ["A3"] });
  expect(await give({ showId, seatIds: ["A1", "A4"] })).toBe("SEAT_TAKEN A1");
  expect(await give({ showId, seatIds: ["A2"] })).toBe("SEAT_TAKEN A2");
  expect(await give({ showId, seatIds: ["A3"] })).toBe("SEAT_HELD_BACK A3");
  expect(await give({ showId, seatIds: ["Z1"] })).toBe("SEAT_UNKNOWN Z1");
  expect(await give({ showId, seatIds: ["A4", "A5", "A6"] })).toBe("SEAT_LIMIT_REACHED");
  expect(await give({ showId, seatIds: ["A3"], channel: "house" })).toBe("given");
  expect(await breaks(showId)).toEqual([]);
});

test("before the sale opens seats are given away, of a cancelled show none", async () => {
  const db = database.pool;
  const showId = await plantShow(db);
  await db.query("update shows set sales_open_at = now() + interval '1 hour' where show_id = $1", [
    showId,
  ]);
  expect(await give({ showId, seatIds: ["A1"] })).toBe("given");
  await db.query("update shows set status = 'cancelled' where show_id = $1", [showId]);
  expect(await give({ showId, seatIds: ["A2"] })).toBe("SHOW_CANCELLED");
});

test("a hold that is over leaves its owner, and what was given comes back without money", async () => {
  const db = database.pool;
  const showId = await plantShow(db);
  await holdBooking(db, { showId, seatIds: ["A1"], holdSeconds: -600 });
  const request = requestOf({ showId, seatIds: ["A1"] });
  expect(await compSeats(db, request)).toMatchObject({ outcome: "given" });
  const back = await refundTickets(db, { ...request, cause: "support:1", withFees: true });
  expect(back).toMatchObject({ outcome: "nothing_to_pay", seatIds: ["A1"] });
  expect(await give({ showId, seatIds: ["A1"] })).toBe("given");
});

test("64 gifts of one seat at one moment: one is given", async () => {
  const showId = await plantShow(database.pool);
  const outcomes = await Promise.all(
    Array.from({ length: 64 }, () => give({ showId, seatIds: ["A1"] })),
  );
  expect(outcomes.filter((outcome) => outcome === "given")).toHaveLength(1);
  expect(await breaks(showId)).toEqual([]);
});
