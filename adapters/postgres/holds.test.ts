import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { createDatabase } from "../../tests/databases.ts";
import type { TestDatabase } from "../../tests/databases.ts";
import { plantShow } from "../../tests/plant-show.ts";
import { confirmBooking, extendHold, holdSeats, issueTickets, releaseBooking } from "./holds.ts";
import { openPayment } from "./payments.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

const expired = {
  status: "expired",
  reason: "hold_ended",
  paymentsSettled: false,
  confirmedToo: false,
} as const;

function request(showId: string, seatIds: string[], userId: string = randomUUID()) {
  return {
    bookingId: randomUUID(),
    showId,
    userId,
    seatIds,
    requestHash: "hash",
    holdSeconds: 600,
    graceSeconds: 120,
    deadlineMs: 0,
  };
}

/** Who holds what, against what buyers are said to have: both must always agree. */
async function seatAccounts(showId: string) {
  const { rows } = await database.pool.query<{ status: string; seats: number }>(
    "select status, count(*)::integer as seats from show_seats where show_id = $1 group by status order by status",
    [showId],
  );
  const { rows: disagreements } = await database.pool.query(
    `select user_id, coalesce(own.seats, 0) as own, coalesce(buyer.seats, 0) as said
     from (select user_id, count(*)::integer as seats from show_seats
             where show_id = $1 and user_id is not null group by user_id) own
     full join (select user_id, seats from show_buyers where show_id = $1) buyer using (user_id)
     where coalesce(own.seats, 0) <> coalesce(buyer.seats, 0)`,
    [showId],
  );
  expect(disagreements).toEqual([]);
  return Object.fromEntries(rows.map(({ status, seats }) => [status, seats]));
}

/** A hold whose time and grace are over, without waiting for it. */
async function makeOverdue(showId: string, bookingId: string) {
  await database.pool.query(
    "update show_seats set held_until = now() - interval '1 hour' where show_id = $1 and booking_id = $2",
    [showId, bookingId],
  );
}

async function race(on: TestDatabase, showId: string, racers: number): Promise<number> {
  const outcomes = await Promise.all(
    Array.from({ length: racers }, () => holdSeats(on.pool, request(showId, ["A1"]))),
  );
  return outcomes.filter(({ outcome }) => outcome === "held").length;
}

test("64 buyers racing for one seat: exactly one holds it", async () => {
  const showId = await plantShow(database.pool);
  expect(await race(database, showId, 64)).toBe(1);
  expect(await seatAccounts(showId)).toEqual({ available: 9, held: 1 });
});

test("control: without the row locks the same race oversells", async () => {
  const unguarded = await createDatabase();
  const { rows } = await unguarded.pool.query<{ source: string }>(
    "select pg_get_functiondef(oid) as source from pg_proc where proname = 'hold_seats'",
  );
  const guarded = rows[0]?.source ?? "";
  const withoutLocks = guarded.replace("    for update;", ";");
  expect(withoutLocks).not.toBe(guarded);
  await unguarded.pool.query(withoutLocks);

  let winners = 0;
  for (let round = 0; round < 50 && winners <= 1; round += 1) {
    winners = await race(unguarded, await plantShow(unguarded.pool), 64);
  }
  await unguarded.drop();
  expect(winners).toBeGreaterThan(1);
});

test("carts that overlap in opposite order: no deadlock, and nobody gets half", async () => {
  const showId = await plantShow(database.pool, { seats: 4 });
  const carts = [
    ["A1", "A2", "A3"],
    ["A3", "A2"],
    ["A4", "A1"],
    ["A2", "A4"],
  ];
  const outcomes = await Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      holdSeats(database.pool, request(showId, carts[index % carts.length] ?? [])),
    ),
  );
  const held = outcomes.filter(({ outcome }) => outcome === "held");
  expect(held.length).toBeGreaterThan(0);
  const { rows } = await database.pool.query<{ complete: boolean }>(
    `select count(*) = booking.seat_count as complete
     from bookings booking join show_seats seat using (show_id, booking_id)
     where show_id = $1 group by booking.booking_id, booking.seat_count`,
    [showId],
  );
  expect(rows).toHaveLength(held.length);
  expect(rows.every(({ complete }) => complete)).toBe(true);
  await seatAccounts(showId);
});

