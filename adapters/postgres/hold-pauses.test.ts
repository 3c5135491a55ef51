import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import type { HoldOutcome } from "../../domain/hold.ts";
import { createDatabase } from "../../tests/databases.ts";
import type { TestDatabase } from "../../tests/databases.ts";
import { mutateFunction } from "../../tests/mutate-function.ts";
import { plantShow } from "../../tests/plant-show.ts";
import { changeHold } from "./change-hold.ts";
import { confirmBooking, holdSeats, issueTickets, releaseBooking } from "./holds.ts";
import { openPayment } from "./payments.ts";
import type { Pool } from "./pool.ts";

// Who lets go of holds again and again waits before the next one.

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

type Ending = Pick<Parameters<typeof releaseBooking>[1], "status" | "reason" | "paymentsSettled">;
const givenBack: Ending = { status: "cancelled", reason: "buyer", paymentsSettled: true };
const expired: Ending = { status: "expired", reason: "hold_ended", paymentsSettled: false };
const minuteMs = 60_000;

async function newcomer(db: Pool = database.pool) {
  const showId = await plantShow(db, { seats: 30, seatsPerBuyerMax: 25 });
  const userId = randomUUID();
  const hold = (bookingId: string = randomUUID(), seatIds = ["A1"]) =>
    holdSeats(db, {
      ...{ bookingId, showId, userId, seatIds, requestHash: "hash" },
      ...{ holdSeconds: 600, graceSeconds: 120, deadlineMs: 0 },
    });
  const release = (bookingId: string, ending: Ending = givenBack) =>
    releaseBooking(db, { showId, bookingId, ...ending, confirmedToo: false });
  return {
    ...{ showId, userId, hold, release },
    async letGo(times: number, ending?: Ending) {
      for (let time = 0; time < times; time += 1) {
        const bookingId = randomUUID();
        const { outcome } = await hold(bookingId);
        if (outcome === "held") await release(bookingId, ending);
        // As if the buyer had waited for as long as they have to.
        await db.query(
          "update show_buyers set let_go_at = let_go_at - interval '15 minutes' where show_id = $1",
          [showId],
        );
      }
      // The last one was just now.
      await db.query(
        "update show_buyers set let_go_at = clock_timestamp() where show_id = $1 and lettings > 0",
        [showId],
      );
    },
    pass: (interval: string) =>
      db.query("update show_buyers set let_go_at = let_go_at - $2::interval where show_id = $1", [
        ...[showId, interval],
      ]),
  };
}

/** How long the buyer has to wait, to the minute; 0: they hold seats. */
function minutesToWait(outcome: HoldOutcome): number {
  if (outcome.outcome === "held") return 0;
  if (outcome.code !== "HOLD_COOLDOWN" || outcome.retryAtMs === undefined) return Number.NaN;
  return Math.round((outcome.retryAtMs - Date.now()) / minuteMs);
}

test.each([
  [3, 0],
  [4, 1],
  [5, 2],
  [6, 4],
  [7, 8],
  [8, 15],
  [12, 15],
])("after %d holds that were let go of, the next one waits %d minutes", async (times, minutes) => {
  const buyer = await newcomer();
  await buyer.letGo(times, times % 2 === 0 ? givenBack : expired);
  expect(minutesToWait(await buyer.hold())).toBe(minutes);
});

test("whoever waits has nothing held, and may hold again when the pause is over", async () => {
  const buyer = await newcomer();
  await buyer.letGo(4);
  expect(minutesToWait(await buyer.hold())).toBe(1);
  const { rows } = await database.pool.query(
    "select 1 from show_seats where show_id = $1 and status <> 'available'",
    [buyer.showId],
  );
  expect(rows).toEqual([]);
  await buyer.pass("61 seconds");
  expect(minutesToWait(await buyer.hold())).toBe(0);
});

test("an hour without letting go forgives, and other shows do not mind", async () => {
  const buyer = await newcomer();
  await buyer.letGo(8);
  await buyer.pass("61 minutes");
  await buyer.letGo(1);
  expect(minutesToWait(await buyer.hold())).toBe(0);
});

