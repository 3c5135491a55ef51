import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { showIds } from "../domain/ids.ts";
import type { Buyer } from "../local/buyer.ts";
import { signIn } from "../local/buyer.ts";
import { eventually } from "./eventually.ts";
import { plantShow } from "./plant-show.ts";
import { compareSeatLife } from "./seat-life.ts";
import type { LifeStep } from "./seat-life.ts";
import { openSeatScreen } from "./seat-screen.ts";
import type { SeatScreen } from "./seat-screen.ts";
import { startSystem } from "./system.ts";
import type { System } from "./system.ts";

// What buyers see on their screens while others buy, in the whole house.

const holdSeconds = 6;
/** Longer than a checkout is late with its release on any machine: within it the clock of the screens frees no seat. */
const graceSeconds = 8;

let system: System;
let buyer: Buyer;
let showId: string;
let screens: SeatScreen[];

beforeAll(async () => {
  system = await startSystem(["api", "checkout", "payments", "stripe", "identity"], {
    HOLD_SECONDS: String(holdSeconds),
    RELEASE_GRACE_SECONDS: String(graceSeconds),
  });
  buyer = await signIn(system.addresses, "asha");
  showId = showIds.encode(await plantShow(system.database.pool));
  const open = () => openSeatScreen(system.addresses.api, showId);
  screens = await Promise.all([open(), open()]);
}, 90_000);
afterAll(async () => {
  for (const screen of screens) screen.leave();
  await system.close();
}, 30_000);

/** When each screen shows it, on the monotonic clock. */
function shownAt(seatId: string, status: string): Promise<number[]> {
  return Promise.all(screens.map((screen) => screen.until(seatId, status)));
}

async function hold(seatId: string): Promise<string> {
  const { status, body } = await buyer.reserve({ showId, seatIds: [seatId] });
  if (status !== 201) throw new Error(`Not held: ${body.code ?? status}`);
  return body.bookingId;
}

/** When a reader who asks all the time last asked and did not see the row so: just before the commit. */
async function beforeCommit(seatId: string, status: string): Promise<number> {
  let unseenAt = performance.now();
  for (;;) {
    const askedAt = performance.now();
    const { rows } = await system.database.pool.query<{ status: string }>(
      "select status from show_seats where seat_id = $1",
      [seatId],
    );
    if (rows[0]?.status === status) return unseenAt;
    unseenAt = askedAt;
  }
}

/** In the order in which it happens: docs/seat-life.md. */
const life: LifeStep[] = [];

async function live(what: string, shows: string, act: () => Promise<unknown>): Promise<void> {
  const [before, shown] = await Promise.all([
    beforeCommit("A1", shows),
    shownAt("A1", shows),
    act(),
  ]);
  life.push({ what, shows, screensMs: shown.map((at) => at - before) });
}

test("two watchers see a seat held, given back, expired and sold within a second each", async () => {
  let bookingId = "";
  const holdIt = async () => {
    bookingId = await hold("A1");
  };
  await live("held", "held", holdIt);
  await live("given back by its buyer", "available", () => buyer.cancel(bookingId));
  await live("held again", "held", holdIt);
  await live("expired", "available", async () => undefined);
  await live("held once more", "held", holdIt);
  expect((await buyer.extend(bookingId)).status).toBe(200);
  life.push({ what: "extended", shows: undefined, screensMs: [] });
  await live("paid", "booked", async () => {
    const { body: payment } = await buyer.startPayment(bookingId);
    await buyer.authorise(payment);
  });
  expect(Math.max(...life.flatMap(({ screensMs }) => screensMs))).toBeLessThan(1_000);
}, 60_000);

test("the number of an area's free places falls within a second of a hold and rises when that ends, on every screen", async () => {
  const places = [{ area: "FLOOR", quantity: 3 }];
  const floorId = showIds.encode(await plantShow(system.database.pool, { places: 2_000 }));
  const open = () => openSeatScreen(system.addresses.api, floorId);
  const floors = await Promise.all([open(), open()]);
  const allFree = async (count: number) =>
    Math.max(...(await Promise.all(floors.map((screen) => screen.untilFree("FLOOR", count)))));
  await allFree(2_000);
  const bytes = floors[0]?.bytes() ?? 0;

  expect((await buyer.reserve({ showId: floorId, places })).status).toBe(201);
  const heldAt = performance.now();
  expect((await allFree(1_997)) - heldAt).toBeLessThan(1_000);
  // One short message, whichever places they are.
  expect((floors[0]?.bytes() ?? 0) - bytes).toBeLessThan(150);
  const seconds = ((await allFree(2_000)) - heldAt) / 1_000;
  expect(seconds).toBeGreaterThan(holdSeconds - 0.5);
  // By the checkout at the hold's end, and if that is late, by the clock of the screens.
  expect(seconds).toBeLessThan(holdSeconds + graceSeconds + 1);

  const { body } = await buyer.get<{ areas: object[] }>(`/v1/shows/${floorId}/seats`);
  expect(body.areas).toEqual([
    {
      ...{ area: "FLOOR", name: "Standing floor", priceCode: "STAND" },
      ...{ capacity: 2_000, free: 2_000 },
    },
  ]);
  for (const screen of floors) screen.leave();
}, 60_000);

test("a hold that nobody ends is off the screens to the second, with no checkout process alive", async () => {
  await hold("A3");
  await shownAt("A3", "held");
  await system.kill("checkout");
  const { rows: holds } = await system.database.pool.query<{ untilMs: number }>(
    `select extract(epoch from held_until)::float8 * 1000 as "untilMs" from show_seats where seat_id = 'A3'`,
  );
  const overAt = (holds[0]?.untilMs ?? 0) + graceSeconds * 1_000 - performance.timeOrigin;
  const screensMs = (await shownAt("A3", "available")).map((at) => at - overAt);
  expect(Math.min(...screensMs)).toBeGreaterThan(-500);
  expect(Math.max(...screensMs)).toBeLessThan(1_000);
  life.push({
    ...{ what: "held, and its time is over with no checkout process alive", shows: "available" },
    screensMs,
  });
  const { rows } = await system.database.pool.query(
    "select status from show_seats where seat_id = 'A3'",
  );
  // Nobody has touched the row: the clock did it.
  expect(rows).toEqual([{ status: "held" }]);
}, 60_000);

test("docs/seat-life.md tells these steps in this order", () => {
  const { is, mustBe } = compareSeatLife(life);
  expect(is).toBe(mustBe);
});

test("a process that is asked to stop ends the streams, and does not wait for their readers", async () => {
  const pid = system.pid("api");
  if (pid === undefined) throw new Error("No API");
  process.kill(pid, "SIGTERM");
  const askedAt = performance.now();
  await Promise.all(screens.map(({ ended }) => ended));
  await eventually(async () => system.pid("api") === undefined);
  expect(performance.now() - askedAt).toBeLessThan(5_000);
}, 30_000);
