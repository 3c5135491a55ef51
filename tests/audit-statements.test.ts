import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";

import { createAuditActivities } from "../activities/audit.ts";
import { checksFor, findViolations } from "../adapters/postgres/audit/find-violations.ts";
import type { AuditOptions } from "../adapters/postgres/audit/find-violations.ts";
import { releaseBooking } from "../adapters/postgres/holds.ts";
import { recordRefund, refundTickets } from "../adapters/postgres/refunds.ts";
import type { Violation } from "../domain/violation.ts";
import { bugs, neglects } from "./audit-bugs.ts";
import { deskBugs } from "./audit-desk-bugs.ts";
import { transferBugs } from "./audit-transfer-bugs.ts";
import { doorBugs } from "./audit-door-bugs.ts";
import { waitingBugs, waitingNeglects } from "./audit-waiting-bugs.ts";
import { createDatabase } from "./databases.ts";
import type { TestDatabase } from "./databases.ts";
import { plantBug } from "./plant-bug.ts";
import { plantShow } from "./plant-show.ts";
import { holdBooking, openBookingPayment, sellBooking } from "./sell-booking.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

test("bookings at every step of their way break no promise, now and as it stands later", async () => {
  const db = database.pool;
  const showId = await plantShow(db, { seats: 20 });
  await sellBooking(db, { showId, seatIds: ["A1", "A2"] });
  const given = await sellBooking(db, { showId, seatIds: ["A3", "A4", "A5"] });
  const refund = await refundTickets(db, {
    ...given,
    cause: "buyer:1",
    withFees: false,
    seatIds: ["A4"],
  });
  if (refund.outcome !== "open") throw new Error(refund.outcome);
  await refundTickets(db, { ...given, cause: "buyer:2", withFees: true });
  const state = { status: "succeeded", providerRefundId: "re_1" } as const;
  await recordRefund(db, { showId, refundId: refund.refundId, attempt: 1, state });
  const ended = await holdBooking(db, { showId, seatIds: ["A6"] });
  await releaseBooking(db, {
    ...ended,
    ...{ status: "expired", reason: "hold_ended" },
    ...settled,
  });
  await sellBooking(db, { showId, seatIds: ["A6", "A4"] });
  await openBookingPayment(db, await holdBooking(db, { showId, seatIds: ["A7"] }));

  expect(await findViolations(db, { outbox: "kept" })).toEqual([]);
  const inNineMinutes = Date.now() + 9 * 60_000;
  expect(await findViolations(db, { outbox: "kept", nowMs: inNineMinutes })).toEqual([]);
  const inAnHour = await findViolations(db, { outbox: "kept", nowMs: Date.now() + 3_600_000 });
  expect(inAnHour.map(({ promise }) => promise)).toEqual(["I3", "I13"]);
});

const settled = { paymentsSettled: true, confirmedToo: false };

test("what is broken is reported once a look, and followed up for its booking", async () => {
  const db = database.pool;
  const booking = await sellBooking(db, { showId: await plantShow(db), seatIds: ["A1", "A2"] });
  await db.query("update show_seats set status = 'blocked', booking_id = null where show_id = $1", [
    booking.showId,
  ]);
  const reported: Violation[] = [];
  const report = (violation: Violation) => reported.push(violation);
  const { auditShows, recheck } = createAuditActivities({
    audit: { db, graceSeconds: 120, report },
  });
  const { cases, last, violations } = await auditShows({ after: null });
  const { showId, bookingId } = booking;
  expect(cases).toContainEqual({ showId, bookingId });
  expect(last).toBeNull();
  expect(reported).toHaveLength(violations);
  expect(await recheck({ showId, bookingId })).toContain(
    "I1: the ticket for seat A1 is live, but the seat is blocked",
  );
});

test("somebody inside without any ticket is seen, although the database lets nobody write it", async () => {
  const client = await database.pool.connect();
  try {
    const showId = await plantShow(client);
    await client.query("begin");
    await client.query("alter table entries drop constraint entries_show_id_ticket_id_fkey");
    await client.query(
      `insert into entries (show_id, ticket_id, gate, device_id, scan_id, user_id, scanned_at, entered_at, was_offline)
       select $1, gen_random_uuid(), 'main', gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), now(), now(), false`,
      [showId],
    );
    const found = await findViolations(client, { showId, outbox: "kept" });
    expect(found.map(({ promise }) => promise)).toEqual(["I14"]);
  } finally {
    await client.query("rollback");
    client.release();
  }
});

describe("a planted bug is seen, and only by what it breaks", () => {
  beforeEach(async () => {
    await database.pool.query(
      "truncate shows, show_seats, show_buyers, bookings, outbox, payment_events, refund_seats, waiting_entries, entry_conflicts cascade",
    );
  });

  const red = new Set<string>();
  async function look(options: AuditOptions = {}): Promise<string[]> {
    const found = await findViolations(database.pool, { outbox: "kept", ...options });
    for (const { holds } of found) red.add(holds);
    return [...new Set(found.map(({ promise }) => promise))].toSorted();
  }

  const desk = [...deskBugs, ...transferBugs, ...doorBugs];
  test.each([...bugs, ...waitingBugs, ...desk])("$name", async (bug) => {
    await bug.scenario(database.pool);
    expect(await look(bug.look)).toEqual([]);
    const heal = await plantBug(database.pool, bug);
    await bug.scenario(database.pool);
    const broken = await look(bug.look);
    await database.pool.query("truncate refunds, tickets, waiting_entries cascade");
    await heal();
    expect(broken).toEqual(bug.breaks);
  });

  test.each([...neglects, ...waitingNeglects])("$name", async (neglect) => {
    await neglect.scenario(database.pool);
    expect(await look()).toEqual([]);
    expect(await look(neglect.look)).toEqual(neglect.breaks);
  });

  test("every check has been seen to fail", () => {
    const all = [...checksFor({}), ...checksFor({ outbox: "kept" })].map(({ holds }) => holds);
    expect([...new Set(all)].filter((holds) => !red.has(holds))).toEqual([]);
  });
});
