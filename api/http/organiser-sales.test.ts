import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { savePerson } from "../../adapters/postgres/people.ts";
import { refundTickets } from "../../adapters/postgres/refunds.ts";
import { bookingIds, showIds, titleIds } from "../../domain/ids.ts";
import { localKeys } from "../../local/local-keys.ts";
import { createSealing } from "../../platform/sealing.ts";
import { countStatements } from "../../tests/count-statements.ts";
import { createEdge } from "../../tests/edge.ts";
import type { Edge } from "../../tests/edge.ts";
import { actionsOf, plantHouse } from "../../tests/plant-house.ts";
import { plantChannel } from "../../tests/plant-seat-rules.ts";
import { plantShowLike } from "../../tests/plant-show.ts";
import { holdBooking, sellBooking } from "../../tests/sell-booking.ts";

// What organisers see of the sale of their shows, and who sees what of it.

let edge: Edge;
beforeAll(async () => {
  edge = await createEdge();
}, 60_000);
afterAll(() => edge.close(), 30_000);

type House = Awaited<ReturnType<typeof plantHouse>>;

/** Of ten seats at 10.00 and 1.00 fee, 20 % tax contained: three sold, of which one came back without its fee, and one of each other state. */
async function plantSale(house: House): Promise<void> {
  const db = edge.database.pool;
  const { showId } = house;
  await db.query("update show_prices set tax_basis_points = 2000 where show_id = $1", [showId]);
  const sold = await sellBooking(db, { showId, seatIds: ["A1", "A2", "A3"] });
  await refundTickets(db, { ...sold, cause: "buyer:1", withFees: false, seatIds: ["A3"] });
  await holdBooking(db, { showId, seatIds: ["A4"] });
  await plantChannel(db, showId, { channel: "house", seatIds: ["A5"] });
  const { owner } = house.people;
  await edge.send("POST", `${house.at}/seats`, {
    ...owner,
    json: { action: "block", seatIds: ["A6"] },
  });
  await edge.send("POST", `${house.at}/gifts`, {
    headers: { ...owner.headers, "idempotency-key": randomUUID() },
    json: { seatIds: ["A7"], to: { email: "guest@example.com", name: "=HYPERLINK(1)" } },
  });
}

const seats = { available: 4, inChannels: 1, held: 1, sold: 2, given: 1, blocked: 1 };
// A seat contains 183 of tax; of the one that came back the fee is kept, and 183 × 100 / 1100 with it.
const sales = {
  ...{ seats: 3, returnedSeats: 1, priceMinor: 3_000, feeMinor: 300, grossMinor: 3_300 },
  ...{ returnedMinor: 1_000, netMinor: 2_300, taxMinor: 383 },
};

test("the figures are those of the rows: every seat is in one state, and the net is what is kept", async () => {
  const house = await plantHouse(edge);
  await plantSale(house);
  const { body } = await edge.send("GET", `${house.at}/figures`, house.people.viewer);
  expect(body).toMatchObject({ currency: "GBP", title: "Test title", seats, sales });
  expect(body["byPrice"]).toEqual([{ priceCode: "STD", name: "Standard", seats, sales }]);
  expect(body["bySection"]).toEqual([{ section: "S", name: "Stalls", seats }]);
  expect(body["byDay"]).toEqual([
    {
      ...{ day: expect.stringMatching(/^\d{4}-\d\d-\d\d$/), seats: 3, grossMinor: 3_300 },
      ...{ returnedSeats: 1, returnedMinor: 1_000 },
    },
  ]);
});

test("looked at again and again, figures cost no statement more than who asks does", async () => {
  const house = await plantHouse(edge);
  const ask = () => edge.send("GET", `${house.at}/figures`, house.people.viewer);
  await ask();
  const counted = await countStatements(edge.database.pool, async () => {
    for (let times = 0; times < 5; times += 1) await ask();
  });
  expect([...counted.keys()].filter((text) => /show_seats|bookings/.test(text))).toEqual([]);
});

