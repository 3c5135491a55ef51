import { afterAll, beforeAll, expect, test } from "@jest/globals";

import type { SeatNews } from "../../domain/seat-news.ts";
import { createDatabase } from "../../tests/databases.ts";
import type { TestDatabase } from "../../tests/databases.ts";
import { plantBug } from "../../tests/plant-bug.ts";
import { keepApart, plantChannel } from "../../tests/plant-seat-rules.ts";
import { plantShow } from "../../tests/plant-show.ts";
import { holdBooking, sellBooking } from "../../tests/sell-booking.ts";
import { findViolations } from "./audit/find-violations.ts";
import { findBooking } from "./bookings.ts";
import { moveSeats } from "./move-seats.ts";
import type { SeatMove } from "./move-seats.ts";
import { refundTickets } from "./refunds.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

type Sold = Awaited<ReturnType<typeof sellBooking>>;

/** "A1 > A5" moves a ticket; says what became of it. */
async function move(booking: Sold, ...wishes: string[]): Promise<string> {
  const moved = await moveSeats(database.pool, { ...booking, moves: wishes.map(readMove) });
  if (moved.outcome === "refused") return `${moved.code} ${moved.seatIds.join(" ")}`.trim();
  return moved.isRepeated ? "repeated" : "moved";
}

function readMove(wish: string): SeatMove {
  const [fromSeatId = "", toSeatId = ""] = wish.split(" > ");
  return { fromSeatId, toSeatId };
}

async function ticketsOf(booking: Sold): Promise<string[]> {
  const { rows } = await database.pool.query<{ line: string }>(
    `select concat_ws(' ', seat_id, status, moved_to) as line from tickets
     where show_id = $1 and booking_id = $2 order by seat_id, nth`,
    [booking.showId, booking.bookingId],
  );
  return rows.map(({ line }) => line);
}

async function breaks(showId: string): Promise<string[]> {
  const found = await findViolations(database.pool, { showId, outbox: "kept" });
  return found.map(({ holds, what }) => `${holds}: ${what}`);
}

test("a ticket moves: the old one is void, a new one lives, the buyer has as many seats and has paid the same", async () => {
  const db = database.pool;
  const booking = await sellBooking(db, {
    showId: await plantShow(db),
    seatIds: ["A1", "A2"],
  });
  const before = await findBooking(db, booking);
  const told: SeatNews[] = [];
  const moves = [{ fromSeatId: "A1", toSeatId: "A7" }];
  await moveSeats(db, { ...booking, moves }, (_, seats) => told.push(...seats));
  expect(told).toEqual([
    { seatId: "A1", status: "available", version: 3, heldUntilMs: null },
    { seatId: "A7", status: "booked", version: 1, heldUntilMs: null },
  ]);
  expect(await ticketsOf(booking)).toEqual(["A1 void A7", "A2 live", "A7 live"]);
  const after = await findBooking(db, booking);
  expect(after).toMatchObject({ totalMinor: before?.totalMinor, status: "ticketed" });
  expect(after?.seats.map(({ seatId, amountMinor }) => [seatId, amountMinor])).toEqual([
    ["A2", 1_000],
    ["A7", 1_000],
  ]);
  expect(after?.tickets.map(({ seatId }) => seatId)).toEqual(["A2", "A7"]);
  const { rows } = await db.query(
    "select seats from show_buyers where show_id = $1 and user_id = $2",
    [booking.showId, booking.userId],
  );
  expect(rows).toEqual([{ seats: 2 }]);
  expect(await breaks(booking.showId)).toEqual([]);
});

test("a move is told in the transaction that makes it: its event names both seats and the tickets that live", async () => {
  const db = database.pool;
  const booking = await sellBooking(db, { showId: await plantShow(db), seatIds: ["A1", "A2"] });
  expect(await move(booking, "A2 > A4", "A1 > A3")).toBe("moved");
  const { rows } = await db.query<{ payload: object }>(
    "select payload from outbox where show_id = $1 and payload ->> 'type' = 'TicketsMoved'",
    [booking.showId],
  );
  expect(rows.map(({ payload }) => payload)).toEqual([
    expect.objectContaining({
      schemaVersion: 1,
      seatIds: ["A3", "A4"],
      moves: [readMove("A1 > A3"), readMove("A2 > A4")],
      totalMinor: 2_200,
      ticketDetails: [
        expect.objectContaining({ seatId: "A3" }),
        expect.objectContaining({ seatId: "A4" }),
      ],
    }),
  ]);
});

test("moved twice is moved once; a ticket may wander on and come back", async () => {
  const db = database.pool;
  const booking = await sellBooking(db, { showId: await plantShow(db), seatIds: ["A1"] });
  expect(await move(booking, "A1 > A2")).toBe("moved");
  expect(await move(booking, "A1 > A2")).toBe("repeated");
  expect(await move(booking, "A2 > A3")).toBe("moved");
  expect(await move(booking, "A3 > A1")).toBe("moved");
  expect(await ticketsOf(booking)).toEqual(["A1 void A2", "A1 live", "A2 void A3", "A3 void A1"]);
  expect(await breaks(booking.showId)).toEqual([]);
});

