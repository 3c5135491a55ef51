import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { createDatabase } from "../../tests/databases.ts";
import type { TestDatabase } from "../../tests/databases.ts";
import { plantBug } from "../../tests/plant-bug.ts";
import { findTooClose, keepApart, plantChannel } from "../../tests/plant-seat-rules.ts";
import { plantShow } from "../../tests/plant-show.ts";
import { holdBooking, openBookingPayment, sellBooking } from "../../tests/sell-booking.ts";
import { allocateSeats } from "./allocate-seats.ts";
import { changeHold } from "./change-hold.ts";
import { confirmBooking, holdSeats, releaseBooking, reviveBooking } from "./holds.ts";

// Which seats the organiser's rules give to whom, asked of the statements themselves.

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

async function hold(showId: string, seatIds: string[], channel?: string): Promise<string> {
  const held = await holdSeats(database.pool, {
    ...{ bookingId: randomUUID(), userId: randomUUID(), showId, seatIds, requestHash: "hash" },
    ...{ holdSeconds: 600, graceSeconds: 120, deadlineMs: 0 },
    ...(channel !== undefined && { channel }),
  });
  return held.outcome === "held" ? "held" : `${held.code} ${held.seatIds.join(" ")}`.trim();
}

async function makeOverdue(showId: string, bookingId: string): Promise<void> {
  await database.pool.query(
    "update show_seats set held_until = now() - interval '1 hour' where show_id = $1 and booking_id = $2",
    [showId, bookingId],
  );
}

async function openSaleIn(showId: string, seconds: number): Promise<void> {
  await database.pool.query(
    "update shows set sales_open_at = now() + make_interval(secs => $2) where show_id = $1",
    [showId, seconds],
  );
}

/** An expired booking with money that comes too late. */
async function late(showId: string, seatIds: string[], channel?: string) {
  const held = await holdBooking(database.pool, { showId, seatIds, ...(channel && { channel }) });
  const booking = await openBookingPayment(database.pool, held);
  const end = { status: "expired", reason: "test", paymentsSettled: true } as const;
  await releaseBooking(database.pool, { ...booking, ...end, confirmedToo: false });
  return booking;
}

const refused = { outcome: "refused", reason: "seats_taken" };

test("a seat that is held back is refused to everybody, and so is a cart with one in it", async () => {
  const showId = await plantShow(database.pool);
  await plantChannel(database.pool, showId, { channel: "house", seatIds: ["A1", "A2"] });
  expect(await hold(showId, ["A1"])).toBe("SEAT_HELD_BACK A1");
  expect(await hold(showId, ["A3", "A2", "A1"])).toBe("SEAT_HELD_BACK A1 A2");
  expect(await hold(showId, ["A3"])).toBe("held");
});

test("a channel sells its own seats and everybody's, and not those of another", async () => {
  const showId = await plantShow(database.pool);
  await plantChannel(database.pool, showId, {
    channel: "club",
    seatIds: ["A1"],
    code: "CLUB-CODE",
  });
  await plantChannel(database.pool, showId, { channel: "house", seatIds: ["A2"] });
  expect(await hold(showId, ["A1", "A2"], "club")).toBe("SEAT_HELD_BACK A2");
  expect(await hold(showId, ["A1", "A3"], "club")).toBe("held");
  expect(await hold(showId, ["A4"], "nobodys")).toBe("CHANNEL_UNKNOWN");
});

test("before the general sale a channel that is open sells its own seats alone", async () => {
  const showId = await plantShow(database.pool);
  await openSaleIn(showId, 600);
  const presale = { channel: "presale", code: "PRESALE-CODE" };
  await plantChannel(database.pool, showId, { ...presale, seatIds: ["A1", "A2"], opensIn: -1 });
  expect(await hold(showId, ["A1"])).toBe("SHOW_NOT_ON_SALE");
  expect(await hold(showId, ["A3", "A1"], "presale")).toBe("SHOW_NOT_ON_SALE A3");
  expect(await hold(showId, ["A1"], "presale")).toBe("held");
  await openSaleIn(showId, -1);
  expect(await hold(showId, ["A3", "A2"], "presale")).toBe("held");
});

test("a channel sells nothing before it opens nor after it has closed; then its seats are everybody's", async () => {
  const showId = await plantShow(database.pool);
  const early = { channel: "early", seatIds: ["A1"], code: "EARLY-CODE", opensIn: 60 };
  await plantChannel(database.pool, showId, early);
  const closed = { channel: "closed", seatIds: ["A2"], code: "CLOSED-CODE", opensIn: -9 };
  await plantChannel(database.pool, showId, { ...closed, closesIn: -1 });
  expect(await hold(showId, ["A1"], "early")).toBe("CHANNEL_CLOSED");
  expect(await hold(showId, ["A2"], "closed")).toBe("CHANNEL_CLOSED");
  expect(await hold(showId, ["A1"])).toBe("SEAT_HELD_BACK A1");
  expect(await hold(showId, ["A2"])).toBe("held");
});

