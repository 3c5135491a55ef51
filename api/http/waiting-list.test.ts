import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { showIds } from "../../domain/ids.ts";
import { createEdge } from "../../tests/edge.ts";
import type { Edge } from "../../tests/edge.ts";
import { keepApart } from "../../tests/plant-seat-rules.ts";
import { openWaitingList } from "../../tests/open-waiting-list.ts";
import { plantShow } from "../../tests/plant-show.ts";
import { sellBooking } from "../../tests/sell-booking.ts";

// Who may join the waiting list of a show, and how they stand on it.

let edge: Edge;

beforeAll(async () => {
  edge = await createEdge();
}, 60_000);
afterAll(() => edge.close(), 30_000);

type Buyer = Awaited<ReturnType<Edge["signIn"]>>;

const pathOf = (show: string) => `/v1/shows/${showIds.encode(show)}/waiting-list`;
const join = (show: string, buyer: Buyer, wish: object = { partySize: 1 }) =>
  edge.send("POST", pathOf(show), { ...buyer, json: wish });
const stand = (show: string, buyer: Buyer) => edge.send("GET", pathOf(show), buyer);
const leave = (show: string, buyer: Buyer) => edge.send("DELETE", pathOf(show), buyer);

async function reserve(show: string, buyer: Buyer, ...seatIds: string[]) {
  return edge.send("POST", "/v1/bookings/reserve", {
    json: { showId: showIds.encode(show), seatIds, userId: buyer.userId },
    headers: { ...buyer.headers, "idempotency-key": randomUUID() },
  });
}

/** A show whose seats, all but these, are sold. */
async function soldOut(seats = 2, free: string[] = []): Promise<string> {
  const show = await plantShow(edge.database.pool, { seats, seatsPerBuyerMax: 4 });
  const seatIds = Array.from({ length: seats }, (_, index) => `A${index + 1}`);
  await sell(show, ...seatIds.filter((seatId) => !free.includes(seatId)));
  return show;
}

async function sell(showId: string, ...seatIds: string[]): Promise<void> {
  await Promise.all(
    seatIds.map((seatId) => sellBooking(edge.database.pool, { showId, seatIds: [seatId] })),
  );
}

async function waitingSince(show: string): Promise<Date | null> {
  const { rows } = await edge.database.pool.query<{ since: Date | null }>(
    "select waiting_since as since from shows where show_id = $1",
    [show],
  );
  return rows[0]?.since ?? null;
}

function money(amountMinor: number) {
  return { amountMinor, currency: "GBP" };
}

function refused(status: number, code: string) {
  return { status, body: { code } };
}

test("while a seat is free nobody waits", async () => {
  const show = await plantShow(edge.database.pool, { seats: 2 });
  const buyer = await edge.signIn();
  await reserve(show, await edge.signIn(), "A1");
  expect(await join(show, buyer)).toMatchObject(refused(409, "WAITING_LIST_CLOSED"));
  expect(await stand(show, buyer)).toMatchObject(refused(404, "WAITING_LIST_ENTRY_NOT_FOUND"));
  expect(await leave(show, buyer)).toMatchObject({ status: 204 });
});

test("while seats are merely held nobody waits either: they hear when the first hold ends", async () => {
  const show = await soldOut(2, ["A2"]);
  const buyer = await edge.signIn();
  await reserve(show, await edge.signIn(), "A2");
  const answer = await join(show, buyer);
  expect(answer).toMatchObject(refused(409, "WAITING_LIST_CLOSED"));
  const { details } = answer.body as { details: { retryAfterSeconds: number } };
  expect(details.retryAfterSeconds).toBeGreaterThan(60);
  expect(await waitingSince(show)).toBeNull();
  // Once somebody waits, also a held seat is waited for.
  await openWaitingList(edge.database.pool, show);
  expect((await join(show, buyer)).status).toBe(201);
});

test.each([
  ["less money than the cheapest seats cost", { partySize: 2, maxTotal: money(2_199) }],
  ["a place for a wheelchair where there is none", { partySize: 1, accessible: 1 }],
  ["more side by side than a row has", { partySize: 3 }],
  ["more than there are", { partySize: 3, together: false }],
])("nobody waits for what even the empty hall has not: %s", async (_what, wish) => {
  const show = await soldOut();
  expect(await join(show, await edge.signIn(), wish)).toMatchObject(
    refused(400, "WAITING_WISH_IMPOSSIBLE"),
  );
  expect(await waitingSince(show)).toBeNull();
});

