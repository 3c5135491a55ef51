import { randomUUID } from "node:crypto";

import { afterAll, beforeEach, expect, test } from "@jest/globals";

import { createWaitingListActivities } from "../../activities/waiting-list.ts";
import { countStatements } from "../../tests/count-statements.ts";
import { createDatabase } from "../../tests/databases.ts";
import type { TestDatabase } from "../../tests/databases.ts";
import { mutateFunction } from "../../tests/mutate-function.ts";
import { plantChannel } from "../../tests/plant-seat-rules.ts";
import { plantShow } from "../../tests/plant-show.ts";
import { openWaitingList } from "../../tests/open-waiting-list.ts";
import { holdBooking } from "../../tests/sell-booking.ts";
import type { HeldSeats, HoldOutcome } from "../../domain/hold.ts";
import { findViolations } from "./audit/find-violations.ts";
import { holdSeats, releaseBooking } from "./holds.ts";
import { findWaitingEntry, joinWaitingList, leaveWaitingList } from "./waiting-list.ts";
import { closeWaitingEntries, settleOffers, voidOffer } from "./waiting-offers.ts";

// The statements behind a waiting list, without any workflow: who gets a seat that comes back, whoever asks at the same moment.

let database: TestDatabase;
const databases: TestDatabase[] = [];
beforeEach(async () => {
  database = await createDatabase();
  databases.push(database);
});
afterAll(() => Promise.all(databases.map((each) => each.drop())));

const wish = {
  ...{ partySize: 1, priceCodes: [], totalMaxMinor: null, isTogether: true },
  ...{ accessible: 0, companions: 0, apart: [] },
};

/** A show of so many seats that are all held, by a booking each; and how to have one back. */
async function soldOut(seats: number) {
  const showId = await plantShow(database.pool, { seats });
  const seatIds = Array.from({ length: seats }, (_, index) => `A${index + 1}`);
  const held = await Promise.all(
    seatIds.map((seatId) => holdBooking(database.pool, { showId, seatIds: [seatId] })),
  );
  await openWaitingList(database.pool, showId);
  return {
    showId,
    giveBack: (seat: number) =>
      releaseBooking(database.pool, { ...one(held[seat - 1]), ...givenBack }),
  };
}

const givenBack = {
  status: "cancelled",
  reason: "support",
  paymentsSettled: true,
  confirmedToo: false,
} as const;

function one<Item>(item: Item | undefined): Item {
  if (item === undefined) throw new Error("There is none");
  return item;
}

async function join(showId: string, userId: string = randomUUID()): Promise<string> {
  const joined = await joinWaitingList(database.pool, { showId, userId, ...wish });
  if (joined.outcome !== "joined") throw new Error(joined.outcome);
  return userId;
}

/** So many strangers at once, who want the same. */
async function joinMany(showId: string, people: number, partySize = 1): Promise<void> {
  await database.pool.query(
    `insert into waiting_entries (show_id, entry_id, user_id, party_size, price_codes, is_together, accessible, companions, joined_at)
      select $1, uuidv7(), gen_random_uuid(), $3, '{}', true, 0, 0, now() from generate_series(1, $2)`,
    [showId, people, partySize],
  );
}

/** How many pages of the list were read meanwhile. */
async function pagesOf(work: () => Promise<unknown>): Promise<number> {
  const statements = await countStatements(database.pool, work);
  const pages = [...statements].filter(([text]) => text.includes('as "partySize"'));
  return pages.reduce((sum, [, { calls }]) => sum + calls, 0);
}

function look(showId: string) {
  const { offerSeats } = createWaitingListActivities({
    ...{ db: database.pool, heartbeat: () => undefined },
    waitingList: { offerSeconds: 900, graceSeconds: 120 },
  });
  return offerSeats({ showId });
}

/** Looks, and holds what is offered, as the checkouts of the offers do. */
async function lookAndHold(showId: string): Promise<HoldOutcome[]> {
  const { checkouts } = await look(showId);
  return Promise.all(checkouts.map((checkout) => holdSeats(database.pool, checkout)));
}

async function walkIn(showId: string, seatId: string, channel?: string): Promise<HoldOutcome> {
  return holdSeats(database.pool, {
    ...{ showId, bookingId: randomUUID(), userId: randomUUID(), seatIds: [seatId] },
    ...{ requestHash: "walk-in", holdSeconds: 600, graceSeconds: 120, deadlineMs: 0 },
    ...(channel !== undefined && { channel }),
  });
}

/** Eight walk-ins try all the time, from before the seat comes back until it is held. Says how many of twenty seats they got. */
async function raceForTwenty(): Promise<number> {
  const { showId, giveBack } = await soldOut(20);
  for (let person = 0; person < 20; person += 1) await join(showId);
  let isOver = false;
  let lost = 0;
  const trying = Array.from({ length: 8 }, async () => {
    for (let seat = 1; !isOver; seat = (seat % 20) + 1) {
      const { outcome } = await walkIn(showId, `A${seat}`);
      if (outcome === "held") lost += 1;
    }
  });
  for (let seat = 1; seat <= 20; seat += 1) {
    await giveBack(seat);
    await lookAndHold(showId);
  }
  isOver = true;
  await Promise.all(trying);
  return lost;
}