test("shows of a title and a period are summed up by currency, page by page", async () => {
  const house = await plantHouse(edge);
  const db = edge.database.pool;
  await plantSale(house);
  const second = await plantShowLike(db, house.showId);
  await sellBooking(db, { showId: second, seatIds: ["A1"] });
  await db.query("update shows set starts_at = starts_at + interval '40 days' where show_id = $1", [
    second,
  ]);
  const { rows } = await db.query<{ title: string; day: string }>(
    "select title_id as title, (starts_at at time zone 'Europe/London')::date::text as day from shows where show_id = $1",
    [second],
  );
  const { title = "", day = "" } = rows[0] ?? {};
  const ask = (query: string) =>
    edge.send("GET", `${house.home}/sales${query}`, house.people.viewer);
  const all = await ask(`?title=${titleIds.encode(title)}`);
  expect(all.body).toMatchObject({
    shows: [{ showId: showIds.encode(house.showId), seats, sales }, { sales: { netMinor: 1_100 } }],
    total: [{ currency: "GBP", seats: { sold: 3 }, sales: { netMinor: 3_400, grossMinor: 4_400 } }],
    next: null,
  });
  expect((await ask(`?from=${day}&to=${day}`)).body).toMatchObject({
    shows: [{ showId: showIds.encode(second) }],
  });
  const behind = `?after=${showIds.encode(house.showId)}`;
  expect((await ask(behind)).body).toMatchObject({ shows: [{ showId: showIds.encode(second) }] });
  expect((await ask("?from=2026-02-30")).status).toBe(400);
  expect((await ask(`?after=${showIds.encode(randomUUID())}`)).body).toMatchObject({
    code: "CURSOR_INVALID",
  });
});

test("the map says what became of each seat, and to whom it was sold for those alone who may know", async () => {
  const house = await plantHouse(edge);
  await plantSale(house);
  const { owner, seller, editor, viewer } = house.people;
  const map = await edge.send("GET", `${house.at}/seats`, viewer);
  expect(map.body).toMatchObject({
    seats: {
      sold: expect.arrayContaining(["A1", "A2"]),
      given: ["A7"],
      blocked: ["A6"],
      held: ["A4"],
    },
  });
  const buyer = await edge.signIn();
  await savePerson(
    edge.database.pool,
    createSealing(localKeys.SEALING_KEYS, localKeys.DIGEST_KEY),
    {
      ...{ userId: buyer.userId, email: "asha@example.com", name: "Asha" },
    },
  );
  const wish = { showId: house.showId, seatIds: ["A9"], userId: buyer.userId };
  const { bookingId } = await sellBooking(edge.database.pool, wish);
  for (const person of [owner, seller]) {
    const { body } = await edge.send("GET", `${house.at}/seats/A9`, person);
    expect(body).toMatchObject({
      ...{ state: "sold", paidMinor: 1_100 },
      buyer: {
        bookingId: bookingIds.encode({ id: bookingId, showId: house.showId }),
        ...{ name: "Asha", email: "asha@example.com" },
      },
    });
  }
  for (const person of [editor, viewer]) {
    const { body } = await edge.send("GET", `${house.at}/seats/A9`, person);
    expect(body).toMatchObject({ state: "sold", buyer: null });
  }
  expect(await edge.send("GET", `${house.at}/seats/Z1`, viewer)).toMatchObject({
    body: { code: "SEAT_UNKNOWN" },
  });
});

