import { randomUUID } from "node:crypto";

import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";

import type { HoldChange } from "../../domain/hold.ts";
import { createDatabase } from "../../tests/databases.ts";
import type { TestDatabase } from "../../tests/databases.ts";
import { mutateFunction } from "../../tests/mutate-function.ts";
import { plantShow } from "../../tests/plant-show.ts";
import { holdBooking, openBookingPayment } from "../../tests/sell-booking.ts";
import type { HeldBooking } from "../../tests/sell-booking.ts";
import { findViolations } from "./audit/find-violations.ts";
import { findBooking } from "./bookings.ts";
import { changeHold } from "./change-hold.ts";
import { extendHold, holdSeats, releaseBooking, reviveBooking } from "./holds.ts";
import type { Queryable } from "./pool.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());
afterEach(async () => {
  const [broken] = await findViolations(database.pool, { outbox: "kept" });
  if (broken !== undefined) throw new Error(`${broken.promise}: ${broken.what}`);
});

function change(booking: HeldBooking, wish: Partial<HoldChange>, db: Queryable = database.pool) {
  const { showId, bookingId } = booking;
  return changeHold(db, { showId, bookingId, add: [], drop: [], graceSeconds: 120, ...wish });
}

async function hold(seatIds: string[], showId?: string, userId?: string) {
  const show = showId ?? (await plantShow(database.pool, { seats: 30, seatsPerBuyerMax: 4 }));
  return holdBooking(database.pool, {
    ...{ showId: show, seatIds },
    ...(userId !== undefined && { userId }),
  });
}

/** As if so many seconds had passed since the hold ended. */
async function endHold({ showId, bookingId }: HeldBooking, secondsAgo: number) {
  await database.pool.query(
    `with seats as (update show_seats set held_until = now() - make_interval(secs => $3)
       where show_id = $1 and booking_id = $2)
     update bookings set held_until = now() - make_interval(secs => $3), created_at = created_at - interval '1 hour'
       where show_id = $1 and booking_id = $2`,
    [showId, bookingId, secondsAgo],
  );
}

function release({ showId, bookingId }: HeldBooking) {
  const reason = { status: "expired", reason: "hold_ended" } as const;
  const terms = { paymentsSettled: true, confirmedToo: false };
  return releaseBooking(database.pool, { showId, bookingId, ...reason, ...terms });
}

test("a hold gets a seat and lets go of another in one step, and ends when it would have ended", async () => {
  const booking = await hold(["A1", "A2"]);
  const before = await findBooking(database.pool, booking);
  expect(await change(booking, { add: ["A3", "A4"], drop: ["A1"] })).toEqual({
    outcome: "held",
    seatIds: ["A2", "A3", "A4"],
    ...{ heldUntilMs: before?.heldUntilMs, totalMinor: 3_300, feeMinor: 300, currency: "GBP" },
  });
  // Somebody else gets what was let go, at once.
  await hold(["A1"], booking.showId);
  const { rows } = await database.pool.query(
    "select payload from outbox where show_id = $1 and payload ->> 'type' = 'HoldChanged'",
    [booking.showId],
  );
  expect(rows).toEqual([
    {
      payload: expect.objectContaining({
        bookingId: booking.bookingId,
        seatIds: ["A2", "A3", "A4"],
        ...{ addedSeatIds: ["A3", "A4"], droppedSeatIds: ["A1"] },
      }),
    },
  ]);
});

test("a change that is made again changes nothing, and is answered with the hold as it is", async () => {
  const booking = await hold(["A1"]);
  const wish = { add: ["A2"], drop: ["A1"] };
  const first = await change(booking, wish);
  expect(await change(booking, wish)).toEqual(first);
  const { rows } = await database.pool.query(
    "select seat_id, version from show_seats where show_id = $1 and version > 0 order by seat_id",
    [booking.showId],
  );
  expect(rows).toEqual([
    { seat_id: "A1", version: 2 },
    { seat_id: "A2", version: 1 },
  ]);
});

test("a hold takes in a seat that somebody else has held and given back meanwhile: nobody has lost anything", async () => {
  const booking = await hold(["A1"]);
  await release(await hold(["A2"], booking.showId));
  expect(await change(booking, { add: ["A2"] })).toMatchObject({ seatIds: ["A1", "A2"] });
});

type Scene = (booking: HeldBooking) => Promise<unknown>;
const nothing: Scene = async () => undefined;