test("a purchase forgives", async () => {
  const buyer = await newcomer();
  const bookingId = randomUUID();
  await buyer.hold(bookingId, ["A2"]);
  await buyer.letGo(8);
  expect(minutesToWait(await buyer.hold())).toBe(15);
  const { showId, userId } = buyer;
  const own = { showId, bookingId, userId, paymentId: randomUUID() };
  await openPayment(database.pool, { ...own, provider: "stripe", attemptsMax: 5 });
  await confirmBooking(database.pool, { ...own, amountMinor: 1_100, currency: "GBP" });
  await issueTickets(database.pool, { showId, bookingId, capturedMinor: 1_100 });
  expect(minutesToWait(await buyer.hold())).toBe(0);
});

test.each<[string, Ending]>([
  ["support", { ...givenBack, reason: "support" }],
  ["a cancelled show", { ...givenBack, reason: "show_cancelled" }],
  ["a provider that did not answer", { ...expired, paymentsSettled: true }],
  ["a checkout that was gone", { ...expired, reason: "hold_swept" }],
])("what %s has ended is not the buyer's doing", async (_, ending) => {
  const buyer = await newcomer();
  await buyer.letGo(8, ending);
  expect(minutesToWait(await buyer.hold())).toBe(0);
});

test("who waits may change a hold that is there; to drop its seats one by one counts no less than to give it back", async () => {
  const buyer = await newcomer();
  const { showId } = buyer;
  const bookingId = randomUUID();
  await buyer.hold(bookingId, ["A2", "A3", "A4"]);
  await buyer.letGo(4);
  const change = { showId, bookingId, graceSeconds: 120 };
  const changed = { ...change, add: ["A5"], drop: ["A3", "A4"] };
  expect(await changeHold(database.pool, changed)).toMatchObject({ seatIds: ["A2", "A5"] });
  await changeHold(database.pool, { ...change, add: [], drop: ["A5"] });
  await buyer.release(bookingId, expired);
  expect(minutesToWait(await buyer.hold())).toBe(2);
});

test("a hold that is repeated while its buyer waits is answered as before", async () => {
  const buyer = await newcomer();
  const bookingId = randomUUID();
  const first = await buyer.hold(bookingId, ["A2"]);
  await buyer.letGo(4);
  expect(await buyer.hold(bookingId, ["A2"])).toEqual({ ...first, overdueSeats: undefined });
});

/** One person cycles holds on twenty devices: each holds a seat and gives it back, three times. Returns how many holds they had. */
async function cycleOnTwentyDevices(db: Pool): Promise<number> {
  const buyer = await newcomer(db);
  let holds = 0;
  await Promise.all(
    Array.from({ length: 20 }, async (_, device) => {
      for (let round = 0; round < 3; round += 1) {
        const bookingId = randomUUID();
        const { outcome } = await buyer.hold(bookingId, [`A${device + 1}`]);
        if (outcome !== "held") return;
        holds += 1;
        await buyer.release(bookingId);
      }
    }),
  );
  const { rows } = await db.query("select seats from show_buyers where show_id = $1", [
    buyer.showId,
  ]);
  expect(rows).toEqual([{ seats: 0 }]);
  return holds;
}

test("one person on twenty devices, all at once: each device gets through once at the most beyond the free ones", async () => {
  expect(await cycleOnTwentyDevices(database.pool)).toBeLessThan(3 + 20 + 1);
});

test("control: where a release does not count, they all go on for ever", async () => {
  const careless = await createDatabase();
  await mutateFunction(careless.pool, "release_booking", (source) =>
    source.replace("lettings = case when not v_let_go", "lettings = case when true"),
  );
  expect(await cycleOnTwentyDevices(careless.pool)).toBe(60);
  await careless.drop();
});

test("holding and letting go write the buyer's row in place", async () => {
  const client = await database.pool.connect();
  await client.query("select pg_stat_force_next_flush()");
  const buyer = await newcomer();
  client.release();
  const updates = async () => {
    await database.pool.query("select pg_stat_force_next_flush()");
    const { rows } = await database.pool.query<{ all: number; hot: number }>(
      `select n_tup_upd::integer as all, n_tup_hot_upd::integer as hot from pg_stat_user_tables
       where relname = 'show_buyers'`,
    );
    return rows[0] ?? { all: 0, hot: 0 };
  };
  const before = await updates();
  await buyer.letGo(3);
  const after = await updates();
  expect(after.all - before.all).toBeGreaterThanOrEqual(5);
  expect(after.hot - before.hot).toBe(after.all - before.all);
});
