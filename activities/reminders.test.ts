import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { moveSeats } from "../adapters/postgres/move-seats.ts";
import { listDueReminders } from "../adapters/postgres/show-reminders.ts";
import type { ReminderDue } from "../domain/events.ts";
import { createDatabase } from "../tests/databases.ts";
import type { TestDatabase } from "../tests/databases.ts";
import { mutateFunction } from "../tests/mutate-function.ts";
import { plantShow, plantShowLike } from "../tests/plant-show.ts";
import { holdBooking, sellBooking } from "../tests/sell-booking.ts";
import { createReminderActivities } from "./reminders.ts";

// Reminders by the statements alone, without any workflow.

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

/** Whatever the clock says here and in London: noon of the day before this start is over. */
const soon = "now() + interval '20 minutes'";

async function showAt(startsAt: string, db = database.pool): Promise<string> {
  const showId = await plantShow(db);
  await moveTo(showId, startsAt, db);
  return showId;
}

async function moveTo(showId: string, startsAt: string, db = database.pool): Promise<void> {
  await db.query(`update shows set starts_at = ${startsAt} where show_id = $1`, [showId]);
}

/** A booking with tickets of three days ago. */
async function sell(showId: string, seatIds: string[], db = database.pool): Promise<string> {
  const { bookingId } = await sellBooking(db, { showId, seatIds });
  await db.query(
    "update tickets set issued_at = now() - interval '3 days' where show_id = $1 and booking_id = $2",
    [showId, bookingId],
  );
  return bookingId;
}

/** All pages. */
async function remind({ shows = 10, buyers = 20, db = database.pool } = {}): Promise<number> {
  const activities = createReminderActivities({ db, heartbeat: () => undefined });
  for (let reminded = 0, pages = 0; ; pages += 1) {
    const page = await activities.remindBuyers({ shows, buyers, atOnce: 4 });
    reminded += page.reminded;
    if (page.isEnd) return reminded;
    if (pages > 100) throw new Error("It does not end");
  }
}

async function reminded(showId: string, db = database.pool): Promise<ReminderDue[]> {
  const { rows } = await db.query<{ payload: ReminderDue }>(
    "select payload from outbox where show_id = $1 and payload->>'type' = 'ReminderDue' order by event_id",
    [showId],
  );
  return rows.map(({ payload }) => payload);
}

const bookingsOf = (events: ReminderDue[]) => new Set(events.map(({ bookingId }) => bookingId));

test("every buyer of a show is reminded once, in pages, and a second look finds nothing", async () => {
  const showId = await showAt(soon);
  const sold = [];
  for (const seat of ["A1", "A2", "A3", "A4", "A5"]) sold.push(await sell(showId, [seat]));
  expect(await remind({ buyers: 2 })).toBe(5);
  expect(await remind()).toBe(0);
  const events = await reminded(showId);
  expect(events).toHaveLength(5);
  expect(bookingsOf(events)).toEqual(new Set(sold));
  const { rows } = await database.pool.query<{ startsAtMs: number }>(
    `select floor(extract(epoch from starts_at) * 1000)::float8 as "startsAtMs" from shows where show_id = $1`,
    [showId],
  );
  expect(events[0]).toMatchObject({ ...rows[0], seatIds: [expect.any(String)] });
});

test("eight who remind at once remind nobody twice", async () => {
  const showId = await showAt(soon);
  for (const seat of ["A1", "A2", "A3", "A4", "A5", "A6"]) await sell(showId, [seat]);
  const counts = await Promise.all(Array.from({ length: 8 }, () => remind({ buyers: 1 })));
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(6);
  expect(bookingsOf(await reminded(showId)).size).toBe(6);
});

test("control: without the lock on how far a show has come somebody is reminded twice", async () => {
  const planted = await createDatabase();
  try {
    await mutateFunction(planted.pool, "remind_of_show", (source) =>
      source.replace(/ended_at is null\s+for update;/, "ended_at is null; perform pg_sleep(0.05);"),
    );
    const showId = await showAt(soon, planted.pool);
    for (const seat of ["A1", "A2", "A3"]) await sell(showId, [seat], planted.pool);
    await Promise.all(Array.from({ length: 4 }, () => remind({ buyers: 1, db: planted.pool })));
    expect((await reminded(showId, planted.pool)).length).toBeGreaterThan(3);
  } finally {
    await planted.drop();
  }
});

test("only who has tickets, and had them before it was time, is reminded", async () => {
  const showId = await showAt(soon);
  const early = await sell(showId, ["A1"]);
  await holdBooking(database.pool, { showId, seatIds: ["A3"] });
  const given = await sell(showId, ["A4"]);
  await database.pool.query("update bookings set status = 'refunded' where booking_id = $1", [
    given,
  ]);
  expect(await remind()).toBe(1);
  expect(bookingsOf(await reminded(showId))).toEqual(new Set([early]));
});

test("bookings that were made before and are paid for while their show is told hear nothing more, whatever their ids", async () => {
  const showId = await showAt(soon);
  const early = new Set([await sell(showId, ["A1"]), await sell(showId, ["A2"])]);
  const activities = createReminderActivities({ db: database.pool, heartbeat: () => undefined });
  for (const seat of ["A3", "A4", "A5", "A6", "A7", "A8"]) {
    await sellBooking(database.pool, { showId, seatIds: [seat] });
    await database.pool.query(
      "update bookings set created_at = now() - interval '3 days' where show_id = $1",
      [showId],
    );
    await activities.remindBuyers({ shows: 10, buyers: 1, atOnce: 1 });
  }
  await remind();
  expect(bookingsOf(await reminded(showId))).toEqual(early);
});

