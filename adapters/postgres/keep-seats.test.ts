import { afterAll, beforeAll, expect, test } from "@jest/globals";

import type { SeatNews } from "../../domain/seat-news.ts";
import { createDatabase } from "../../tests/databases.ts";
import type { TestDatabase } from "../../tests/databases.ts";
import { plantChannel } from "../../tests/plant-seat-rules.ts";
import { plantShow } from "../../tests/plant-show.ts";
import { holdBooking, sellBooking } from "../../tests/sell-booking.ts";
import { freesSeats } from "../../workers/waiting-list/frees-seats.ts";
import { readEvent } from "../kafka/read-event.ts";
import { keepSeats } from "./keep-seats.ts";
import type { SeatKeeping } from "./keep-seats.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

const block = { isBlocked: true, channel: null, skipsTaken: false };

async function statesOf(showId: string): Promise<string> {
  const { rows } = await database.pool.query<{ line: string }>(
    `select seat_id || ' ' || coalesce(channel, status) as line from show_seats
     where show_id = $1 and (channel is not null or status <> 'available') order by seat_id`,
    [showId],
  );
  return rows.map(({ line }) => line).join(", ");
}

test("seats are blocked, put into a channel and made everybody's, and each change is news once", async () => {
  const db = database.pool;
  const showId = await plantShow(db, { seats: 4 });
  await plantChannel(db, showId, { channel: "house", seatIds: [] });
  const told: SeatNews[] = [];
  const keep = (wish: Partial<SeatKeeping>) =>
    keepSeats(db, { showId, seatIds: ["A1", "A2"], ...block, ...wish }, (_, seats) =>
      told.push(...seats),
    );
  expect(await keep({})).toEqual({ outcome: "kept", changed: 2, takenSeatIds: [] });
  expect(await keep({})).toMatchObject({ changed: 0 });
  expect(await statesOf(showId)).toBe("A1 blocked, A2 blocked");
  await keep({ isBlocked: false, channel: "house" });
  expect(await statesOf(showId)).toBe("A1 house, A2 house");
  await keep({ isBlocked: false });
  expect(await statesOf(showId)).toBe("");
  expect(told.map(({ seatId, version }) => `${seatId} ${version}`)).toEqual(
    [1, 2, 3].flatMap((version) => [`A1 ${version}`, `A2 ${version}`]),
  );
});

test("seats that become everybody's are told to whoever waits, once; those that are blocked or kept are not", async () => {
  const db = database.pool;
  const showId = await plantShow(db, { seats: 4 });
  await plantChannel(db, showId, { channel: "house", seatIds: ["A3"] });
  const keep = (wish: Partial<SeatKeeping>) =>
    keepSeats(db, { showId, seatIds: ["A1", "A2", "A3"], ...block, isBlocked: false, ...wish });
  const freed = async () => {
    const { rows } = await db.query<{ text: string }>(
      "select payload::text as text from outbox where show_id = $1 order by event_id",
      [showId],
    );
    return rows.map(({ text }) => {
      const event = readEvent(text);
      if (typeof event !== "object" || event.type !== "SeatsReleased") throw new Error(text);
      return freesSeats(event) && event.seats;
    });
  };
  await keep({ isBlocked: true });
  await keep({ seatIds: ["A1"], channel: "house" });
  expect(await freed()).toEqual([]);
  await keep({});
  await keep({});
  expect(await freed()).toEqual([3]);
  await keep({ isBlocked: true, seatIds: ["A1"] });
  await keep({ seatIds: ["A1"], channel: "house" });
  await keep({ seatIds: ["A1"] });
  expect(await freed()).toEqual([3, 1]);
});

test("a seat that somebody holds or has bought is never touched: all is refused, or it is left out", async () => {
  const db = database.pool;
  const showId = await plantShow(db, { seats: 4 });
  await sellBooking(db, { showId, seatIds: ["A2"] });
  await holdBooking(db, { showId, seatIds: ["A3"] });
  const wish = { showId, seatIds: ["A1", "A2", "A3"], ...block };
  const refused = { outcome: "refused", code: "SEAT_TAKEN", seatIds: ["A2", "A3"] };
  expect(await keepSeats(db, wish)).toEqual(refused);
  expect(await statesOf(showId)).toBe("A2 booked, A3 held");
  expect(await keepSeats(db, { ...wish, skipsTaken: true })).toEqual({
    ...{ outcome: "kept", changed: 1, takenSeatIds: ["A2", "A3"] },
  });
  expect(await statesOf(showId)).toBe("A1 blocked, A2 booked, A3 held");
});

test("a channel and a seat that the show does not have are refused", async () => {
  const showId = await plantShow(database.pool, { seats: 2 });
  const wish = { showId, seatIds: ["A1"], ...block, isBlocked: false };
  expect(await keepSeats(database.pool, { ...wish, channel: "nobodys" })).toMatchObject({
    code: "CHANNEL_UNKNOWN",
  });
  expect(await keepSeats(database.pool, { ...wish, seatIds: ["A1", "Z1"] })).toMatchObject({
    ...{ code: "SEAT_UNKNOWN", seatIds: ["Z1"] },
  });
});

test("who blocks and who buys at one moment: the seat is one or the other, in one order", async () => {
  const db = database.pool;
  const showId = await plantShow(db, { seats: 20 });
  const seats = Array.from({ length: 20 }, (_, index) => `A${index + 1}`);
  const outcomes = await Promise.all(
    seats.flatMap((seatId) => [
      keepSeats(db, { showId, seatIds: [seatId], ...block }).then(
        ({ outcome }) => outcome === "kept",
      ),
      holdBooking(db, { showId, seatIds: [seatId] }).then(
        () => true,
        () => false,
      ),
    ]),
  );
  expect(outcomes.filter(Boolean)).toHaveLength(20);
});
