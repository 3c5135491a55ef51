import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { findViolations } from "../adapters/postgres/audit/find-violations.ts";
import { savePerson } from "../adapters/postgres/people.ts";
import { showIds } from "../domain/ids.ts";
import type { Buyer, Waiting } from "../local/buyer.ts";
import { localKeys } from "../local/local-keys.ts";
import { createSealing } from "../platform/sealing.ts";
import { messageNames, waitingListWorkflowId, workflowTypes } from "../workflows/contract.ts";
import { bookingBecomes, buyTickets, holdSeats, payFor } from "./buy-tickets.ts";
import { countStatements } from "./count-statements.ts";
import { eventually } from "./eventually.ts";
import { inParallel } from "./in-parallel.ts";
import { openWaitingList } from "./open-waiting-list.ts";
import { plantShow } from "./plant-show.ts";
import { replayAll } from "./replay-all.ts";
import { saveHistory } from "./save-history.ts";
import { openShop, refundable } from "./shop.ts";
import type { Shop } from "./shop.ts";

// People wait for seats of a sold-out show: who is offered what comes back, and what becomes of it.

let shop: Shop;
const sealing = createSealing(localKeys.SEALING_KEYS, localKeys.DIGEST_KEY);

beforeAll(async () => {
  shop = await openShop({
    names: [
      ...(["api", "checkout", "payments", "stripe", "identity"] as const),
      ...(["relay", "notifier", "inbox", "waitingList"] as const),
    ],
    settings: {
      OFFER_SECONDS: String(offerSeconds),
      OFFER_URL: "https://tickets.test/bookings/{booking}",
      WAITING_LIST_EVERY_SECONDS: "2",
    },
  });
}, 120_000);
afterAll(() => shop.close(), 30_000);

const offerSeconds = 10;

/** A show with so many seats in a row, all of which `asha` holds, each by a booking of its own. */
async function soldOutShow(seats: number) {
  const showId = showIds.encode(await plantShow(shop.db, { seats }));
  const bookings: string[] = [];
  for (let seat = 1; seat <= seats; seat += 1) {
    bookings.push(await holdSeats(shop.asha, showId, [`A${seat}`]));
  }
  return { showId, giveBack: (seat: number) => shop.asha.cancel(bookings[seat - 1] ?? "") };
}

/** Somebody new on the list, who can be reached by mail. */
async function waiter(showId: string, partySize = 1): Promise<Buyer & { email: string }> {
  const buyer = await shop.system.signIn(randomUUID());
  const email = `${buyer.userId}@example.com`;
  await savePerson(shop.db, sealing, { userId: buyer.userId, email, name: "Somebody" });
  // The list looks every two seconds, and closes when nobody is on it.
  await eventually(async () => {
    await openWaitingList(shop.db, showIds.decode(showId));
    return (await buyer.waitFor(showId, { partySize })).status === 201;
  });
  return { ...buyer, email };
}

async function standing(buyer: Buyer, showId: string): Promise<Waiting> {
  return (await buyer.get<Waiting>(`/v1/shows/${showId}/waiting-list`)).body;
}

function isOffered(buyer: Buyer, showId: string): Promise<NonNullable<Waiting["offer"]>> {
  return eventually(async () => (await standing(buyer, showId)).offer ?? undefined, 30_000);
}

function becomes(buyer: Buyer, showId: string, state: string): Promise<Waiting> {
  return eventually(async () => {
    const entry = await standing(buyer, showId);
    return entry.state === state && entry;
  }, 30_000);
}

type Mail = { subject: string; text: string };

async function mailsTo({ email }: { email: string }): Promise<Mail[]> {
  const response = await fetch(`${shop.system.addresses.inbox}/api/messages?to=${email}`);
  return ((await response.json()) as { messages: Mail[] }).messages;
}

function mailComes(to: { email: string }, subject: string): Promise<Mail> {
  return eventually(
    async () => (await mailsTo(to)).find((mail) => mail.subject === subject),
    30_000,
  );
}

