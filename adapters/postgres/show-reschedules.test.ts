import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { createDatabase } from "../../tests/databases.ts";
import type { TestDatabase } from "../../tests/databases.ts";
import { plantShow } from "../../tests/plant-show.ts";
import { plantTransfer } from "../../tests/plant-transfer.ts";
import { holdBooking, sellBooking } from "../../tests/sell-booking.ts";
import { cancelShow } from "./show-changes.ts";
import { findReturnTerms, rescheduleShow, tellOfReschedule } from "./show-reschedules.ts";
import { acceptTransfer } from "./transfers.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

const dayMs = 86_400_000;

async function reschedule(showId: string, days: number, refundMs = dayMs): Promise<string> {
  const startsAtMs = Date.now() + days * dayMs;
  const change = {
    ...{ showId, changeId: randomUUID(), startsAtMs, salesCloseAtMs: startsAtMs },
    ...{ salesOpenAtMs: Date.now(), refundUntilMs: Date.now() + refundMs },
  };
  await rescheduleShow(database.pool, change);
  await rescheduleShow(database.pool, change);
  return change.changeId;
}

async function events(showId: string, type: string) {
  const { rows } = await database.pool.query<{ payload: Record<string, unknown> }>(
    "select payload from outbox where show_id = $1 and payload->>'type' = $2 order by event_id",
    [showId, type],
  );
  return rows.map(({ payload }) => payload);
}

test("a change that is made again is made once, and does not come back over a later one", async () => {
  const showId = await plantShow(database.pool);
  const startsAtMs = Date.now() + 20 * dayMs;
  const first = {
    ...{ showId, changeId: randomUUID(), startsAtMs, salesOpenAtMs: 0, salesCloseAtMs: startsAtMs },
    refundUntilMs: startsAtMs,
  };
  await rescheduleShow(database.pool, first);
  await reschedule(showId, 30);
  await rescheduleShow(database.pool, first);
  const { rows } = await database.pool.query(
    "select round(extract(epoch from starts_at - now()) / 86400)::integer as days, version::integer from shows where show_id = $1",
    [showId],
  );
  expect(rows).toEqual([{ days: 30, version: 3 }]);
  expect((await events(showId, "ShowPublished")).map(({ version }) => version)).toEqual([2, 3]);
});

test("buyers with tickets are told once each, page by page, also when two tell them at once", async () => {
  const showId = await plantShow(database.pool);
  const sold = [];
  for (const seatId of ["A1", "A2", "A3"]) {
    sold.push(await sellBooking(database.pool, { showId, seatIds: [seatId] }));
  }
  await holdBooking(database.pool, { showId, seatIds: ["A4"] });
  const changeId = await reschedule(showId, 20);
  await sellBooking(database.pool, { showId, seatIds: ["A5"] });
  const tellAll = async () => {
    let after: string | null = null;
    let pages = 0;
    do {
      after = await tellOfReschedule(database.pool, { showId, changeId, after, limit: 2 });
      pages += 1;
    } while (after !== null);
    return pages;
  };
  expect(await Promise.all([tellAll(), tellAll()])).toEqual([2, 2]);
  const told = await events(showId, "BookingRescheduled");
  expect(told).toHaveLength(3);
  expect(new Set(told.map(({ bookingId }) => bookingId))).toEqual(
    new Set(sold.map(({ bookingId }) => bookingId)),
  );
  expect(told[0]).toMatchObject({ schemaVersion: 1, startsAtMs: expect.any(Number) });
});

test("whoever has a ticket of somebody else's booking is told of the other time too, once, and nothing of a refund", async () => {
  const { booking, transfer } = await plantTransfer(database.pool);
  const { showId } = booking;
  await acceptTransfer(database.pool, { ...transfer, userId: transfer.toUserId });
  const changeId = await reschedule(showId, 20);
  const page = { showId, changeId, after: null, limit: 2 };
  await tellOfReschedule(database.pool, page);
  await tellOfReschedule(database.pool, page);
  const buyers = await events(showId, "BookingRescheduled");
  expect(buyers.map(({ userId }) => userId)).toEqual([booking.userId]);
  const holders = await events(showId, "ReceivedTicketsRescheduled");
  expect(holders.map(({ userId }) => userId)).toEqual([transfer.toUserId]);
  expect(holders[0]).not.toHaveProperty("refundUntilMs");
});

test("who booked before the change may give tickets back with fees until its date; who books after it may not", async () => {
  const showId = await plantShow(database.pool);
  const before = await sellBooking(database.pool, { showId, seatIds: ["A1"] });
  expect(await findReturnTerms(database.pool, before)).toBe("none");
  await reschedule(showId, 20, -1_000);
  expect(await findReturnTerms(database.pool, before)).toBe("none");
  await reschedule(showId, 21);
  const after = await sellBooking(database.pool, { showId, seatIds: ["A2"] });
  expect(await findReturnTerms(database.pool, before)).toBe("with_fees");
  expect(await findReturnTerms(database.pool, after)).toBe("none");
  await database.pool.query(
    "update shows set refundable_until = now() + interval '1 hour' where show_id = $1",
    [showId],
  );
  expect(await findReturnTerms(database.pool, before)).toBe("with_fees");
  expect(await findReturnTerms(database.pool, after)).toBe("without_fees");
  await cancelShow(database.pool, showId);
  expect(await findReturnTerms(database.pool, after)).toBe("show_cancelled");
});