test("walk-ins try without a pause while seats come back and are offered: none of them gets one", async () => {
  expect(await raceForTwenty()).toBe(0);
  expect(await findViolations(database.pool, { outbox: "kept" })).toEqual([]);
}, 60_000);

test("control: without the rule of the hold statement walk-ins get seats that people wait for", async () => {
  await mutateFunction(database.pool, "hold_seats", (source) =>
    source.replace("if not found and (is_for_waiting_list(", "if false and (is_for_waiting_list("),
  );
  expect(await raceForTwenty()).toBeGreaterThan(0);
}, 60_000);

test("many looks at once: each seat is offered once, in the order of the list", async () => {
  const { showId, giveBack } = await soldOut(4);
  const people: string[] = [];
  for (let person = 0; person < 6; person += 1) people.push(await join(showId));
  await Promise.all([1, 2, 3, 4].map(giveBack));
  await Promise.all(Array.from({ length: 8 }, () => look(showId)));
  // Two looks may have had the same seats in mind: who comes second is refused, and keeps their place.
  for (let turn = 0; turn < 3; turn += 1) {
    const { checkouts } = await look(showId);
    for (const checkout of checkouts) {
      const held = await holdSeats(database.pool, checkout);
      if (held.outcome === "refused")
        await voidOffer(database.pool, { ...checkout, passedOverSeconds: 0 });
    }
  }
  const entries = await Promise.all(
    people.map((userId) => findWaitingEntry(database.pool, { showId, userId })),
  );
  expect(entries.filter((entry) => entry?.offer).length).toBe(4);
  expect(new Set(entries.flatMap((entry) => entry?.offer?.seatIds ?? [])).size).toBe(4);
  expect(await findViolations(database.pool, { outbox: "kept" })).toEqual([]);
}, 60_000);

/** The hold of an offer and the taking back of it at one moment, again and again. Counts those that were both. */
async function raceToVoid(): Promise<number> {
  let both = 0;
  for (let turn = 0; turn < 30; turn += 1) {
    const { showId, giveBack } = await soldOut(1);
    await join(showId);
    await giveBack(1);
    const checkout = one((await look(showId)).checkouts[0]);
    await Promise.all([
      holdSeats(database.pool, checkout),
      voidOffer(database.pool, { ...checkout, passedOverSeconds: 0 }),
    ]);
    const { rowCount } = await database.pool.query(
      `select 1 from waiting_offers offer join bookings booking using (show_id, booking_id)
        where offer.show_id = $1 and offer.state = 'void'`,
      [showId],
    );
    both += rowCount ?? 0;
  }
  return both;
}

test("an offer is held or taken back, never both", async () => {
  expect(await raceToVoid()).toBe(0);
}, 60_000);

test("control: without the shared row an offer is held and taken back at once", async () => {
  const pause = "perform pg_sleep(0.02);";
  await mutateFunction(database.pool, "hold_seats", (source) =>
    source
      .replace("state = 'open'\n      for share;", "state = 'open';")
      .replace("v_held_until := v_now", `${pause} v_held_until := v_now`),
  );
  await mutateFunction(database.pool, "hold_seats", (source) =>
    source.replace(
      "if not found and (is_for_waiting_list(",
      "if v_entry_id is null and (is_for_waiting_list(",
    ),
  );
  expect(await raceToVoid()).toBeGreaterThan(0);
}, 60_000);

test("an offer that nobody has begun is taken back after its time, and its entry is the next again", async () => {
  const { showId, giveBack } = await soldOut(1);
  const userId = await join(showId);
  await giveBack(1);
  await look(showId);
  await settleOffers(database.pool, { showId, lostSeconds: 120 });
  expect(await findWaitingEntry(database.pool, { showId, userId })).toMatchObject({
    state: "offered",
    offer: null,
  });
  await settleOffers(database.pool, { showId, lostSeconds: 0 });
  expect(await findWaitingEntry(database.pool, { showId, userId })).toMatchObject({
    state: "waiting",
    position: 1,
  });
});

test("who is refused seats is passed over for a while, and keeps their place", async () => {
  const { showId, giveBack } = await soldOut(1);
  const [first, second] = [await join(showId), await join(showId)];
  // Meanwhile they have bought all that the show allows.
  await database.pool.query(
    "insert into show_buyers (show_id, user_id, seats) values ($1, $2, 10)",
    [showId, first],
  );
  await giveBack(1);
  const { checkouts } = await look(showId);
  expect(await holdSeats(database.pool, one(checkouts[0]))).toMatchObject({
    code: "SEAT_LIMIT_REACHED",
  });
  await voidOffer(database.pool, { ...one(checkouts[0]), passedOverSeconds: 600 });
  expect((await look(showId)).checkouts).toMatchObject([{ userId: second }]);
  expect(await findWaitingEntry(database.pool, { showId, userId: first })).toMatchObject({
    state: "waiting",
    position: 1,
  });
});