test("files have a line a seat, names for those alone who may see them, and no formula in any cell", async () => {
  const house = await plantHouse(edge);
  await plantSale(house);
  const file = async (name: string, person: House["people"]["owner"]) => {
    const answer = await edge.send("GET", `${house.at}/${name}`, person);
    expect(answer.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    return answer.text.trimEnd().split("\r\n");
  };
  const sold = await file("sales.csv", house.people.viewer);
  expect(sold[0]).toBe(
    "booking_id,seat,section,row,number,price,kind,sold_at,currency,price_minor,fee_minor,tax_contained_minor,promo_code,channel,returned_minor,returned_at",
  );
  expect(sold).toHaveLength(5);
  expect(
    sold.filter((line) => /,A3,S,A,3,Standard,sold,.*,GBP,1000,100,183,,,1000,/.test(line)),
  ).toHaveLength(1);
  const plain = await file("seats.csv", house.people.viewer);
  expect(plain).toHaveLength(11);
  expect(plain.join()).not.toContain("guest@example.com");
  const named = await file("seats.csv", house.people.seller);
  expect(named.find((line) => line.startsWith("A7"))).toMatch(
    /^A7,S,A,7,Standard,given,,0,.*,bk_\w+.*,"'=HYPERLINK\(1\)",guest@example.com$/,
  );
  expect((await actionsOf(edge, house.organiserId)).at(-1)).toMatchObject({
    ...{ action: "buyers exported", actor: house.people.seller.userId, details: {} },
  });
});

test("a file of more seats than a page has each seat once", async () => {
  const house = await plantHouse(edge, { seats: 2_500 });
  const { text } = await edge.send("GET", `${house.at}/seats.csv`, house.people.viewer);
  const ids = text
    .trimEnd()
    .split("\r\n")
    .slice(1)
    .map((line) => line.split(",")[0]);
  expect(ids).toHaveLength(2_500);
  expect(new Set(ids).size).toBe(2_500);
});

/** What each role may do; everybody else hears of nothing. `by` are the roles that may. */
const routes: { call: string; json?: object; by: string[] }[] = [
  { call: "GET figures", by: ["owner", "editor", "viewer"] },
  { call: "GET sales.csv", by: ["owner", "editor", "viewer"] },
  { call: "GET seats.csv", by: ["owner", "editor", "seller", "viewer"] },
  { call: "GET seats", by: ["owner", "editor", "seller", "viewer"] },
  { call: "GET seats/A1", by: ["owner", "editor", "seller", "viewer"] },
  { call: "GET promo-codes", by: ["owner", "editor", "viewer"] },
  {
    call: "POST seats",
    json: { action: "block", seatIds: ["A9"] },
    by: ["owner", "editor", "seller"],
  },
  {
    call: "POST gifts",
    json: { seatIds: ["A8"], to: { email: "a@example.com", name: "A" } },
    by: ["owner", "editor", "seller"],
  },
  {
    call: "POST moves",
    json: { bookingId: "bk", moves: [{ from: "A1", to: "A2" }] },
    by: ["owner", "editor", "seller"],
  },
  { call: "PUT promo-codes/TEN-OFF", json: { percent: 10, usesMax: 5 }, by: ["owner", "editor"] },
  { call: "DELETE promo-codes/TEN-OFF", by: ["owner", "editor"] },
];

test.each(routes)(
  "$call is for $by alone; others learn and change nothing",
  async ({ call, json, by }) => {
    const house = await plantHouse(edge);
    const other = await plantHouse(edge);
    const { bookingId } = await sellBooking(edge.database.pool, {
      showId: house.showId,
      seatIds: ["A1"],
    });
    await edge.send("PUT", `${house.at}/promo-codes/TEN-OFF`, {
      ...{ ...house.people.owner, json: { percent: 10, usesMax: 5 } },
    });
    const [method = "", path = ""] = call.split(" ");
    const publicId = bookingIds.encode({ id: bookingId, showId: house.showId });
    const send = (headers: Record<string, string>, at = house.at) =>
      edge.send(method, `${at}/${path}`, {
        headers: { ...headers, "idempotency-key": "the-same-for-all" },
        ...(json && { json: "bookingId" in json ? { ...json, bookingId: publicId } : json }),
      });
    const rows = async () => {
      const {
        rows: [row],
      } = await edge.database.pool.query(
        `select (select jsonb_agg(to_jsonb(seat) order by seat_id) from show_seats seat where show_id = $1) as seats,
         (select count(*) from tickets where show_id = $1) as tickets, (select count(*) from people) as people,
         (select jsonb_agg(to_jsonb(promo)) from promo_codes promo where show_id = $1) as codes,
         (select count(*) from organiser_actions) as actions, (select count(*) from outbox) as events`,
        [house.showId],
      );
      return row as object;
    };
    const before = await rows();
    const stranger = await edge.signIn();
    expect((await send({})).status).toBe(401);
    for (const person of [stranger, other.people.owner]) {
      expect((await send(person.headers)).body.code).toBe("ORGANISATION_NOT_FOUND");
    }
    const foreign = house.at.replace(/^.*\/shows/, `${other.home}/shows`);
    expect((await send(other.people.owner.headers, foreign)).body.code).toBe("SHOW_NOT_FOUND");
    const others = Object.entries(house.people).filter(([role]) => !by.includes(role));
    for (const [, person] of others) {
      expect((await send(person.headers)).body.code).toBe("ROLE_TOO_LOW");
    }
    expect(await rows()).toEqual(before);
    for (const role of by) {
      const person = house.people[role as keyof House["people"]];
      expect((await send(person.headers)).status).toBeLessThan(300);
    }
  },
);