test.each<[string, string, Scene, Partial<HoldChange>, string[]]>([
  [
    "a seat of somebody else",
    "SEAT_TAKEN",
    (own) => hold(["A5"], own.showId),
    { add: ["A4", "A5"] },
    ["A5"],
  ],
  ["a seat that is not", "SEAT_UNKNOWN", nothing, { add: ["A2", "Z9"] }, ["Z9"]],
  [
    "more than the buyer may have",
    "SEAT_LIMIT_REACHED",
    nothing,
    { add: ["A2", "A3", "A4", "A5"] },
    [],
  ],
  [
    "more than the buyer may have, with another hold of theirs",
    "SEAT_LIMIT_REACHED",
    (own) => hold(["A7", "A8"], own.showId, own.userId),
    { add: ["A2", "A3"] },
    [],
  ],
  [
    "more than a booking may have",
    "SEATS_TOO_MANY",
    nothing,
    { add: Array.from({ length: 20 }, (_, index) => `A${index + 2}`) },
    [],
  ],
  ["another price", "PRICE_CHANGED", nothing, { add: ["A2"], expectedTotalMinor: 2_199 }, []],
  ["nothing left", "HOLD_WOULD_BE_EMPTY", nothing, { drop: ["A1"] }, []],
  ["a hold that is over", "HOLD_EXPIRED", (own) => endHold(own, 1), { add: ["A2"] }, []],
  ["a hold that was released", "HOLD_EXPIRED", release, { add: ["A2"] }, []],
  [
    "a payment that was begun",
    "PAYMENT_BEGUN",
    (own) => openBookingPayment(database.pool, own),
    { add: ["A2"] },
    [],
  ],
  [
    "a show whose sale is over",
    "SHOW_NOT_ON_SALE",
    ({ showId }) =>
      database.pool.query("update shows set sales_close_at = now() where show_id = $1", [showId]),
    { add: ["A2"] },
    [],
  ],
])("%s: refused as %s, and nothing is changed", async (_, code, scene, wish, seatIds) => {
  const booking = await hold(["A1"]);
  await scene(booking);
  const before = await findBooking(database.pool, booking);
  expect(await change(booking, { add: [], drop: [], ...wish })).toEqual({
    outcome: "refused",
    code,
    seatIds,
  });
  expect(await findBooking(database.pool, booking)).toEqual(before);
});

test("who has more than the show allows by now may still let go, and swap", async () => {
  const booking = await hold(["A1", "A2", "A3"]);
  await database.pool.query("update shows set seats_per_buyer_max = 2 where show_id = $1", [
    booking.showId,
  ]);
  expect(await change(booking, { drop: ["A1"] })).toMatchObject({ seatIds: ["A2", "A3"] });
  expect(await change(booking, { drop: ["A2"], add: ["A4"] })).toMatchObject({
    seatIds: ["A3", "A4"],
  });
});

test("seats past their hold and grace are taken over, and leave their owner's count", async () => {
  const overdue = await hold(["A1", "A2"]);
  await endHold(overdue, 600);
  const booking = await hold(["A3"], overdue.showId);
  expect(await change(booking, { add: ["A1"] })).toMatchObject({ seatIds: ["A1", "A3"] });
  await release(overdue);
});

test("late money buys the seats that the hold had in the end", async () => {
  const booking = await hold(["A1", "A2"]);
  await change(booking, { add: ["A3"], drop: ["A1", "A2"] });
  const paid = await openBookingPayment(database.pool, booking);
  await release(booking);
  await hold(["A1", "A2"], booking.showId);
  const late = { ...paid, amountMinor: 1_100, seatIds: ["A3"] };
  expect(await reviveBooking(database.pool, late)).toEqual({ outcome: "confirmed" });
});

test("whatever prices, discount and changes: the quote is that of a hold of just these seats", async () => {
  const seatIds = ["A1", "A2", "A3", "A4", "A5"];
  const pennies = fc.integer({ min: 0, max: 20_000 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(pennies, pennies, fc.integer({ min: 0, max: 2_500 })), {
        minLength: 5,
        maxLength: 5,
      }),
      fc.integer({ min: 1, max: 100 }),
      fc.subarray(seatIds, { minLength: 1 }),
      fc.array(fc.tuple(fc.subarray(seatIds), fc.subarray(seatIds)), {
        minLength: 1,
        maxLength: 3,
      }),
      async (prices, percent, first, changes) => {
        const showId = await plantShow(database.pool, { seats: 5 });
        await database.pool.query(
          `insert into promo_codes (show_id, code, percent, uses_max, valid_until)
             values ($1, 'EARLY', $2, 9, now() + interval '1 hour')`,
          [showId, percent],
        );
        for (const [index, price] of prices.entries()) {
          await database.pool.query(
            `with price as (insert into show_prices (show_id, price_code, name, amount_minor, fee_minor, tax_basis_points)
               values ($1, $2, 'Test', $3, $4, $5))
             update show_seats set price_code = $2 where show_id = $1 and seat_id = $6`,
            [showId, `P${index}`, ...price, `A${index + 1}`],
          );
        }
        const order = (seats: string[]) => ({
          ...{ bookingId: randomUUID(), showId, userId: randomUUID(), seatIds: seats },
          ...{
            requestHash: "hash",
            holdSeconds: 600,
            graceSeconds: 120,
            deadlineMs: 0,
            promoCode: "EARLY",
          },
        });
        const wanted = order(first);
        await holdSeats(database.pool, wanted);
        for (const [add, drop] of changes) {
          const both = drop.filter((seatId) => !add.includes(seatId));
          await changeHold(database.pool, { ...wanted, add, drop: both });
        }
        const changed = await findBooking(database.pool, wanted);
        if (changed === undefined) throw new Error("No booking");
        const own = { ...order(changed.seats.map(({ seatId }) => seatId)), userId: wanted.userId };
        await releaseBooking(database.pool, {
          ...{ ...wanted, status: "cancelled", reason: "test" },
          ...{ paymentsSettled: true, confirmedToo: false },
        });
        await holdSeats(database.pool, own);
        const fresh = await findBooking(database.pool, own);
        const quote = ({
          totalMinor,
          feeMinor,
          taxMinor,
          discountMinor,
          seats,
        }: typeof changed) => ({
          ...{ totalMinor, feeMinor, taxMinor, discountMinor, seats },
        });
        expect(fresh && quote(fresh)).toEqual(quote(changed));
      },
    ),
    { numRuns: 25 },
  );
});

