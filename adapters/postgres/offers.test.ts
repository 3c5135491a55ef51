import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";

import { createDatabase } from "../../tests/databases.ts";
import type { TestDatabase } from "../../tests/databases.ts";
import { plantShow } from "../../tests/plant-show.ts";
import { openBookingPayment } from "../../tests/sell-booking.ts";
import { findBooking } from "./bookings.ts";
import { holdSeats, releaseBooking, reviveBooking } from "./holds.ts";

// What a booking costs: promo codes, fees and taxes, in whole minor units.

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

async function plant(promo: { percent?: number; amountMinor?: number; usesMax?: number } = {}) {
  const showId = await plantShow(database.pool, { seats: 40, seatsPerBuyerMax: 40 });
  await database.pool.query(
    `insert into promo_codes (show_id, code, percent, amount_minor, uses_max, valid_until)
     values ($1, 'EARLY', $2, $3, $4, now() + interval '1 hour')`,
    [showId, promo.percent ?? null, promo.amountMinor ?? null, promo.usesMax ?? 1],
  );
  return showId;
}

function order(showId: string, seatIds: string[], promoCode?: string) {
  return {
    ...{ bookingId: randomUUID(), showId, userId: randomUUID(), seatIds, requestHash: "hash" },
    ...{ holdSeconds: 600, graceSeconds: 120, deadlineMs: 0 },
    ...(promoCode !== undefined && { promoCode }),
  };
}

const expired = {
  status: "expired",
  reason: "test",
  paymentsSettled: true,
  confirmedToo: false,
} as const;

async function uses(showId: string): Promise<number | undefined> {
  const { rows } = await database.pool.query<{ uses: number }>(
    "select uses from promo_codes where show_id = $1",
    [showId],
  );
  return rows[0]?.uses;
}

test("a code for one: twenty holds at once, one gets it, and the others hold nothing", async () => {
  const showId = await plant({ percent: 50 });
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      holdSeats(database.pool, order(showId, [`A${index + 1}`], "EARLY")),
    ),
  );
  expect(outcomes.filter(({ outcome }) => outcome === "held")).toHaveLength(1);
  expect(outcomes.find(({ outcome }) => outcome === "held")).toMatchObject({ totalMinor: 600 });
  expect(
    outcomes.filter(
      (refused) => refused.outcome === "refused" && refused.code === "PROMO_CODE_USED",
    ),
  ).toHaveLength(19);
  const { rows } = await database.pool.query(
    "select count(*)::integer as held from show_seats where show_id = $1 and status = 'held'",
    [showId],
  );
  expect(rows[0]).toEqual({ held: 1 });
  expect(await uses(showId)).toBe(1);
});

test("a hold that ends gives its code back, once; a hold that is repeated uses it once", async () => {
  const showId = await plant({ amountMinor: 300 });
  const first = order(showId, ["A1"], "EARLY");
  expect(await holdSeats(database.pool, first)).toMatchObject({ totalMinor: 800 });
  expect(await holdSeats(database.pool, first)).toMatchObject({ totalMinor: 800 });
  expect(await uses(showId)).toBe(1);
  await releaseBooking(database.pool, { ...first, ...expired });
  await releaseBooking(database.pool, { ...first, ...expired });
  expect(await uses(showId)).toBe(0);
  expect(await holdSeats(database.pool, order(showId, ["A2"], "EARLY"))).toMatchObject({
    outcome: "held",
  });
});

test("late money does not bring a code back that somebody else has used since", async () => {
  const showId = await plant({ amountMinor: 300 });
  const late = order(showId, ["A1"], "EARLY");
  await holdSeats(database.pool, late);
  const { paymentId } = await openBookingPayment(database.pool, {
    ...late,
    amountMinor: 800,
    currency: "GBP",
  });
  await releaseBooking(database.pool, { ...late, ...expired });
  const other = order(showId, ["A2"], "EARLY");
  await holdSeats(database.pool, other);
  const revival = { ...late, paymentId, amountMinor: 800, currency: "GBP" };
  expect(await reviveBooking(database.pool, revival)).toEqual({
    outcome: "refused",
    reason: "promo_code_used",
  });
  await releaseBooking(database.pool, { ...other, ...expired });
  expect(await reviveBooking(database.pool, revival)).toEqual({ outcome: "confirmed" });
  expect(await uses(showId)).toBe(1);
});

