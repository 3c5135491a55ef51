import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { createDatabase } from "../../tests/databases.ts";
import type { TestDatabase } from "../../tests/databases.ts";
import { mutateFunction } from "../../tests/mutate-function.ts";
import { plantShow } from "../../tests/plant-show.ts";
import { holdBooking, openBookingPayment } from "../../tests/sell-booking.ts";
import { findBooking } from "./bookings.ts";
import { confirmBooking, issueTickets, releaseBooking, reviveBooking } from "./holds.ts";
import { keepCard } from "./payments.ts";
import type { Queryable } from "./pool.ts";
import { refundTickets } from "./refunds.ts";

// How many seats of a show one card may pay for.

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

async function limitedShow(seatsPerCardMax: number | null, db: Queryable = database.pool) {
  const showId = await plantShow(db, { seats: 40, seatsPerBuyerMax: 40 });
  await db.query("update shows set seats_per_card_max = $2 where show_id = $1", [
    showId,
    seatsPerCardMax,
  ]);
  return showId;
}

/** Somebody new has authorised a payment for these seats with this card; null: nobody has asked which one. */
async function paid(
  showId: string,
  seatIds: string[],
  card: string | null,
  db: Queryable = database.pool,
) {
  const booking = await openBookingPayment(db, await holdBooking(db, { showId, seatIds }));
  if (card !== null) await keepCard(db, { ...booking, card: card === "" ? undefined : card });
  return booking;
}

type Paid = Awaited<ReturnType<typeof paid>>;

async function confirm(booking: Paid, db: Queryable = database.pool) {
  const outcome = await confirmBooking(db, booking);
  return outcome.outcome === "refused" ? outcome.reason : outcome.outcome;
}

async function giveBack(booking: Paid) {
  await releaseBooking(database.pool, {
    ...booking,
    ...{ status: "cancelled", reason: "test", paymentsSettled: true, confirmedToo: true },
  });
}

test("a card pays for so many seats of a show, whoever uses it, and for as many of another show", async () => {
  const showId = await limitedShow(3);
  expect(await confirm(await paid(showId, ["A1", "A2"], "visa"))).toBe("confirmed");
  const second = await paid(showId, ["A3", "A4"], "visa");
  expect(await confirm(second)).toBe("card_limit");
  expect((await findBooking(database.pool, second))?.status).toBe("held");
  expect(await confirm(await paid(showId, ["A5"], "visa"))).toBe("confirmed");
  expect(await confirm(await paid(showId, ["A6"], "visa"))).toBe("card_limit");
  expect(await confirm(await paid(showId, ["A7", "A8", "A9"], "mastercard"))).toBe("confirmed");
  expect(await confirm(await paid(await limitedShow(3), ["A1", "A2", "A3"], "visa"))).toBe(
    "confirmed",
  );
});

test("where cards have no limit nobody asks which one it is; else it is asked for before anything is written", async () => {
  expect(await confirm(await paid(await limitedShow(null), ["A1"], null))).toBe("confirmed");
  const unknown = await paid(await limitedShow(1), ["A1"], null);
  expect(await confirm(unknown)).toBe("card_unknown");
  expect((await findBooking(database.pool, unknown))?.status).toBe("held");
  await keepCard(database.pool, { ...unknown, card: "visa" });
  expect(await confirm(unknown)).toBe("confirmed");
});

test("a payment without a card is not counted", async () => {
  const showId = await limitedShow(1);
  expect(await confirm(await paid(showId, ["A1", "A2"], ""))).toBe("confirmed");
  expect(await confirm(await paid(showId, ["A3", "A4"], ""))).toBe("confirmed");
});

test("confirmed again is confirmed, also when the limit is reached or was lowered since", async () => {
  const showId = await limitedShow(2);
  const booking = await paid(showId, ["A1", "A2"], "visa");
  await confirm(booking);
  await database.pool.query("update shows set seats_per_card_max = 1 where show_id = $1", [showId]);
  expect(await confirm(booking)).toBe("confirmed");
});

test("what was released or given back the card may pay for again", async () => {
  const showId = await limitedShow(2);
  const first = await paid(showId, ["A1", "A2"], "visa");
  await confirm(first);
  expect(await confirm(await paid(showId, ["A3"], "visa"))).toBe("card_limit");
  // Its capture has failed.
  await giveBack(first);
  const second = await paid(showId, ["A4", "A5"], "visa");
  expect(await confirm(second)).toBe("confirmed");
  await issueTickets(database.pool, { ...second, capturedMinor: second.amountMinor });
  await refundTickets(database.pool, {
    ...second,
    ...{ cause: "buyer:test", seatIds: ["A4"], withFees: true },
  });
  expect(await confirm(await paid(showId, ["A6", "A7"], "visa"))).toBe("card_limit");
  expect(await confirm(await paid(showId, ["A8"], "visa"))).toBe("confirmed");
});

test("late money obeys the limit, and is refused before anything is written", async () => {
  const showId = await limitedShow(2);
  const late = await paid(showId, ["A1", "A2"], "visa");
  await releaseBooking(database.pool, {
    ...late,
    ...{ status: "expired", reason: "test", paymentsSettled: true, confirmedToo: false },
  });
  const inTime = await paid(showId, ["A3"], "visa");
  await confirm(inTime);
  const buyer = async () => {
    const { rows } = await database.pool.query<{ seats: number }>(
      "select seats from show_buyers where show_id = $1 and user_id = $2",
      [showId, late.userId],
    );
    return rows[0]?.seats;
  };
  expect(await reviveBooking(database.pool, late)).toEqual({
    ...{ outcome: "refused", reason: "card_limit" },
  });
  expect(await buyer()).toBe(0);
  await giveBack(inTime);
  expect(await reviveBooking(database.pool, late)).toEqual({ outcome: "confirmed" });
  expect(await buyer()).toBe(2);
});

/** Ten people with one card, who may have three seats together. */
async function race(db: Queryable) {
  const showId = await limitedShow(3, db);
  const seatIds = Array.from({ length: 10 }, (_, index) => `A${index + 1}`);
  const bookings: Paid[] = [];
  for (const seatId of seatIds) bookings.push(await paid(showId, [seatId], "visa", db));
  const outcomes = await Promise.all(bookings.map((booking) => confirm(booking, db)));
  return outcomes.filter((outcome) => outcome === "confirmed").length;
}

test("ten who pay with one card at the same moment get three seats", async () => {
  for (let round = 0; round < 5; round += 1) expect(await race(database.pool)).toBe(3);
});

test("control: without the lock of the card they get more", async () => {
  const unguarded = await createDatabase();
  try {
    await mutateFunction(unguarded.pool, "refuse_by_card", (source) =>
      source
        .replace(/\n *insert into show_cards[^;]*;/, "")
        .replace(/for update;/, ";")
        .replace(/return case/, "perform pg_sleep(0.05); return case"),
    );
    expect(await race(unguarded.pool)).toBeGreaterThan(3);
  } finally {
    await unguarded.drop();
  }
});