test("a released seat is everybody's at once; one that is held or sold stays as it is, and is named", async () => {
  const showId = await plantShow(database.pool);
  await plantChannel(database.pool, showId, {
    channel: "club",
    seatIds: ["A1", "A2"],
    code: "CODE-CODE",
  });
  expect(await hold(showId, ["A2"], "club")).toBe("held");
  const release = ["A1", "A2"].map((seatId) => ({ seatId, isBlocked: false, channel: null }));
  expect(await allocateSeats(database.pool, showId, release)).toEqual({
    seats: [{ seatId: "A1", status: "available", version: 2, heldUntilMs: null, channel: null }],
    takenSeatIds: ["A2"],
  });
  expect(await hold(showId, ["A1"])).toBe("held");
});

test("a seat of a channel goes back to its channel when its booking ends", async () => {
  const showId = await plantShow(database.pool);
  await plantChannel(database.pool, showId, {
    channel: "club",
    seatIds: ["A1"],
    code: "CLUB-CODE",
  });
  await late(showId, ["A1"], "club");
  expect(await hold(showId, ["A1"])).toBe("SEAT_HELD_BACK A1");
});

test("late money buys seats of the channel that it came through, and of no other", async () => {
  const showId = await plantShow(database.pool);
  const ofNone = await late(showId, ["A1"]);
  const ofClub = await late(showId, ["A2"]);
  await plantChannel(database.pool, showId, {
    channel: "club",
    seatIds: ["A1"],
    code: "CLUB-CODE",
  });
  expect(await reviveBooking(database.pool, ofNone)).toEqual(refused);
  expect(await reviveBooking(database.pool, { ...ofClub, seatIds: ["A1"] })).toEqual(refused);
  const throughClub = await late(showId, ["A1"], "club");
  expect(await reviveBooking(database.pool, throughClub)).toEqual({ outcome: "confirmed" });
});

test("a distance is kept to held and sold seats of others, on both sides, and not across a free seat more", async () => {
  const showId = await plantShow(database.pool, { seats: 20 });
  await keepApart(database.pool, showId, 2);
  await sellBooking(database.pool, { showId, seatIds: ["A5", "A6"] });
  expect(await hold(showId, ["A3", "A4"])).toBe("SEAT_TOO_CLOSE A3 A4");
  expect(await hold(showId, ["A8", "A9", "A10"])).toBe("SEAT_TOO_CLOSE A8");
  expect(await hold(showId, ["A1", "A2"])).toBe("held");
  expect(await hold(showId, ["A9", "A10"])).toBe("held");
  expect(await findTooClose(database.pool, showId)).toEqual([]);
});

test("seats of one booking may be as near to each other as they like", async () => {
  const showId = await plantShow(database.pool);
  await keepApart(database.pool, showId, 3);
  expect(await hold(showId, ["A1", "A3", "A4"])).toBe("held");
});

test("an overdue hold beside the wanted seats leaves its owner, who cannot pay for it any more", async () => {
  const showId = await plantShow(database.pool);
  await keepApart(database.pool, showId, 1);
  const held = await holdBooking(database.pool, { showId, seatIds: ["A1", "A2"] });
  const overdue = await openBookingPayment(database.pool, held);
  expect(await hold(showId, ["A3"])).toBe("SEAT_TOO_CLOSE A3");
  await makeOverdue(showId, overdue.bookingId);
  expect(await hold(showId, ["A3"])).toBe("held");
  expect(await confirmBooking(database.pool, overdue)).toEqual({
    outcome: "refused",
    reason: "seats_lost",
  });
  const { rows } = await database.pool.query(
    `select seats from show_buyers where show_id = $1 and user_id = $2`,
    [showId, overdue.userId],
  );
  // A1 is not near enough to be in the way, and is its owner's until somebody wants it.
  expect(rows).toEqual([{ seats: 1 }]);
});

test("late money keeps the distance too", async () => {
  const showId = await plantShow(database.pool);
  await keepApart(database.pool, showId, 1);
  const booking = await late(showId, ["A2"]);
  await holdBooking(database.pool, { showId, seatIds: ["A3"] });
  expect(await reviveBooking(database.pool, booking)).toEqual(refused);
  expect(await reviveBooking(database.pool, { ...booking, seatIds: ["A6"] })).toEqual({
    outcome: "confirmed",
  });
});