test("the same booking asked 20 times at once holds once and gives one answer", async () => {
  const showId = await plantShow(database.pool);
  const asked = request(showId, ["A1", "A2"]);
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, () => holdSeats(database.pool, asked)),
  );
  const answers = new Set(
    outcomes.map((outcome) => outcome.outcome === "held" && outcome.heldUntilMs),
  );
  expect(answers.size).toBe(1);
  expect(answers.has(false)).toBe(false);
  const { rows } = await database.pool.query(
    "select 1 from outbox where show_id = $1 and payload->>'type' = 'BookingHeld'",
    [showId],
  );
  expect(rows).toHaveLength(1);
  expect(await seatAccounts(showId)).toEqual({ available: 8, held: 2 });
});

test("a buyer's limit holds across twenty tabs", async () => {
  const showId = await plantShow(database.pool, { seats: 40, seatsPerBuyerMax: 4 });
  const userId = randomUUID();
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      holdSeats(database.pool, request(showId, [`A${index * 2 + 1}`, `A${index * 2 + 2}`], userId)),
    ),
  );
  expect(outcomes.filter(({ outcome }) => outcome === "held")).toHaveLength(2);
  expect(await seatAccounts(showId)).toEqual({ available: 36, held: 4 });
});

test("a refused hold writes nothing", async () => {
  const showId = await plantShow(database.pool);
  await holdSeats(database.pool, request(showId, ["A1"]));
  const before = await seatAccounts(showId);
  const refused = await holdSeats(database.pool, request(showId, ["A2", "A1", "A3"]));
  expect(refused).toEqual({ outcome: "refused", code: "SEAT_TAKEN", seatIds: ["A1"] });
  expect(await seatAccounts(showId)).toEqual(before);
});

test("a live hold is never given away; one past its grace is, and its late owner touches nothing", async () => {
  const showId = await plantShow(database.pool);
  const first = request(showId, ["A1", "A2"]);
  await holdSeats(database.pool, first);
  const second = request(showId, ["A2", "A3"]);
  expect(await holdSeats(database.pool, second)).toMatchObject({ outcome: "refused" });

  await makeOverdue(showId, first.bookingId);
  expect(await holdSeats(database.pool, second)).toMatchObject({ outcome: "held" });
  await seatAccounts(showId);

  const released = await releaseBooking(database.pool, { ...first, ...expired });
  expect(released).toMatchObject({ outcome: "released", seatIds: ["A1"] });
  expect(await seatAccounts(showId)).toEqual({ available: 8, held: 2 });
});

test("buyers who take over each other's overdue seats at once do not deadlock", async () => {
  for (let round = 0; round < 20; round += 1) {
    const showId = await plantShow(database.pool, { seats: 2 });
    const asha = request(showId, ["A1"]);
    const ben = request(showId, ["A2"]);
    await Promise.all([asha, ben].map((hold) => holdSeats(database.pool, hold)));
    await Promise.all([asha, ben].map((hold) => makeOverdue(showId, hold.bookingId)));
    const outcomes = await Promise.all([
      holdSeats(database.pool, request(showId, ["A2"], asha.userId)),
      holdSeats(database.pool, request(showId, ["A1"], ben.userId)),
      releaseBooking(database.pool, { ...asha, ...expired }),
      releaseBooking(database.pool, { ...ben, ...expired }),
    ]);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual([
      "held",
      "held",
      "released",
      "released",
    ]);
    expect(await seatAccounts(showId)).toEqual({ held: 2 });
  }
});

test("confirm and release race for one booking: seats are sold or free, never both", async () => {
  for (let round = 0; round < 20; round += 1) {
    const showId = await plantShow(database.pool);
    const hold = request(showId, ["A1", "A2"]);
    await holdSeats(database.pool, hold);
    const payment = { ...hold, paymentId: randomUUID(), amountMinor: 2_200, currency: "GBP" };
    const [confirmed, released] = await Promise.all([
      confirmBooking(database.pool, payment),
      releaseBooking(database.pool, { ...hold, ...expired }),
    ]);
    const sold = confirmed.outcome === "confirmed";
    expect(released.outcome).toBe(sold ? "kept" : "released");
    expect(await seatAccounts(showId)).toEqual(
      sold ? { available: 8, booked: 2 } : { available: 10 },
    );
  }
});