test("whoever was moved since it was time is reminded: the booking had tickets before", async () => {
  const showId = await showAt(soon);
  const bookingId = await sell(showId, ["A1"]);
  const moved = await moveSeats(database.pool, {
    ...{ showId, bookingId, moves: [{ fromSeatId: "A1", toSeatId: "A2" }] },
  });
  expect(moved).toMatchObject({ outcome: "moved" });
  expect(await remind()).toBe(1);
  expect((await reminded(showId)).map(({ seatIds }) => seatIds)).toEqual([["A2"]]);
});

test("it is time a minute after noon, when all that was bought before is committed", async () => {
  const showId = await showAt("now() + interval '20 hours'");
  const isDue = async (secondsAfterNoon: number) => {
    await database.pool.query(
      `update venues set time_zone = $2
       where venue_id = (select venue_id from halls join shows using (hall_id) where show_id = $1)`,
      [showId, zoneWhereItIs(12 * 3_600 + secondsAfterNoon)],
    );
    const due = await listDueReminders(database.pool, { limit: 100 });
    return due.some((one) => one.showId === showId);
  };
  expect([await isDue(30), await isDue(90)]).toEqual([false, true]);
  await database.pool.query("update shows set status = 'cancelled' where show_id = $1", [showId]);
});

/** A time zone in PostgreSQL's notation for offsets, which counts to the west. */
function zoneWhereItIs(secondOfDay: number): string {
  const day = 86_400;
  const east = ((secondOfDay - (Math.floor(Date.now() / 1_000) % day) + 1.5 * day) % day) - day / 2;
  const [hours, minutes] = [
    Math.floor(Math.abs(east) / 3_600),
    Math.floor(Math.abs(east) / 60) % 60,
  ];
  return `<T>${east > 0 ? "-" : "+"}${hours}:${minutes}:${Math.abs(east) % 60}`;
}

test("a ticket that was given to somebody else reminds them, and void ones nobody", async () => {
  const showId = await showAt(soon);
  const shared = await sell(showId, ["A1", "A2"]);
  const dead = await sell(showId, ["A3"]);
  const friend = randomUUID();
  await database.pool.query(
    "update tickets set user_id = $3 where show_id = $1 and booking_id = $2 and seat_id = 'A2'",
    [showId, shared, friend],
  );
  await database.pool.query(
    "update tickets set status = 'void' where show_id = $1 and booking_id = $2",
    [showId, dead],
  );
  expect(await remind()).toBe(2);
  const events = await reminded(showId);
  expect(bookingsOf(events)).toEqual(new Set([shared]));
  expect(events.map(({ userId }) => userId)).toContain(friend);
});

test("a cancelled show, one that has begun, and one whose day before has not come are left alone", async () => {
  const cancelled = await showAt(soon);
  const begun = await showAt("now() - interval '1 minute'");
  // Within 37 hours of it, perhaps, and still it is not noon of the day before.
  const later = await showAt(
    "((now() at time zone 'Europe/London')::date + 2 + time '00:30') at time zone 'Europe/London'",
  );
  for (const showId of [cancelled, begun, later]) await sell(showId, ["A1"]);
  await database.pool.query("update shows set status = 'cancelled' where show_id = $1", [
    cancelled,
  ]);
  expect(await remind()).toBe(0);
});

test("it is time at noon of the day before, on the venue's own clock", async () => {
  const showId = await showAt(soon);
  const due = await listDueReminders(database.pool, { limit: 100 });
  const { dueAt } = due.find((one) => one.showId === showId) ?? {};
  const { rows } = await database.pool.query<{ time: string; days: number }>(
    `select to_char($2::timestamptz at time zone 'Europe/London', 'HH24:MI') as time,
       (starts_at at time zone 'Europe/London')::date - ($2::timestamptz at time zone 'Europe/London')::date as days
     from shows where show_id = $1`,
    [showId, dueAt],
  );
  expect(rows).toEqual([{ time: "12:00", days: 1 }]);
  await remind();
});

test("a show that is put off is reminded of again for its other start, and of none twice when it comes back", async () => {
  const showId = await showAt(soon);
  const { rows } = await database.pool.query<{ first: string }>(
    "select starts_at::text as first from shows where show_id = $1",
    [showId],
  );
  await sell(showId, ["A1"]);
  expect(await remind()).toBe(1);
  await moveTo(showId, "now() + interval '30 minutes'");
  expect(await remind()).toBe(1);
  await moveTo(showId, `'${rows[0]?.first}'`);
  expect(await remind()).toBe(0);
  const starts = (await reminded(showId)).map(({ startsAtMs }) => startsAtMs);
  expect(new Set(starts).size).toBe(2);
});

test("many shows have their turns, however few a page takes", async () => {
  const first = await showAt(soon);
  const shows = [first];
  for (let more = 0; more < 4; more += 1) shows.push(await plantShowLike(database.pool, first));
  for (const showId of shows) await moveTo(showId, soon);
  for (const showId of shows) for (const seat of ["A1", "A2", "A3"]) await sell(showId, [seat]);
  expect(await remind({ shows: 2, buyers: 2 })).toBe(15);
  for (const showId of shows) expect(await reminded(showId)).toHaveLength(3);
});

test("a show without buyers is done with at once", async () => {
  const showId = await showAt(soon);
  expect(await remind()).toBe(0);
  const due = await listDueReminders(database.pool, { limit: 100 });
  expect(due.map((one) => one.showId)).not.toContain(showId);
});