function roundOf(showId: string) {
  return shop.temporal.getHandle(waitingListWorkflowId(showId));
}

test("who came first is offered the seat by mail, pays, and has the ticket; the next moves up", async () => {
  const { showId, giveBack } = await soldOutShow(2);
  const first = await waiter(showId);
  const second = await waiter(showId);
  await giveBack(2);
  const offer = await isOffered(first, showId);
  expect(offer.seatIds).toEqual(["A2"]);
  expect(await standing(second, showId)).toMatchObject({ state: "waiting", position: 1 });

  const mail = await mailComes(first, "Seats for Test title");
  expect(mail.text).toContain("Seats have come back, and you are next: A2, for £11.00 in all.");
  expect(mail.text).toContain("(Europe/London)");
  expect(mail.text).toContain(`https://tickets.test/bookings/${offer.bookingId}`);

  await payFor(first, offer.bookingId);
  await bookingBecomes(first, offer.bookingId, "ticketed");
  await becomes(first, showId, "served");
  expect(await standing(second, showId)).toMatchObject({ state: "waiting", position: 1 });
  await eventually(
    async () => (await roundOf(showId).describe()).status.name === "COMPLETED",
    30_000,
  );
  await saveHistory(roundOf(showId), "waiting-list-served");
}, 90_000);

test("an offer that is given back goes to the next, by the booking or by leaving the list", async () => {
  const { showId, giveBack } = await soldOutShow(1);
  const [first, second, third] = [await waiter(showId), await waiter(showId), await waiter(showId)];
  await giveBack(1);
  const offer = await isOffered(first, showId);
  expect((await first.cancel(offer.bookingId)).status).toBe(204);
  await isOffered(second, showId);
  expect((await second.stopWaiting(showId)).status).toBe(204);
  await isOffered(third, showId);
  expect(await standing(first, showId)).toMatchObject({ state: "declined", offer: null });
  expect(await standing(second, showId)).toMatchObject({ state: "declined", offer: null });
}, 90_000);

test("an offer that nobody pays for runs out, says so once, and goes to the next", async () => {
  const { showId, giveBack } = await soldOutShow(1);
  const [first, second] = [await waiter(showId), await waiter(showId)];
  await giveBack(1);
  await isOffered(first, showId);
  const mail = await mailComes(first, "Your time is over: Test title");
  expect(mail.text).toContain("We kept A1 for you");
  const offer = await isOffered(second, showId);
  await payFor(second, offer.bookingId);
  await becomes(second, showId, "served");
  expect(await standing(first, showId)).toMatchObject({ state: "lapsed", position: null });
  const subjects = (await mailsTo(first)).map(({ subject }) => subject);
  expect(subjects.toSorted()).toEqual(["Seats for Test title", "Your time is over: Test title"]);
}, 90_000);

test("a party that does not fit keeps its place, and has its seats when enough are free side by side", async () => {
  const { showId, giveBack } = await soldOutShow(4);
  const pair = await waiter(showId, 2);
  const single = await waiter(showId, 1);
  await giveBack(1);
  const small = await isOffered(single, showId);
  expect(small.seatIds).toEqual(["A1"]);
  expect(await standing(pair, showId)).toMatchObject({ state: "waiting", position: 1 });
  await payFor(single, small.bookingId);
  await becomes(single, showId, "served");
  await Promise.all([giveBack(3), giveBack(4)]);
  expect((await isOffered(pair, showId)).seatIds).toEqual(["A3", "A4"]);
}, 90_000);

