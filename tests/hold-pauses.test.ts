import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { showIds } from "../domain/ids.ts";
import type { Buyer } from "../local/buyer.ts";
import { countStatements } from "./count-statements.ts";
import { eventually } from "./eventually.ts";
import { plantShow } from "./plant-show.ts";
import { raceForSeat } from "./race-for-seat.ts";
import { startSystem } from "./system.ts";
import type { System } from "./system.ts";

// Who lets go of holds again and again waits before the next one, in the whole house.

let system: System;
let asha: Buyer;

beforeAll(async () => {
  system = await startSystem(["api", "checkout", "payments", "stripe", "identity"]);
  asha = await system.signIn(randomUUID());
}, 120_000);
afterAll(() => system.close(), 30_000);

async function plantPublicShow(): Promise<string> {
  return showIds.encode(await plantShow(system.database.pool, { seats: 30, seatsPerBuyerMax: 25 }));
}

async function letGo(showId: string, times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    // Asks again on a busy machine, which may not know its answer in time.
    const { winners } = await raceForSeat([asha], showId, "A1");
    await eventually(async () => (await asha.cancel(winners[0] ?? "")).status === 204);
  }
}

/** A busy machine may not know its answer in time: the same is asked again, under its key or a new one. */
function reserveAs(status: number, buyer: Buyer, order: Order, key?: string) {
  return eventually(async () => {
    const answer = await buyer.reserve(order, key);
    return answer.status === status && answer;
  }, 40_000);
}

type Order = { showId: string; seatIds: string[] };

/** As if the buyer had waited. */
function pass(showId: string, interval: string) {
  return system.database.pool.query(
    "update show_buyers set let_go_at = let_go_at - $2::interval where show_id = $1",
    [showIds.decode(showId), interval],
  );
}

test("the fourth hold that is given back costs a minute; trying on costs no SQL and no workflow; a live hold answers as before; after the pause all is well", async () => {
  const showId = await plantPublicShow();
  const key = randomUUID();
  const live = await reserveAs(201, asha, { showId, seatIds: ["A9"] }, key);
  await letGo(showId, 4);

  const first = await reserveAs(429, asha, { showId, seatIds: ["A1"] });
  expect(first.body.code).toBe("HOLD_COOLDOWN");
  const seconds = Number(first.headers.get("retry-after"));
  expect(seconds).toBeGreaterThan(30);
  expect(seconds).toBeLessThanOrEqual(60);

  // While they are dead nothing can be asked of the checkout service, and nobody sweeps refunds or looks for news;
  // the hammering stays below the ten seconds of the memory.
  const workers = ["checkout", "payments"] as const;
  await Promise.all(workers.map((worker) => system.kill(worker)));
  const statements = await countStatements(system.database.pool, async () => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => asha.reserve({ showId, seatIds: ["A1"] })),
    );
    expect(new Set(answers.map(({ body }) => body.code))).toEqual(new Set(["HOLD_COOLDOWN"]));
  });
  await Promise.all(workers.map((worker) => system.start(worker)));
  expect([...statements.keys()]).toEqual([]);

  const repeated = await reserveAs(201, asha, { showId, seatIds: ["A9"] }, key);
  expect(repeated.body).toEqual(live.body);
  // Another buyer is not kept waiting, and the seat is on sale.
  const ben = await system.signIn(randomUUID());
  await reserveAs(201, ben, { showId, seatIds: ["A1"] });

  await pass(showId, "1 minute");
  await reserveAs(201, asha, { showId, seatIds: ["A2"] });
}, 120_000);

test("a purchase ends the pause, also where it is remembered", async () => {
  const showId = await plantPublicShow();
  const { body: held } = await reserveAs(201, asha, { showId, seatIds: ["A9"] });
  await letGo(showId, 4);
  await reserveAs(429, asha, { showId, seatIds: ["A1"] });
  const { body: payment } = await asha.startPayment(held.bookingId);
  await asha.authorise(payment);
  await eventually(
    async () => (await asha.confirm(held.bookingId)).body.status === "ticketed",
    30_000,
  );
  const { body: next } = await reserveAs(201, asha, { showId, seatIds: ["A1"] });
  expect(next.seatIds).toEqual(["A1"]);
}, 120_000);

test("twenty devices of one person at once, who has to wait: all are refused, and nothing is held", async () => {
  const showId = await plantPublicShow();
  await letGo(showId, 4);
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, device) =>
      asha.reserve({ showId, seatIds: [`A${device + 1}`] }),
    ),
  );
  expect(new Set(answers.map(({ body }) => body.code))).toEqual(new Set(["HOLD_COOLDOWN"]));
  const { rows } = await system.database.pool.query(
    "select 1 from show_seats where show_id = $1 and status <> 'available'",
    [showIds.decode(showId)],
  );
  expect(rows).toEqual([]);
}, 60_000);
