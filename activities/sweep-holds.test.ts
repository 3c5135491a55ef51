import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { findViolations } from "../adapters/postgres/audit/find-violations.ts";
import { extendHold } from "../adapters/postgres/holds.ts";
import {
  markPaymentEventSignalled,
  storePaymentEvent,
} from "../adapters/postgres/payment-events.ts";
import { sweepHold } from "../adapters/postgres/overdue-holds.ts";
import { createDatabase } from "../tests/databases.ts";
import type { TestDatabase } from "../tests/databases.ts";
import { mutateFunction } from "../tests/mutate-function.ts";
import { plantShow } from "../tests/plant-show.ts";
import { createQuickProvider } from "../tests/quick-provider.ts";
import { holdBooking, openBookingPayment } from "../tests/sell-booking.ts";
import type { HeldBooking } from "../tests/sell-booking.ts";
import { createSweepActivities } from "./sweep-holds.ts";
import type { SweepDependencies } from "./sweep-holds.ts";

// Holds that no workflow has released, in a database without any workflow.

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

const provider = createQuickProvider();
const graceSeconds = 120;

/** Sweeps one page, or all; says what was reported. */
async function sweep(
  order: { after?: string | null; limit?: number; isCarried?: boolean } = {},
  announceRelease: SweepDependencies["announceRelease"] = async () => undefined,
) {
  const reported = new Map<string, string>();
  const { sweepOverdueHolds } = createSweepActivities({
    ...{ db: database.pool, provider: () => provider, announceRelease },
    isCarried: async () => order.isCarried ?? false,
    heartbeat: () => undefined,
    sweep: {
      graceSeconds,
      report: (outcome, { bookingId }) => void reported.set(bookingId, outcome),
    },
  });
  const page = await sweepOverdueHolds({ after: null, limit: 100, atOnce: 4, ...order });
  return { ...page, reported };
}

/** As if its hold had ended so long ago. */
async function ended({ bookingId }: HeldBooking, secondsAgo: number): Promise<void> {
  await database.pool.query(
    `with booking as (
       update bookings set held_until = clock_timestamp() - make_interval(secs => $2) where booking_id = $1
       returning booking_id, held_until)
     update show_seats seat set held_until = booking.held_until
       from booking where seat.booking_id = booking.booking_id`,
    [bookingId, secondsAgo],
  );
}

async function overdue(seatIds = ["A1"], showId?: string): Promise<HeldBooking> {
  const show = showId ?? (await plantShow(database.pool, { seats: 10 }));
  const booking = await holdBooking(database.pool, { showId: show, seatIds });
  await ended(booking, graceSeconds + 1);
  return booking;
}

async function read({ showId, bookingId, userId }: HeldBooking) {
  const { rows } = await database.pool.query<{
    status: string;
    reason: string | null;
    seats: number;
    counted: number;
    told: string[];
  }>(
    `select status, end_reason as reason,
       (select count(*)::integer from show_seats where show_id = $1 and booking_id = $2) as seats,
       (select seats from show_buyers where show_id = $1 and user_id = $3) as counted,
       (select array_agg(payload->>'type' order by event_id) from outbox
          where show_id = $1 and payload->>'bookingId' = $2::text) as told
     from bookings where show_id = $1 and booking_id = $2`,
    [showId, bookingId, userId],
  );
  return rows[0];
}

test("an overdue hold that nobody wants goes back: seats, the buyer's count, the event and whoever keeps locks", async () => {
  const booking = await overdue(["A1", "A2"]);
  const freed: string[][] = [];
  const swept = await sweep({}, async ({ seatIds }) => void freed.push(seatIds));
  expect(swept).toMatchObject({ released: 1, left: 0, after: null });
  expect(swept.reported.get(booking.bookingId)).toBe("released");
  expect(freed).toEqual([["A1", "A2"]]);
  expect(await read(booking)).toEqual({
    ...{ status: "expired", reason: "hold_swept", seats: 0, counted: 0 },
    told: ["BookingHeld", "BookingExpired"],
  });
  expect(await sweep()).toMatchObject({ released: 0, left: 0 });
  const promises = await findViolations(database.pool, { showId: booking.showId, outbox: "kept" });
  expect(promises).toEqual([]);
});

test("a booking whose seats were taken over is ended too, and keeps its hands off them", async () => {
  const booking = await overdue(["A1"]);
  const { showId } = booking;
  const taker = await holdBooking(database.pool, { showId, seatIds: ["A1"] });
  expect(await sweep()).toMatchObject({ released: 1 });
  expect(await read(booking)).toMatchObject({ status: "expired", seats: 0, counted: 0 });
  expect(await read(taker)).toMatchObject({ status: "held", seats: 1, counted: 1 });
});

