import { afterAll, beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import type pg from "pg";

import type { ProviderPaymentRef } from "../domain/payment.ts";
import { createDatabase, openTestPool } from "./databases.ts";
import type { TestDatabase } from "./databases.ts";
import { InterleavedSale, wishes } from "./interleaved-sale.ts";
import { Haste, Interleaving } from "./interleaving.ts";
import { moneyProblems } from "./money-problems.ts";
import { mutateFunction } from "./mutate-function.ts";
import { plantShow, plantShowLike } from "./plant-show.ts";
import { createQuickProvider } from "./quick-provider.ts";
import { seedOf } from "./seed.ts";

// Two buyers, three seats, one of which both want. Every statement and every call to a provider is a step, and fast-check chooses
// whose turn it is: reserving, paying, expiring, cancelling and refunding fall between each other's statements.

type Stage = {
  pool: pg.Pool;
  template: string;
  provider: typeof createQuickProvider;
  close(): Promise<void>;
};

let stage: Stage;
beforeAll(async () => {
  stage = await createStage();
});
afterAll(() => stage.close());

async function createStage(provider = createQuickProvider): Promise<Stage> {
  const database: TestDatabase = await createDatabase();
  // Nothing here has to survive a crash, and two thousand runs would wait for the disk for longer than they run.
  const options = "-c synchronous_commit=off";
  const pool = openTestPool({ connectionString: database.url, max: 48, options });
  const template = await plantShow(pool, { seats: 3 });
  return {
    pool,
    template,
    provider,
    async close() {
      await pool.end();
      await database.drop();
    },
  };
}

const activityNames = [
  "holdSeats",
  "confirmBooking",
  "capturePayment",
  "issueTickets",
  "releaseBooking",
  "settlePayments",
  "returnPayment",
  "reviveBooking",
  "refundTickets",
  "driveRefund",
] as const;

const plan = fc.record({
  pays: fc.constantFrom(true, true, true, false),
  movesAtOnce: fc.boolean(),
  wishes: fc.subarray([...wishes], { maxLength: 3 }),
  twice: fc.subarray([...activityNames], { maxLength: 2 }),
});
const scene = fc.record({
  asha: plan,
  ben: plan,
  failingRefunds: fc.nat({ max: 2 }),
  scheduler: fc.scheduler(),
});
type Scene = typeof scene extends fc.Arbitrary<infer Value> ? Value : never;

async function play(on: Stage, { asha, ben, failingRefunds, scheduler }: Scene) {
  const { pool, template, provider } = on;
  const showId = await plantShowLike(pool, template);
  const stories = new Interleaving(scheduler, pool);
  const [stripe, paypal] = [provider("stripe"), provider("paypal")];
  stripe.failRefunds(failingRefunds);
  const world = { stories, showId, stripe, paypal };
  new InterleavedSale(world, {
    ...asha,
    name: "Asha",
    seatIds: ["A1", "A2"],
    triesLeft: 0,
  }).start();
  new InterleavedSale(world, { ...ben, name: "Ben", seatIds: ["A2", "A3"], triesLeft: 5 }).start();
  await stories.run();
  return moneyProblems(pool, showId, [...stripe.charges(), ...paypal.charges()]);
}

function property(on: Stage, scenes = scene) {
  return fc.asyncProperty(scenes, async (given) => {
    expect(await play(on, given)).toEqual([]);
  });
}

/** Side by side, because a run mostly waits for PostgreSQL. Each stream has a seed of its own. */
const streams = 4;
const runs = Number(process.env["INTERLEAVINGS"] ?? 2_000);

test("reserving, paying, expiring, cancelling and refunding in 2,000 orders of their statements: no seat is sold twice, no hold leaks, no money is lost", async () => {
  const seed = seedOf("interleavings");
  const outcomes = await Promise.allSettled(
    Array.from({ length: streams }, (_, stream) =>
      fc.assert(property(stage), { numRuns: runs / streams, seed: seed + stream }),
    ),
  );
  expect(outcomes.filter(({ status }) => status === "rejected")).toEqual([]);
}, 300_000);

test("those orders have led to every ending", async () => {
  const { rows } = await stage.pool.query<{ ending: string; runs: number }>(
    `select 'ticketed' as ending, count(*)::integer as runs from bookings where status = 'ticketed'
     union all select 'expired', count(*) from bookings where status = 'expired'
     union all select 'cancelled', count(*) from bookings where status = 'cancelled'
     union all select 'refunded', count(*) from bookings where status = 'refunded'
     union all select 'a part refunded', count(*) from bookings where status = 'ticketed'
       and exists (select 1 from refunds where refunds.booking_id = bookings.booking_id)
     union all select 'held seats taken over', count(*) from show_seats seat join booking_seats lost using (show_id, seat_id)
       join bookings loser on loser.booking_id = lost.booking_id where loser.status = 'cancelled'
       and seat.booking_id <> loser.booking_id
     union all select 'late money bought seats', count(*) from bookings where confirmed_at > held_until
     union all select 'late money was voided', count(*) from payments join bookings using (show_id, booking_id)
       where bookings.status = 'expired' and payments.status = 'voided'
     union all select 'late money was given back', count(*) from refunds where cause = 'stray'
     union all select 'two payments for one booking', count(*) from payments where attempt = 2
     union all select 'a refund failed and was tried again', count(*) from refunds where attempt > 1`,
  );
  process.stderr.write(rows.map(({ ending, runs: times }) => `${times} ${ending}\n`).join(""));
  expect(rows.filter(({ runs: times }) => Number(times) === 0)).toEqual([]);
});

test("six buyers of three seats let loose at once, a hundred times: no deadlock, and nothing is lost", async () => {
  // A lost hold has ended before the next is made: the server cuts it off after one second, and a try has three.
  const hasty = plan.filter(({ twice }) => !twice.includes("holdSeats"));
  const plans = fc.sample(hasty, { numRuns: 600, seed: seedOf("let loose") });
  for (let round = 0; round < 100; round += 1) {
    const showId = await plantShowLike(stage.pool, stage.template);
    const stories = new Haste(stage.pool);
    const [stripe, paypal] = [createQuickProvider("stripe"), createQuickProvider("paypal")];
    const world = { stories, showId, stripe, paypal };
    for (const [index, given] of plans.slice(round * 6, round * 6 + 6).entries()) {
      const seatIds = index % 2 === 0 ? ["A2", "A1"] : ["A2", "A3"];
      new InterleavedSale(world, {
        ...given,
        name: `Buyer ${index}`,
        seatIds,
        triesLeft: 5,
      }).start();
    }
    await stories.run();
    const charges = [...stripe.charges(), ...paypal.charges()];
    expect(await moneyProblems(stage.pool, showId, charges)).toEqual([]);
  }
}, 120_000);

/** The shortest order that a planted bug harms, found by fast-check within as many runs as above. */
async function findHarm(broken: Stage, scenes = scene) {
  const seed = seedOf("a planted bug");
  const found = await fc.check(property(broken, scenes), { numRuns: 2_000, seed });
  await broken.close();
  process.stderr.write(`found in run ${found.numRuns}, shrunk ${found.numShrinks} times\n`);
  return found;
}

/** Asha's provider is always silent when her hold ends, so that late money is common. */
const lateMoney = scene.map(({ asha, ...others }) => ({
  ...others,
  asha: { ...asha, pays: true, wishes: ["provider is silent when the hold ends" as const] },
}));

test.each([
  [
    "a release frees seats that are no longer its own",
    "release_booking",
    "seat.booking_id = p_booking_id and seat.seat_id in",
    "seat.seat_id in",
    scene,
  ],
  ["a hold locks no seats", "hold_seats", "    for update;", ";", scene],
  [
    "a confirmation does not look who holds the seats",
    "confirm_booking",
    "v_seats <> v_booking.seat_count",
    "false",
    scene,
  ],
  [
    "late money takes seats that are not free",
    "revive_booking",
    "v_free_prices is distinct from v_old_prices",
    "false",
    lateMoney,
  ],
])(
  "control: where %s, an order that does harm is found",
  async (_, name, guard, nothing, scenes) => {
    const broken = await createStage();
    await mutateFunction(broken.pool, name, (source) => source.replace(guard, nothing));
    expect((await findHarm(broken, scenes)).failed).toBe(true);
  },
  120_000,
);

test("control: where a provider takes the money each time that it is asked, an order that does harm is found and shrunk", async () => {
  const broken = await createStage((name) => {
    const provider = createQuickProvider(name);
    async function capture(payment: ProviderPaymentRef) {
      const answer = await provider.capture(payment);
      const charge = provider.charges().find(({ paymentId }) => paymentId === payment.paymentId);
      if (charge !== undefined) charge.captures += 1;
      return answer;
    }
    return { ...provider, capture };
  });
  const { failed, numShrinks } = await findHarm(broken);
  expect(failed).toBe(true);
  expect(numShrinks).toBeGreaterThan(0);
}, 120_000);
