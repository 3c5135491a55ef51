import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { createDatabase } from "../../tests/databases.ts";
import type { TestDatabase } from "../../tests/databases.ts";
import { plantShow } from "../../tests/plant-show.ts";
import { plantTransfer, ticketOf } from "../../tests/plant-transfer.ts";
import { sellBooking } from "../../tests/sell-booking.ts";
import { acceptTransfer } from "./transfers.ts";
import { changeUserBookings, listUserBookings } from "./user-bookings.ts";
import type { BookingPlace } from "./user-bookings.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
}, 30_000);
afterAll(() => database.drop());

test("pages go on where the last one ended, soonest first, and the past the other way round", async () => {
  const db = database.pool;
  const userId = randomUUID();
  const sold: { userId: string; bookingId: string; showId: string; hours: number }[] = [];
  for (const hours of [-30, -20, 10, 10, 40]) {
    const showId = await plantShow(db);
    await db.query(
      "update shows set starts_at = now() + $2 * interval '1 hour' where show_id = $1",
      [...[showId, hours]],
    );
    const { bookingId } = await sellBooking(db, { showId, seatIds: ["A1"], userId });
    sold.push({ userId, bookingId, showId, hours });
  }
  await changeUserBookings(db, { kept: sold, gone: [] });
  const list = async (when: "upcoming" | "past", after?: BookingPlace, limit = 2) => {
    const { bookings, next } = await listUserBookings(db, { userId, when, after, limit });
    return { ids: bookings.map(({ bookingId }) => bookingId), next };
  };
  const ids = (hours: number) =>
    sold.filter((one) => one.hours === hours).map(({ bookingId }) => bookingId);
  const first = await list("upcoming");
  expect(new Set(first.ids)).toEqual(new Set(ids(10)));
  expect(await list("upcoming", first.next)).toEqual({ ids: ids(40), next: undefined });
  expect(await list("past")).toEqual({ ids: [...ids(-20), ...ids(-30)], next: undefined });
  const latest = await list("past", undefined, 1);
  expect(latest.ids).toEqual(ids(-20));
  expect(await list("past", latest.next)).toEqual({ ids: ids(-30), next: undefined });

  // A hold may end between two pages: its place stays one.
  const gone = sold.filter(({ bookingId }) => bookingId === first.ids.at(-1));
  await changeUserBookings(db, { kept: [], gone });
  expect(await list("upcoming", first.next)).toEqual({ ids: ids(40), next: undefined });
});

test("only the last page is empty, unless a thousand places in a row hold nothing any more: so many are looked at", async () => {
  const db = database.pool;
  const userId = randomUUID();
  const soon = await plantShow(db);
  const later = await plantShow(db);
  await db.query("update shows set starts_at = now() + interval '1 hour' where show_id = $1", [
    soon,
  ]);
  const passedOn = (count: number) =>
    Array.from({ length: count }, () => ({ userId, bookingId: randomUUID(), showId: soon }));
  const sold = [];
  for (const seatId of ["A1", "A2", "A3"]) {
    sold.push(await sellBooking(db, { showId: later, seatIds: [seatId], userId }));
  }
  const list = async (after?: BookingPlace) =>
    listUserBookings(db, { userId, when: "upcoming", after, limit: 2 });

  await changeUserBookings(db, { kept: [...passedOn(600), ...sold], gone: [] });
  const first = await list();
  const second = await list(first.next);
  expect([first, second].map(({ bookings }) => bookings.length)).toEqual([2, 1]);
  expect(second.next).toBeUndefined();
  const ids = [...first.bookings, ...second.bookings].map(({ bookingId }) => bookingId);
  expect(ids.toSorted()).toEqual(sold.map(({ bookingId }) => bookingId).toSorted());

  await changeUserBookings(db, { kept: [], gone: sold });
  expect(await list()).toEqual({ bookings: [], received: [], next: undefined });
  await changeUserBookings(db, { kept: passedOn(600), gone: [] });
  const looked = await list();
  expect(looked).toMatchObject({ bookings: [], next: { showId: soon } });
  expect(await list(looked.next)).toEqual({ bookings: [], received: [], next: undefined });
});

test("the same changes again change nothing, and nobody sees a booking by a wrong row of the copy", async () => {
  const db = database.pool;
  const [owner, stranger] = [randomUUID(), randomUUID()];
  const showId = await plantShow(db);
  const { bookingId } = await sellBooking(db, { showId, seatIds: ["A1"], userId: owner });
  const own = { userId: owner, bookingId, showId };
  await changeUserBookings(db, { kept: [own, { ...own, userId: stranger }], gone: [] });
  await changeUserBookings(db, { kept: [own], gone: [] });
  const list = async (userId: string) =>
    (await listUserBookings(db, { userId, when: "upcoming", limit: 9 })).bookings;
  expect(await list(owner)).toMatchObject([{ bookingId, status: "ticketed", liveTickets: 1 }]);
  expect(await list(stranger)).toEqual([]);
  await changeUserBookings(db, { kept: [], gone: [own] });
  await changeUserBookings(db, { kept: [], gone: [own] });
  expect(await list(owner)).toEqual([]);
});

test("whoever accepts a ticket has it in their list while it is live, with nothing of the buyer's", async () => {
  const db = database.pool;
  const { booking, transfer } = await plantTransfer(db);
  const receiver = randomUUID();
  await acceptTransfer(db, { ...transfer, userId: receiver });
  const key = { bookingId: booking.bookingId, showId: booking.showId };
  await changeUserBookings(db, {
    ...{ kept: [booking, { ...key, userId: receiver }], gone: [] },
  });
  const list = (userId: string) => listUserBookings(db, { userId, when: "upcoming", limit: 9 });
  const ticketIds = [await ticketOf(db, booking, "A1")];
  expect(await list(receiver)).toMatchObject({ bookings: [], received: [{ ...key, ticketIds }] });
  expect(await list(booking.userId)).toMatchObject({ bookings: [key], received: [] });

  await db.query("update tickets set status = 'void' where show_id = $1", [booking.showId]);
  expect((await list(receiver)).received).toEqual([]);
});

test("whoever had accepted a ticket before lists were kept of them is in one after the migration, once", async () => {
  const db = database.pool;
  const { booking, transfer } = await plantTransfer(db);
  const receiver = randomUUID();
  await acceptTransfer(db, { ...transfer, userId: receiver });
  const migration = new URL("migrations/0053-received-bookings.sql", import.meta.url);
  const text = await readFile(migration, "utf8");
  await db.query(text);
  await db.query(text);
  const listed = await listUserBookings(db, { userId: receiver, when: "upcoming", limit: 9 });
  expect(listed.received).toMatchObject([{ bookingId: booking.bookingId }]);
});