test("seats of a channel are sold through it while people wait for the others", async () => {
  const { showId, giveBack } = await soldOut(3);
  await giveBack(3);
  await plantChannel(database.pool, showId, {
    channel: "club",
    seatIds: ["A3"],
    code: "CLUB-1234",
  });
  await join(showId);
  await giveBack(1);
  expect(await walkIn(showId, "A1", "club")).toMatchObject({ code: "WAITING_LIST_FIRST" });
  expect(await walkIn(showId, "A3", "club")).toMatchObject({ outcome: "held" });
  // Nor are they offered.
  expect((await look(showId)).checkouts.map(({ seatIds }) => seatIds)).toEqual([["A1"]]);
});

test("a hold of before the list opened is repeated as ever", async () => {
  const showId = await plantShow(database.pool, { seats: 1 });
  const order = {
    ...{ showId, bookingId: randomUUID(), userId: randomUUID(), seatIds: ["A1"] },
    ...{ requestHash: "early", holdSeconds: 600, graceSeconds: 120, deadlineMs: 0 },
  };
  const { heldUntilMs } = (await holdSeats(database.pool, order)) as HeldSeats;
  await openWaitingList(database.pool, showId);
  await join(showId);
  expect(await holdSeats(database.pool, order)).toMatchObject({ outcome: "held", heldUntilMs });
});

test("an offer that is left before its checkout holds is held by nobody, also when nobody waits any more", async () => {
  const { showId, giveBack } = await soldOut(1);
  const userId = await join(showId);
  await giveBack(1);
  const checkout = one((await look(showId)).checkouts[0]);
  await voidOffer(database.pool, { ...checkout, passedOverSeconds: 0 });
  expect(await leaveWaitingList(database.pool, { showId, userId })).toEqual({ outcome: "left" });
  expect(await holdSeats(database.pool, checkout)).toMatchObject({ code: "WAITING_LIST_FIRST" });
  expect(await walkIn(showId, "A1")).toMatchObject({ outcome: "held" });
});

test("a look opens three hundred offers at most, and more as they end", async () => {
  const showId = await plantShow(database.pool, { seats: 310 });
  await openWaitingList(database.pool, showId);
  await joinMany(showId, 310);
  const first = await look(showId);
  expect(first.checkouts).toHaveLength(300);
  expect(first).toMatchObject({ openCount: 300, waiting: 10 });
  expect((await look(showId)).openCount).toBe(300);
  for (const checkout of first.checkouts.slice(0, 4)) {
    await voidOffer(database.pool, { ...checkout, passedOverSeconds: 600 });
  }
  expect(await look(showId)).toMatchObject({ openCount: 300, waiting: 10 });
}, 60_000);

test("a wheelchair's place that is left over is looked for by those alone who want one", async () => {
  const { showId, giveBack } = await soldOut(2);
  await database.pool.query(
    "update layouts set content = jsonb_set(content, '{seats,1,accessible}', 'true') where layout_hash = 'test-2'",
  );
  await joinMany(showId, 420);
  await giveBack(2);
  expect(await pagesOf(() => look(showId))).toBe(1);
  await joinWaitingList(database.pool, { ...wish, showId, userId: randomUUID(), accessible: 1 });
  expect((await look(showId)).checkouts).toMatchObject([{ seatIds: ["A2"] }]);
}, 60_000);

test("what nobody can use is looked for once a wish, however many have it", async () => {
  const { showId, giveBack } = await soldOut(3);
  await joinMany(showId, 420, 2);
  await giveBack(1);
  await giveBack(3);
  expect(await pagesOf(() => look(showId))).toBe(2);
}, 60_000);

test("the list of a cancelled show is closed page by page, and everybody is told once", async () => {
  const { showId } = await soldOut(1);
  for (let person = 0; person < 5; person += 1) await join(showId);
  expect(await closeWaitingEntries(database.pool, { showId, limit: 2 })).toBe(0);
  await database.pool.query("update shows set status = 'cancelled' where show_id = $1", [showId]);
  const closed = [];
  for (let page = 0; page < 4; page += 1) {
    closed.push(await closeWaitingEntries(database.pool, { showId, limit: 2 }));
  }
  expect(closed).toEqual([2, 2, 1, 0]);
  const { rowCount } = await database.pool.query(
    "select 1 from outbox where show_id = $1 and payload ->> 'type' = 'WaitingListClosed'",
    [showId],
  );
  expect(rowCount).toBe(5);
});

test("places of an area are offered by how many", async () => {
  const showId = await plantShow(database.pool, { places: 2 });
  const held = await holdBooking(database.pool, {
    showId,
    seatIds: ["FLOOR:000001", "FLOOR:000002"],
  });
  await openWaitingList(database.pool, showId);
  await join(showId);
  await releaseBooking(database.pool, { ...held, ...givenBack });
  const { checkouts } = await look(showId);
  expect(checkouts).toMatchObject([
    { seatIds: [], places: [{ area: "FLOOR", quantity: 1, candidates: ["FLOOR:000001"] }] },
  ]);
  expect(await holdSeats(database.pool, one(checkouts[0]))).toMatchObject({
    outcome: "held",
    seatIds: ["FLOOR:000001"],
  });
});