test("while somebody waits nobody else gets a seat; who joins for one that fits nobody before them has it", async () => {
  const { showId, giveBack } = await soldOutShow(2);
  const pair = await waiter(showId, 2);
  await giveBack(1);
  await eventually(async () => {
    const { rows } = await shop.db.query(
      "select 1 from show_seats where show_id = $1 and status = 'available'",
      [showIds.decode(showId)],
    );
    return rows.length === 1;
  });
  const walkIn = await shop.system.signIn(randomUUID());
  const order = { showId, seatIds: ["A1"] };
  expect(await walkIn.reserve(order)).toMatchObject({
    status: 409,
    body: { code: "WAITING_LIST_FIRST" },
  });
  expect((await walkIn.waitFor(showId, { partySize: 1 })).status).toBe(201);
  const offer = await isOffered(walkIn, showId);
  // Their own offer is no way to more.
  await giveBack(2);
  const change = await walkIn.changeSeats(offer.bookingId, { add: ["A2"] });
  expect(change).toMatchObject({ status: 409, body: { code: "WAITING_LIST_FIRST" } });
  expect(await standing(pair, showId)).toMatchObject({ state: "waiting", position: 1 });
  // Nobody waits any more: what is free is everybody's.
  await pair.stopWaiting(showId);
  await walkIn.stopWaiting(showId);
  const other = await shop.system.signIn(randomUUID());
  await eventually(async () => (await other.reserve(order)).status === 201, 30_000);
}, 90_000);

test("a crowd that tries on in front of a waiting list is refused from memory; who has a hold hears of it", async () => {
  const showId = showIds.encode(await plantShow(shop.db, { seats: 2 }));
  const key = randomUUID();
  const mine = () => shop.ben.reserve({ showId, seatIds: ["A2"] }, key);
  const { body: held } = await mine();
  const other = await holdSeats(shop.asha, showId, ["A1"]);
  await waiter(showId, 2);
  await shop.asha.cancel(other);

  const walkIn = await shop.system.signIn(randomUUID());
  const statements = await countStatements(shop.db, async () => {
    for (let turn = 0; turn < 2; turn += 1) {
      const answers = await Promise.all(
        Array.from({ length: 50 }, () => walkIn.reserve({ showId, seatIds: ["A1"] })),
      );
      // While the first of them asks PostgreSQL it has the lock.
      const codes = new Set(answers.map(({ body }) => body.code));
      expect([...codes].every((code) => refusals.has(code ?? ""))).toBe(true);
    }
    expect((await mine()).body).toEqual(held);
  });
  const holds = [...statements].filter(([text]) => text.includes("hold_seats"));
  expect(holds.reduce((sum, [, { calls }]) => sum + calls, 0)).toBeLessThanOrEqual(10);
}, 60_000);

const refusals = new Set(["WAITING_LIST_FIRST", "SEAT_TAKEN"]);

test("tickets that are given back are offered as well", async () => {
  const showId = await shop.plantShow(refundable);
  const seatIds = Array.from({ length: 10 }, (_, index) => `A${index + 1}`);
  const bookingId = await buyTickets(shop.ben, showId, seatIds);
  const someone = await waiter(showId);
  await shop.ben.refund(bookingId, ["A5"]);
  expect((await isOffered(someone, showId)).seatIds).toEqual(["A5"]);
}, 90_000);

test("a cancelled show closes its list: everybody is told once, and an offer is taken back", async () => {
  const { showId, giveBack } = await soldOutShow(1);
  const [first, second] = [await waiter(showId), await waiter(showId)];
  await giveBack(1);
  const offer = await isOffered(first, showId);
  await shop.db.query("update shows set status = 'cancelled' where show_id = $1", [
    showIds.decode(showId),
  ]);
  await becomes(second, showId, "closed");
  await mailComes(second, "No seats: Test title");
  // As the cancellation of the show does it: its checkouts are asked to end.
  await shop.checkoutOf(offer.bookingId).executeUpdate(messageNames.cancel, {
    args: [{ by: "show_cancelled" }],
  });
  await becomes(first, showId, "closed");
  const mail = await mailComes(first, "No seats: Test title");
  expect(mail.text).toContain("This show is cancelled. You have paid nothing");
  expect(await mailsTo(second)).toHaveLength(1);
}, 90_000);