test("people stand in the order in which they came, and move up when somebody leaves", async () => {
  const show = await soldOut();
  const buyers = await Promise.all(Array.from({ length: 3 }, () => edge.signIn()));
  for (const [index, buyer] of buyers.entries()) {
    expect(await join(show, buyer, { partySize: 2, together: false })).toMatchObject({
      status: 201,
      body: { state: "waiting", position: index + 1, partySize: 2, together: false, offer: null },
    });
  }
  const [first, , third] = buyers as [Buyer, Buyer, Buyer];
  expect((await leave(show, first)).status).toBe(204);
  expect((await stand(show, third)).body).toMatchObject({ state: "waiting", position: 2 });
  expect((await stand(show, first)).body).toMatchObject({ state: "left", position: null });
  // Who comes back comes last.
  expect((await join(show, first)).body).toMatchObject({ position: 3 });
});

test("places for wheelchairs that are free do not keep others from waiting, and seats too near to others do not either", async () => {
  const { pool } = edge.database;
  const show = await plantShow(pool, { seats: 7 });
  await sell(show, "A2", "A4", "A5", "A6");
  await keepApart(pool, show, 1);
  expect(await join(show, await edge.signIn())).toMatchObject({ status: 201 });

  const hall = await plantShow(pool, { seats: 3 });
  await pool.query(
    "update layouts set content = jsonb_set(content, '{seats,2,accessible}', 'true') where layout_hash = 'test-3'",
  );
  await sell(hall, "A1", "A2");
  expect(await join(hall, await edge.signIn(), { partySize: 1, accessible: 1 })).toMatchObject(
    refused(409, "WAITING_LIST_CLOSED"),
  );
  expect(await join(hall, await edge.signIn())).toMatchObject({ status: 201 });
});

test("joining again finds the same entry; another wish is refused while it stands", async () => {
  const show = await soldOut();
  const buyer = await edge.signIn();
  const wish = {
    partySize: 2,
    priceCodes: ["STD"],
    maxTotal: { amountMinor: 5_000, currency: "GBP" },
  };
  expect(await join(show, buyer, wish)).toMatchObject({ status: 201, body: wish });
  expect(await join(show, buyer, wish)).toMatchObject({ status: 200, body: { position: 1 } });
  expect(await join(show, buyer, { partySize: 1 })).toMatchObject(
    refused(409, "WAITING_LIST_JOINED"),
  );
});

test("a person who joins from many devices at once, and the first of all, has one entry", async () => {
  const show = await soldOut();
  const buyer = await edge.signIn();
  const answers = await Promise.all(Array.from({ length: 8 }, () => join(show, buyer)));
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(7);
  const others = await Promise.all(Array.from({ length: 16 }, () => edge.signIn()));
  const joined = await Promise.all(others.map((other) => join(show, other)));
  expect(joined.map(({ status }) => status)).toEqual(Array(16).fill(201));
});

test("the list closes with the last who leaves, however many come and go meanwhile", async () => {
  const show = await soldOut();
  const buyers = await Promise.all(Array.from({ length: 6 }, () => edge.signIn()));
  await Promise.all(
    buyers.map(async (buyer) => {
      for (let turn = 0; turn < 5; turn += 1) {
        expect((await join(show, buyer)).status).toBe(201);
        expect(await waitingSince(show)).not.toBeNull();
        expect((await leave(show, buyer)).status).toBe(204);
      }
    }),
  );
  expect(await waitingSince(show)).toBeNull();
});

test("a party is no larger than the show allows a buyer, together with what they have", async () => {
  const show = await soldOut();
  const buyer = await edge.signIn();
  expect(await join(show, buyer, { partySize: 5 })).toMatchObject(refused(400, "SEATS_TOO_MANY"));
  await edge.database.pool.query(
    "insert into show_buyers (show_id, user_id, seats) values ($1, $2, 3)",
    [show, buyer.userId],
  );
  expect(await join(show, buyer, { partySize: 2 })).toMatchObject(
    refused(409, "SEAT_LIMIT_REACHED"),
  );
  expect(await join(show, buyer, { partySize: 1 })).toMatchObject({ status: 201 });
});

test.each([
  [{ partySize: 0 }, "REQUEST_INVALID"],
  [{ partySize: 1, companions: 1 }, "REQUEST_INVALID"],
  [{ partySize: 1, priceCodes: ["GOLD"] }, "PRICE_UNKNOWN"],
  [{ partySize: 1, maxTotal: { amountMinor: 1, currency: "EUR" } }, "PRICE_UNKNOWN"],
])("%j is refused: %s", async (wish, code) => {
  const show = await soldOut();
  expect(await join(show, await edge.signIn(), wish)).toMatchObject(refused(400, code));
});

test.each([
  ["status = 'cancelled'", "SHOW_CANCELLED"],
  ["sales_close_at = now()", "SHOW_NOT_ON_SALE"],
  ["sales_open_at = now() + interval '1 hour'", "SHOW_NOT_ON_SALE"],
])("nobody waits for a show with %s", async (change, code) => {
  const show = await soldOut();
  await edge.database.pool.query(`update shows set ${change} where show_id = $1`, [show]);
  expect(await join(show, await edge.signIn())).toMatchObject(refused(409, code));
});