test.each([
  ["of nobody", "NOBODY", "", "PROMO_CODE_INVALID"],
  ["of another show", "EARLY", "show_id = gen_random_uuid()", "PROMO_CODE_INVALID"],
  ["over", "EARLY", "valid_until = now()", "PROMO_CODE_ENDED"],
  ["over and used up", "EARLY", "valid_until = now(), uses = uses_max", "PROMO_CODE_ENDED"],
  ["used up", "EARLY", "uses = uses_max", "PROMO_CODE_USED"],
])("a code that is %s: it says so, and holds nothing", async (_, promoCode, change, code) => {
  const showId = await plant({ percent: 10 });
  if (change !== "") {
    await database.pool.query(`update promo_codes set ${change} where show_id = $1`, [showId]);
  }
  expect(await holdSeats(database.pool, order(showId, ["A1"], promoCode))).toEqual({
    ...{ outcome: "refused", code, seatIds: [] },
  });
  const { rows } = await database.pool.query(
    "select count(*)::int as held from show_seats where show_id = $1 and status <> 'available'",
    [showId],
  );
  expect(rows).toEqual([{ held: 0 }]);
});

test("more off than the seats cost: fees remain, and nobody is paid for coming", async () => {
  const showId = await plant({ amountMinor: 1_000_000 });
  expect(await holdSeats(database.pool, order(showId, ["A1", "A2"], "EARLY"))).toMatchObject({
    totalMinor: 200,
    feeMinor: 200,
  });
});

test("whatever the prices, discounts, fees and taxes: the seats add up to the booking, to the last minor unit", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          amountMinor: fc.integer({ min: 0, max: 100_000 }),
          feeMinor: fc.integer({ min: 0, max: 5_000 }),
          taxBasisPoints: fc.integer({ min: 0, max: 10_000 }),
        }),
        { minLength: 1, maxLength: 6 },
      ),
      fc.oneof(
        fc.record({ percent: fc.integer({ min: 1, max: 100 }) }),
        fc.record({ amountMinor: fc.integer({ min: 1, max: 200_000 }) }),
      ),
      async (prices, promo) => {
        const showId = await plant(promo);
        for (const [index, price] of prices.entries()) {
          await database.pool.query(
            `with price as (
               insert into show_prices (show_id, price_code, name, amount_minor, fee_minor, tax_basis_points)
                 values ($1, $2, 'Test', $3, $4, $5) returning price_code)
             update show_seats set price_code = $2 where show_id = $1 and seat_id = $6`,
            [
              ...[showId, `P${index}`, price.amountMinor, price.feeMinor, price.taxBasisPoints],
              `A${index + 1}`,
            ],
          );
        }
        const wanted = order(
          showId,
          prices.map((_, index) => `A${index + 1}`),
          "EARLY",
        );
        const held = await holdSeats(database.pool, wanted);
        const booking = await findBooking(database.pool, wanted);
        if (held.outcome !== "held" || booking === undefined) throw new Error("Not held");

        const sum = (amounts: number[]) => amounts.reduce((total, amount) => total + amount, 0);
        const listed = sum(prices.map(({ amountMinor }) => amountMinor));
        const off =
          "percent" in promo ? Math.floor((listed * promo.percent + 50) / 100) : promo.amountMinor;
        const paid = booking.seats.map(({ amountMinor }) => amountMinor);
        expect(sum(paid)).toBe(listed - Math.min(off, listed));
        expect(sum(booking.seats.map((seat) => seat.amountMinor + seat.feeMinor))).toBe(
          held.totalMinor,
        );
        for (const [index, amount] of paid.entries()) {
          expect(amount).toBeGreaterThanOrEqual(0);
          expect(amount).toBeLessThanOrEqual(prices[index]?.amountMinor ?? 0);
        }
        const taxes = prices.map(({ taxBasisPoints, feeMinor }, index) =>
          Math.round(
            (((paid[index] ?? 0) + feeMinor) * taxBasisPoints) / (10_000 + taxBasisPoints),
          ),
        );
        expect(booking.taxMinor).toBe(sum(taxes));
      },
    ),
    { numRuns: 40 },
  );
});