test("what is not to be had is refused, and then nothing at all is moved", async () => {
  const db = database.pool;
  const showId = await plantShow(db);
  const booking = await sellBooking(db, { showId, seatIds: ["A1", "A2"] });
  await holdBooking(db, { showId, seatIds: ["A3"] });
  await sellBooking(db, { showId, seatIds: ["A4"] });
  await plantChannel(db, showId, { channel: "house", seatIds: ["A5"] });
  expect(await move(booking, "A1 > A6", "A2 > A3")).toBe("SEAT_TAKEN A3");
  expect(await move(booking, "A1 > A4")).toBe("SEAT_TAKEN A4");
  expect(await move(booking, "A1 > A5")).toBe("SEAT_HELD_BACK A5");
  expect(await move(booking, "A1 > Z9")).toBe("SEAT_UNKNOWN Z9");
  expect(await move(booking, "A1 > A2")).toBe("SEAT_OWN A2");
  expect(await move(booking, "A7 > A6")).toBe("TICKET_NOT_LIVE A7");
  expect(await move({ ...booking, bookingId: showId }, "A1 > A6")).toBe("BOOKING_NOT_FOUND");
  expect(await ticketsOf(booking)).toEqual(["A1 live", "A2 live"]);
  await db.query("update shows set status = 'cancelled' where show_id = $1", [showId]);
  expect(await move(booking, "A1 > A6")).toBe("SHOW_CANCELLED");
});

test("the distance between bookings holds for whoever is moved", async () => {
  const db = database.pool;
  const showId = await plantShow(db);
  await keepApart(db, showId, 1);
  const booking = await sellBooking(db, { showId, seatIds: ["A1"] });
  await sellBooking(db, { showId, seatIds: ["A5"] });
  expect(await move(booking, "A1 > A4")).toBe("SEAT_TOO_CLOSE A4");
  expect(await move(booking, "A1 > A2")).toBe("moved");
});

test("what was moved is given back like any other, and its seat is not moved to again", async () => {
  const db = database.pool;
  const booking = await sellBooking(db, { showId: await plantShow(db), seatIds: ["A1", "A2"] });
  expect(await move(booking, "A1 > A3")).toBe("moved");
  const cause = "buyer:1" as const;
  const wish = { ...booking, cause, withFees: true, seatIds: ["A3"] };
  expect(await refundTickets(db, wish)).toMatchObject({ outcome: "open", amountMinor: 1_100 });
  expect(await move(booking, "A2 > A3")).toBe("SEAT_OWN A3");
  expect(await move(booking, "A2 > A1")).toBe("moved");
  expect(await breaks(booking.showId)).toEqual([]);
});

test("32 moves and 32 holds want one seat at one moment: one of them has it", async () => {
  const race = await raceForSeat();
  expect(race.winners).toBe(1);
  expect(await breaks(race.showId)).toEqual([]);
});

test("moves, refunds and holds of the same seats at one moment wait for each other and never for ever", async () => {
  const db = database.pool;
  const showId = await plantShow(db, { seats: 30 });
  const bookings: Sold[] = [];
  for (let nth = 1; nth <= 10; nth += 1) {
    bookings.push(await sellBooking(db, { showId, seatIds: [`A${nth}`, `A${nth + 10}`] }));
  }
  const acts = bookings.flatMap((booking, index) => [
    // Each wants the seats that others hold, refund or move to, in either order.
    move(booking, `A${index + 1} > A${21 + (index % 5)}`, `A${index + 11} > A${26 + (index % 5)}`),
    move(booking, `A${index + 11} > A${21 + ((index + 2) % 5)}`),
    refundTickets(db, { ...booking, cause: "buyer:1", withFees: true, seatIds: [`A${index + 1}`] }),
    holdBooking(db, { showId, seatIds: ["A30", `A${index + 1}`, "A21"] }).catch(() => "refused"),
  ]);
  const ended = await Promise.allSettled(acts);
  expect(ended.filter(({ status }) => status === "rejected")).toEqual([]);
  expect(await breaks(showId)).toEqual([]);
});

test("control: without the look at the seat, and the index behind it, more than one has it", async () => {
  const look = { of: "move_seats", from: "any(p_to) and status <> 'available'", to: "any('{}')" };
  const undo = await plantBug(database.pool, {
    slips: [look, { index: "tickets_one_live_per_seat" }],
  });
  const race = await raceForSeat();
  expect(race.winners).toBeGreaterThan(1);
  expect(await breaks(race.showId)).not.toEqual([]);
  await database.pool.query("update tickets set status = 'void' where show_id = $1", [race.showId]);
  await undo();
});

async function raceForSeat() {
  const db = database.pool;
  const showId = await plantShow(db, { seats: 40 });
  const bookings: Sold[] = [];
  for (let index = 1; index <= 32; index += 1) {
    bookings.push(await sellBooking(db, { showId, seatIds: [`A${index}`] }));
  }
  const moved = bookings.map(
    async (booking, index) => (await move(booking, `A${index + 1} > A40`)) === "moved",
  );
  const held = bookings.map(() =>
    holdBooking(db, { showId, seatIds: ["A40"] }).then(
      () => true,
      () => false,
    ),
  );
  const outcomes = await Promise.all([...moved, ...held]);
  return { showId, winners: outcomes.filter(Boolean).length };
}