test("when the sale is over the list is closed", async () => {
  const { showId } = await soldOutShow(1);
  const someone = await waiter(showId);
  await shop.db.query("update shows set sales_close_at = now() where show_id = $1", [
    showIds.decode(showId),
  ]);
  await becomes(someone, showId, "closed");
  expect((await mailComes(someone, "No seats: Test title")).text).toContain("The sale is over");
}, 90_000);

test("who has bought all that the show allows meanwhile is passed over, and keeps their place", async () => {
  const { showId, giveBack } = await soldOutShow(1);
  const [first, second] = [await waiter(showId), await waiter(showId)];
  await shop.db.query("insert into show_buyers (show_id, user_id, seats) values ($1, $2, 10)", [
    showIds.decode(showId),
    first.userId,
  ]);
  await giveBack(1);
  const offer = await isOffered(second, showId);
  expect(await standing(first, showId)).toMatchObject({ state: "waiting", position: 1 });
  await shop.db.query("delete from show_buyers where user_id = $1", [first.userId]);
  await payFor(second, offer.bookingId);
  await becomes(second, showId, "served");
  await eventually(
    async () => (await roundOf(showId).describe()).status.name === "COMPLETED",
    30_000,
  );
  await saveHistory(roundOf(showId), "waiting-list-passed-over");
}, 90_000);

test("while events do not come through, seats that are back are found by looking; the mail follows", async () => {
  const { showId, giveBack } = await soldOutShow(1);
  const someone = await waiter(showId);
  await shop.system.kill("relay");
  await giveBack(1);
  expect((await isOffered(someone, showId)).seatIds).toEqual(["A1"]);
  await shop.system.start("relay");
  await mailComes(someone, "Seats for Test title");
}, 90_000);

test("every worker dies in the middle of a round: the offer is made once, and what comes after it is done", async () => {
  const { showId, giveBack } = await soldOutShow(2);
  const [first, second] = [await waiter(showId), await waiter(showId)];
  await giveBack(1);
  await shop.system.kill("payments");
  await shop.system.kill("waitingList");
  await giveBack(2);
  await shop.system.kill("checkout");
  await Promise.all([shop.system.start("checkout"), shop.system.start("payments")]);
  await shop.system.start("waitingList");
  const offers = [await isOffered(first, showId), await isOffered(second, showId)];
  expect(new Set(offers.flatMap(({ seatIds }) => seatIds))).toEqual(new Set(["A1", "A2"]));
  const { rows } = await shop.db.query(
    "select 1 from waiting_offers where show_id = $1 and state <> 'void'",
    [showIds.decode(showId)],
  );
  expect(rows).toHaveLength(2);
}, 120_000);

test("a round that somebody terminates is followed by another, which settles what it finds", async () => {
  const { showId, giveBack } = await soldOutShow(1);
  const [first, second] = [await waiter(showId), await waiter(showId)];
  await giveBack(1);
  await isOffered(first, showId);
  await roundOf(showId).terminate();
  await becomes(first, showId, "lapsed");
  expect((await isOffered(second, showId)).seatIds).toEqual(["A1"]);
}, 90_000);

test("a round that is told very much goes on in a fresh run, and forgets no offer", async () => {
  const { showId, giveBack } = await soldOutShow(1);
  const [first, second] = [await waiter(showId), await waiter(showId)];
  await giveBack(1);
  await isOffered(first, showId);
  const { runId } = await roundOf(showId).describe();
  await inParallel(Array.from({ length: 1_600 }), 50, () =>
    roundOf(showId).signal(messageNames.lookAtWaitingList),
  );
  await becomes(first, showId, "lapsed");
  await eventually(async () => (await roundOf(showId).describe()).runId !== runId, 30_000);
  expect((await isOffered(second, showId)).seatIds).toEqual(["A1"]);
}, 120_000);

test("nothing of all that breaks a promise, and every history can be gone through again", async () => {
  const { errors, replayed } = await replayAll(shop.temporal, workflowTypes.waitingList);
  expect(errors).toEqual([]);
  expect(replayed).toBeGreaterThan(5);
  expect(await findViolations(shop.db)).toEqual([]);
}, 90_000);