test("opposite carts inside holds: A has 1 and wants 2, B has 2 and wants 1, again and again: no deadlock, nothing shared", async () => {
  const showId = await plantShow(database.pool);
  for (let round = 0; round < 20; round += 1) {
    const [asha, ben] = await Promise.all([hold(["A1"], showId), hold(["A2"], showId)]);
    const swaps = [
      change(asha, { add: ["A2"], drop: ["A1"] }),
      change(ben, { add: ["A1"], drop: ["A2"] }),
      change(asha, { add: ["A2", "A3"] }),
      change(ben, { add: ["A3", "A1"] }),
    ];
    const outcomes = await Promise.all(swaps);
    expect(outcomes.map((one) => one.outcome === "refused" && one.code)).toEqual(
      Array.from({ length: 4 }, () => "SEAT_TAKEN"),
    );
    await Promise.all([release(asha), release(ben)]);
  }
});

test("twenty changes of one person's two holds at once: together they never have more than the show allows", async () => {
  const first = await hold(["A1"]);
  const second = await hold(["A2"], first.showId, first.userId);
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      change(index % 2 === 0 ? first : second, { add: [`A${index + 3}`] }),
    ),
  );
  expect(outcomes.filter(({ outcome }) => outcome === "held")).toHaveLength(2);
});

/** A hold changes while its payment is begun, is extended and let go. Returns what its payment is for beside what it costs. */
async function changedWhilePaid(
  db: Queryable,
): Promise<{ paidMinor: number; totalMinor: number }[]> {
  const booking = await hold(["A1"]);
  const { showId, bookingId } = booking;
  await Promise.all([
    change(booking, { add: ["A2"] }, db),
    openBookingPayment(db, booking),
    extendHold(db, { showId, bookingId, seconds: 60, secondsMax: 1_200 }),
    change(booking, { add: ["A3"], drop: ["A2"] }, db),
  ]);
  const { rows } = await db.query<{ paidMinor: number; totalMinor: number }>(
    `select payment.amount_minor::float8 as "paidMinor", booking.total_minor::float8 as "totalMinor"
     from payments payment join bookings booking using (show_id, booking_id) where show_id = $1`,
    [showId],
  );
  return rows;
}

test("a change and a payment at once: the payment is for what the hold costs, whoever was first", async () => {
  for (let round = 0; round < 30; round += 1) {
    const payments = await changedWhilePaid(database.pool);
    for (const { paidMinor, totalMinor } of payments) expect(paidMinor).toBe(totalMinor);
  }
});

test("control: without the lock of the booking the same race quotes one sum and asks for another", async () => {
  const unguarded = await createDatabase();
  const guarded = database;
  database = unguarded;
  try {
    await mutateFunction(unguarded.pool, "change_hold", (source) =>
      source.replace(
        "and booking_id = p_booking_id\n    for update;",
        "and booking_id = p_booking_id;",
      ),
    );
    let isWrong = false;
    for (let round = 0; round < 200 && !isWrong; round += 1) {
      // Without the lock some rounds end in a deadlock: they show nothing of the sums.
      const payments = await changedWhilePaid(unguarded.pool).catch((error: unknown) => {
        if (error instanceof Error && error.message === "deadlock detected") return [];
        throw error;
      });
      isWrong = payments.some(({ paidMinor, totalMinor }) => paidMinor !== totalMinor);
    }
    expect(isWrong).toBe(true);
  } finally {
    database = guarded;
    await unguarded.drop();
  }
}, 30_000);