test("tickets are issued once for a confirmed booking and never for another", async () => {
  const showId = await plantShow(database.pool);
  const hold = request(showId, ["A1", "A2"]);
  await holdSeats(database.pool, hold);
  const captured = { ...hold, capturedMinor: 2_200 };
  expect(await issueTickets(database.pool, captured)).toEqual({ outcome: "refused" });

  const payment = { ...hold, paymentId: randomUUID(), amountMinor: 2_200, currency: "GBP" };
  await confirmBooking(database.pool, payment);
  await Promise.all(Array.from({ length: 5 }, () => issueTickets(database.pool, captured)));
  const { rows } = await database.pool.query(
    "select seat_id from tickets where show_id = $1 order by seat_id",
    [showId],
  );
  expect(rows).toEqual([{ seat_id: "A1" }, { seat_id: "A2" }]);
});

test("another sum or currency than the quote buys nothing", async () => {
  const showId = await plantShow(database.pool);
  const hold = request(showId, ["A1"]);
  await holdSeats(database.pool, hold);
  const mismatch = { outcome: "refused", reason: "amount_mismatch" };
  const payment = { ...hold, paymentId: randomUUID(), amountMinor: 1_100, currency: "GBP" };
  expect(await confirmBooking(database.pool, { ...payment, amountMinor: 1_099 })).toEqual(mismatch);
  expect(await confirmBooking(database.pool, { ...payment, currency: "USD" })).toEqual(mismatch);
  expect(await confirmBooking(database.pool, payment)).toEqual({ outcome: "confirmed" });
});

test("an open payment keeps the seats until it is settled", async () => {
  const showId = await plantShow(database.pool);
  const hold = request(showId, ["A1"]);
  await holdSeats(database.pool, hold);
  const attempt = { ...hold, paymentId: randomUUID(), provider: "stripe", attemptsMax: 5 } as const;
  expect(await openPayment(database.pool, attempt)).toMatchObject({ outcome: "open", attempt: 1 });

  const release = { ...hold, ...expired };
  expect(await releaseBooking(database.pool, release)).toEqual({ outcome: "payments_open" });
  expect(await releaseBooking(database.pool, { ...release, paymentsSettled: true })).toEqual({
    outcome: "released",
    seatIds: ["A1"],
    openPayments: 1,
  });
  expect(await openPayment(database.pool, attempt)).toEqual({
    outcome: "refused",
    code: "HOLD_EXPIRED",
  });
});

test("an extension never passes its cap", async () => {
  const showId = await plantShow(database.pool);
  const hold = request(showId, ["A1"]);
  const held = await holdSeats(database.pool, hold);
  expect(held.outcome).toBe("held");
  const heldUntilMs = held.outcome === "held" ? held.heldUntilMs : 0;
  const extend = { ...hold, seconds: 400, secondsMax: 1_200 };
  await extendHold(database.pool, extend);
  const extended = await extendHold(database.pool, extend);
  expect(extended).toEqual({ outcome: "extended", heldUntilMs: heldUntilMs + 600_000 });
});

test("a hold whose seats were taken over has nothing left to extend", async () => {
  const showId = await plantShow(database.pool);
  const late = request(showId, ["A1", "A2"]);
  await holdSeats(database.pool, late);
  await makeOverdue(showId, late.bookingId);
  const other = request(showId, ["A2"]);
  expect(await holdSeats(database.pool, other)).toMatchObject({ outcome: "held" });
  const extension = { ...late, seconds: 60, secondsMax: 1_200 };
  expect(await extendHold(database.pool, extension)).toEqual({ outcome: "refused" });
  expect(
    await extendHold(database.pool, { ...other, seconds: 60, secondsMax: 1_200 }),
  ).toMatchObject({ outcome: "extended" });
});