/** Buyers of one seat each, all at the same moment, for every seat of a row. */
async function raceForRow(): Promise<string[]> {
  const showId = await plantShow(database.pool, { seats: 24 });
  await keepApart(database.pool, showId, 1);
  const seatIds = Array.from({ length: 24 }, (_, index) => `A${index + 1}`);
  await Promise.all(seatIds.map((seatId) => hold(showId, [seatId])));
  return findTooClose(database.pool, showId);
}

test("a buyer for every seat of a row at the same moment: nobody sits nearer than the distance", async () => {
  for (let round = 0; round < 10; round += 1) expect(await raceForRow()).toEqual([]);
});

test("control: unless the seats beside them are locked too, the same race seats them too close", async () => {
  const undo = await plantBug(database.pool, {
    slips: [
      { of: "hold_seats", from: "any(p_seat_ids || v_near)", to: "any(p_seat_ids)" },
      {
        of: "hold_seats",
        from: "cardinality(p_seat_ids || v_near)",
        to: "cardinality(p_seat_ids)",
      },
    ],
  });
  let tooClose = 0;
  for (let round = 0; round < 20 && tooClose === 0; round += 1) {
    tooClose = (await raceForRow()).length;
  }
  await undo();
  expect(tooClose).toBeGreaterThan(0);
});

/** Adds seats to a hold, or says why not. */
async function add(booking: { showId: string; bookingId: string }, seatIds: string[]) {
  const changed = await changeHold(database.pool, {
    ...{ ...booking, add: seatIds, drop: [], graceSeconds: 120 },
  });
  return changed.outcome === "held" ? "held" : `${changed.code} ${changed.seatIds.join(" ")}`;
}

test("a change of a hold obeys the rules as the hold did: its channel's seats, and the distance to others", async () => {
  const showId = await plantShow(database.pool, { seats: 20 });
  const club = { channel: "club", code: "CLUB-CODE", seatIds: ["A1", "A2"] };
  await plantChannel(database.pool, showId, club);
  await keepApart(database.pool, showId, 1);
  const anybodys = await holdBooking(database.pool, { showId, seatIds: ["A6"] });
  expect(await add(anybodys, ["A1"])).toBe("SEAT_HELD_BACK A1");
  const ofClub = await holdBooking(database.pool, { showId, seatIds: ["A2"], channel: "club" });
  expect(await add(ofClub, ["A5"])).toBe("SEAT_TOO_CLOSE A5");
  expect(await add(ofClub, ["A1", "A3", "A4"])).toBe("held");
  expect(await add(anybodys, ["A7"])).toBe("held");
  await openSaleIn(showId, 60);
  expect(await add(ofClub, ["A10"])).toBe("SHOW_NOT_ON_SALE A10");
  expect(await findTooClose(database.pool, showId)).toEqual([]);
});

test("an overdue hold beside seats that are added leaves its owner", async () => {
  const showId = await plantShow(database.pool);
  await keepApart(database.pool, showId, 1);
  const overdue = await holdBooking(database.pool, { showId, seatIds: ["A1"] });
  const booking = await holdBooking(database.pool, { showId, seatIds: ["A4"] });
  expect(await add(booking, ["A2"])).toBe("SEAT_TOO_CLOSE A2");
  await makeOverdue(showId, overdue.bookingId);
  expect(await add(booking, ["A2"])).toBe("held");
  expect(await findTooClose(database.pool, showId)).toEqual([]);
});

test("places of an area that a channel keeps are for its buyers alone", async () => {
  const showId = await plantShow(database.pool);
  const places = ["LAWN:000001", "LAWN:000002", "LAWN:000003"];
  await database.pool.query(
    "insert into show_seats (show_id, seat_id, price_code) select $1, unnest($2::text[]), 'STD'",
    [showId, places],
  );
  const kept = places.slice(0, 2);
  await plantChannel(database.pool, showId, { channel: "club", code: "CLUB-CODE", seatIds: kept });
  const order = (quantity: number, channel?: string) =>
    holdSeats(database.pool, {
      ...{
        bookingId: randomUUID(),
        userId: randomUUID(),
        showId,
        seatIds: [],
        requestHash: "hash",
      },
      ...{ holdSeconds: 600, graceSeconds: 120, deadlineMs: 0 },
      places: [{ area: "LAWN", quantity, candidates: places }],
      ...(channel !== undefined && { channel }),
    });
  expect(await order(2)).toMatchObject({ outcome: "refused", code: "AREA_FULL" });
  expect(await order(1)).toMatchObject({ outcome: "held", seatIds: ["LAWN:000003"] });
  expect(await order(2, "club")).toMatchObject({ outcome: "held", seatIds: kept });
});