test("a hold is never swept within its time or its grace, nor one that was extended since it was found", async () => {
  const showId = await plantShow(database.pool, { seats: 10 });
  const live = await holdBooking(database.pool, { showId, seatIds: ["A1"] });
  const late = await holdBooking(database.pool, { showId, seatIds: ["A2"] });
  await ended(late, graceSeconds - 5);
  expect(await sweep()).toMatchObject({ released: 0, left: 0 });

  const extended = await overdue(["A3"], showId);
  await extendHold(database.pool, { ...extended, seconds: 60, secondsMax: 1_200 });
  for (const { bookingId } of [live, late, extended]) {
    const asked = { showId, bookingId, graceSeconds, paymentsSettled: true };
    expect(await sweepHold(database.pool, asked)).toEqual({ outcome: "kept" });
  }
  expect(await findViolations(database.pool, { showId, outbox: "kept" })).toEqual([]);
});

test("control: without the guard a live hold is swept, and the auditor sees it", async () => {
  const planted = await createDatabase();
  try {
    await mutateFunction(planted.pool, "sweep_hold", (source) =>
      source.replace(/or v_booking\.held_until.*clock_timestamp\(\) then/, "then"),
    );
    const showId = await plantShow(planted.pool);
    const live = await holdBooking(planted.pool, { showId, seatIds: ["A1"] });
    await sweepHold(planted.pool, { ...live, graceSeconds, paymentsSettled: false });
    const broken = await findViolations(planted.pool, { showId, outbox: "kept" });
    expect(broken.map(({ promise, bookingId }) => [promise, bookingId])).toEqual([
      ["I7", live.bookingId],
    ]);
  } finally {
    await planted.drop();
  }
});

test("a sweep and a hold for the same seats at the same moment: the seats have one owner, the counts are right", async () => {
  const showId = await plantShow(database.pool, { seats: 20 });
  for (let round = 1; round <= 20; round += 1) {
    await overdue([`A${round}`], showId);
    const [taker] = await Promise.all([
      holdBooking(database.pool, { showId, seatIds: [`A${round}`] }),
      sweep(),
      sweep(),
    ]);
    expect(await read(taker)).toMatchObject({ status: "held", seats: 1, counted: 1 });
  }
  expect(await findViolations(database.pool, { showId, outbox: "kept" })).toEqual([]);
});

async function begun(seatIds: string[]) {
  const showId = await plantShow(database.pool, { seats: 10 });
  const held = await holdBooking(database.pool, { showId, seatIds });
  const booking = await openBookingPayment(database.pool, held);
  await provider.start(booking);
  await ended(booking, graceSeconds + 1);
  return booking;
}

test("a begun payment: its checkout is left to ask about it as long as it runs", async () => {
  const booking = await begun(["A1"]);
  const swept = await sweep({ isCarried: true });
  expect(swept.reported.get(booking.bookingId)).toBe("left");
  expect(await read(booking)).toMatchObject({ status: "held", seats: 1 });

  expect(await sweep()).toMatchObject({ released: 1, left: 0 });
  expect(await read(booking)).toMatchObject({ status: "expired", seats: 0 });
  expect(await findViolations(database.pool, { showId: booking.showId, outbox: "kept" })).toEqual(
    [],
  );
});

test("a begun payment whose provider is silent keeps the seats, and keeps nobody behind it waiting", async () => {
  const booking = await begun(["A1"]);
  provider.setSilent(booking.paymentId, true);
  const next = await overdue();
  const first = await sweep({ limit: 1 });
  expect(first).toMatchObject({ released: 0, left: 1 });
  expect(await sweep({ after: first.after })).toMatchObject({ released: 1, left: 0, after: null });
  expect(await read(next)).toMatchObject({ status: "expired" });
  expect(await read(booking)).toMatchObject({ status: "held", seats: 1 });

  provider.setSilent(booking.paymentId, false);
  expect(await sweep()).toMatchObject({ released: 1 });
});

test("money that is found becomes news together with the release, also when the same news was told before", async () => {
  const booking = await begun(["A1"]);
  provider.authorise(booking.paymentId);
  const told = await provider.look({ ...booking, providerPaymentId: null });
  if (told === "absent") throw new Error("Not begun");
  await storePaymentEvent(database.pool, told);
  await markPaymentEventSignalled(database.pool, told);
  expect(await sweep()).toMatchObject({ released: 1 });
  const { rows } = await database.pool.query(
    "select status from payment_events where payment_id = $1 and signalled_at is null",
    [booking.paymentId],
  );
  expect(rows).toEqual([{ status: "authorised" }]);
});

test("the oldest are found by their index, however many bookings lie around them", async () => {
  const showId = await plantShow(database.pool);
  await database.pool.query(
    `insert into bookings (show_id, booking_id, user_id, status, request_hash, seat_count, total_minor, fee_minor, currency,
       held_until, created_at)
     select $1, gen_random_uuid(), $2, 'ticketed', '', 1, 0, 0, 'GBP', now() - interval '1 hour', now() - interval '2 days'
       from generate_series(1, 20000)`,
    [showId, randomUUID()],
  );
  await database.pool.query("analyze bookings");
  const { rows } = await database.pool.query<{ "QUERY PLAN": string }>(
    `explain select show_id, booking_id from bookings
      where status = 'held' and held_until > '-infinity' and held_until <= clock_timestamp() order by held_until limit 100`,
  );
  expect(rows.map((row) => row["QUERY PLAN"]).join("\n")).toMatch(/Index Scan using bookings_held/);
});
