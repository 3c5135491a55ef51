import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { savePerson } from "../../adapters/postgres/people.ts";
import { findViolations } from "../../adapters/postgres/audit/find-violations.ts";
import { bookingIds, showIds, ticketIds } from "../../domain/ids.ts";
import { localKeys } from "../../local/local-keys.ts";
import { createSealing } from "../../platform/sealing.ts";
import { createEdge } from "../../tests/edge.ts";
import type { Edge } from "../../tests/edge.ts";
import { eventually } from "../../tests/eventually.ts";
import { actionsOf, plantHouse } from "../../tests/plant-house.ts";
import { plantChannel } from "../../tests/plant-seat-rules.ts";
import { holdBooking, sellBooking } from "../../tests/sell-booking.ts";

// What organisers do with seats and codes of a show that is on sale.

let edge: Edge;
beforeAll(async () => {
  edge = await createEdge();
}, 60_000);
afterAll(() => edge.close(), 30_000);

const sealing = createSealing(localKeys.SEALING_KEYS, localKeys.DIGEST_KEY);

async function statusesOf(showId: string): Promise<Record<string, string>> {
  const { body } = await edge.send("GET", `/v1/shows/${showIds.encode(showId)}/seats`);
  const seats = body["seats"] as { seatId: string; status: string }[];
  return Object.fromEntries(seats.map(({ seatId, status }) => [seatId, status]));
}

async function breaks(showId: string) {
  return findViolations(edge.database.pool, { showId, outbox: "kept" });
}

test("seats are blocked by rows of a section, and released; live maps show it, and each act leaves one row", async () => {
  const house = await plantHouse(edge);
  const { seller } = house.people;
  expect((await statusesOf(house.showId))["A2"]).toBe("available");
  const picks = [{ section: "S", rows: "A", from: 2, to: 4 }];
  const wish = { ...seller, json: { action: "block", picks } };
  const first = await edge.send("POST", `${house.at}/seats`, wish);
  expect(first).toMatchObject({ status: 200, body: { changed: 3, takenSeatIds: [] } });
  expect((await edge.send("POST", `${house.at}/seats`, wish)).body).toMatchObject({ changed: 0 });
  await eventually(async () => (await statusesOf(house.showId))["A2"] === "blocked", 1_000);
  const release = { ...seller, json: { action: "release", seatIds: ["A3"] } };
  expect(await edge.send("POST", `${house.at}/seats`, release)).toMatchObject({ status: 200 });
  await eventually(async () => (await statusesOf(house.showId))["A3"] === "available", 1_000);
  const subject = showIds.encode(house.showId);
  expect(await actionsOf(edge, house.organiserId)).toEqual([
    {
      ...{ action: "seats blocked", actor: seller.userId, subject },
      details: { channel: null, changed: 3, seats: ["A2", "A3", "A4"] },
    },
    {
      ...{ action: "seats released", actor: seller.userId, subject },
      details: { channel: null, changed: 1, seats: ["A3"] },
    },
  ]);
});

test("held and sold seats are never kept back: the answer names them; all seats of a channel are released at once", async () => {
  const house = await plantHouse(edge);
  const db = edge.database.pool;
  const { showId, people } = house;
  await sellBooking(db, { showId, seatIds: ["A1"] });
  await holdBooking(db, { showId, seatIds: ["A2"] });
  await plantChannel(db, showId, { channel: "house", seatIds: ["A8", "A9"] });
  const send = (json: object) => edge.send("POST", `${house.at}/seats`, { ...people.owner, json });
  const keep = { action: "keep", channel: "house", seatIds: ["A1", "A2", "A3"] };
  expect(await send(keep)).toMatchObject({
    ...{ status: 409, body: { code: "SEAT_TAKEN", details: { seatIds: ["A1", "A2"] } } },
  });
  expect((await actionsOf(edge, house.organiserId)).length).toBe(0);
  expect(await send({ ...keep, skipsTaken: true })).toMatchObject({
    ...{ status: 200, body: { changed: 1, takenSeatIds: ["A1", "A2"] } },
  });
  expect((await send({ action: "release", ofChannels: ["house"] })).body).toMatchObject({
    changed: 3,
  });
  expect(await send({ action: "keep", channel: "nobodys", seatIds: ["A5"] })).toMatchObject({
    body: { code: "CHANNEL_UNKNOWN" },
  });
  expect(await send({ action: "block", picks: [{ section: "NONE" }] })).toMatchObject({
    ...{ status: 400, body: { code: "REQUEST_INVALID" } },
  });
  expect(await send({ action: "block" })).toMatchObject({ body: { code: "SEATS_EMPTY" } });
  expect(await send({ action: "block", channel: "house", seatIds: ["A5"] })).toMatchObject({
    status: 400,
  });
});

test("seats are given to a known person and to a mailbox, once each; no address is in clear anywhere", async () => {
  const house = await plantHouse(edge);
  const db = edge.database.pool;
  const { seller } = house.people;
  const userId = randomUUID();
  await savePerson(db, sealing, { userId, email: `${userId}@example.com`, name: "Asha" });
  const give = (json: object, key = randomUUID()) =>
    edge.send("POST", `${house.at}/gifts`, {
      headers: { ...seller.headers, "idempotency-key": key },
      json,
    });
  const key = randomUUID();
  const first = await give({ seatIds: ["A1", "A2"], to: { userId } }, key);
  expect(first.status).toBe(201);
  expect((await give({ seatIds: ["A2", "A1"], to: { userId } }, key)).body).toEqual(first.body);
  expect(await give({ seatIds: ["A3"], to: { userId } }, key)).toMatchObject({ status: 422 });
  const to = { email: "Press.Desk@Example.org", name: "Press" };
  expect(await give({ seatIds: ["A4"], to })).toMatchObject({ status: 201 });
  expect(await give({ seatIds: ["A5"], to: { userId: randomUUID() } })).toMatchObject({
    body: { code: "PERSON_UNKNOWN" },
  });
  expect(await give({ seatIds: ["A4"], to })).toMatchObject({ body: { code: "SEAT_TAKEN" } });
  const { rows } = await db.query<{ text: string }>(
    `select string_agg(line, ' ') as text from (
       select to_jsonb(organiser_actions)::text as line from organiser_actions where organiser_id = $1
       union all select payload::text from outbox where show_id = $2
       union all select to_jsonb(people)::text from people) told`,
    [house.organiserId, house.showId],
  );
  expect(rows[0]?.text.toLowerCase()).not.toContain("press");
  expect((await actionsOf(edge, house.organiserId)).map(({ details }) => details["seats"])).toEqual(
    [["A1", "A2"], ["A4"]],
  );
  expect(await breaks(house.showId)).toEqual([]);
  const seat = await edge.send("GET", `${house.at}/seats/A4`, seller);
  expect(seat.body).toMatchObject({ state: "given", buyer: { name: "Press", email: to.email } });
});

test("a mailbox is kept before the show's transaction, which writes nothing of another shard; strangers leave none", async () => {
  const house = await plantHouse(edge);
  const db = edge.database.pool;
  const to = { email: "gallery@example.org", name: "Gallery" };
  const give = (seatId: string, person = house.people.seller) =>
    edge.send("POST", `${house.at}/gifts`, {
      headers: { ...person.headers, "idempotency-key": randomUUID() },
      json: { seatIds: [seatId], to },
    });
  const people = async () => (await db.query("select 1 from people")).rowCount;
  const before = await people();
  expect(await give("A1", house.people.viewer)).toMatchObject({ body: { code: "ROLE_TOO_LOW" } });
  expect(await people()).toBe(before);
  expect((await give("A1")).status).toBe(201);

  const writer = await db.connect();
  try {
    await writer.query("begin");
    await writer.query("select 1 from people for update");
    const given = give("A2");
    await eventually(async () => {
      const { rowCount } = await db.query(
        `select 1 from pg_stat_activity
         where datname = current_database() and wait_event_type = 'Lock' and query like '%into people%'`,
      );
      return rowCount === 1;
    });
    // A transaction of the show has the organisation's row: nobody has.
    const { rowCount } = await db.query(
      "select 1 from organisers where organiser_id = $1 for update nowait",
      [house.organiserId],
    );
    expect(rowCount).toBe(1);
    await writer.query("commit");
    expect((await given).status).toBe(201);
  } finally {
    writer.release();
  }
});

test("a buyer is moved: the old ticket is void, the new one is theirs, the row says what the seats differ by", async () => {
  const house = await plantHouse(edge, { seats: 8, places: 2 });
  const db = edge.database.pool;
  const buyer = await edge.signIn();
  const booking = await sellBooking(db, {
    ...{ showId: house.showId, seatIds: ["A1", "A2"], userId: buyer.userId },
  });
  const publicId = bookingIds.encode({ id: booking.bookingId, showId: house.showId });
  const before = await edge.send("GET", `/v1/bookings/${publicId}`, buyer);
  const [ticket] = before.body["tickets"] as { ticketId: string; seatId: string }[];
  const move = {
    ...house.people.seller,
    json: { bookingId: publicId, moves: [{ from: "A1", to: "A6" }] },
  };
  expect(await edge.send("POST", `${house.at}/moves`, move)).toMatchObject({
    ...{ status: 200, body: { priceDifferenceMinor: 0 } },
  });
  expect(await edge.send("POST", `${house.at}/moves`, move)).toMatchObject({ status: 200 });
  const old = await edge.send("GET", `/v1/tickets/${ticket?.ticketId ?? ""}`, buyer);
  expect(old.body).toMatchObject({ status: "void" });
  expect(
    await edge.send("GET", `/v1/tickets/${ticket?.ticketId ?? ""}/qr.svg`, buyer),
  ).toMatchObject({
    status: 409,
  });
  const after = await edge.send("GET", `/v1/bookings/${publicId}`, buyer);
  expect((after.body["tickets"] as { seatId: string }[]).map(({ seatId }) => seatId)).toEqual([
    "A2",
    "A6",
  ]);
  const cheaper = { bookingId: publicId, moves: [{ from: "A2", to: "FLOOR:000001" }] };
  expect(
    await edge.send("POST", `${house.at}/moves`, { ...house.people.owner, json: cheaper }),
  ).toMatchObject({ body: { priceDifferenceMinor: -550 } });
  expect((await actionsOf(edge, house.organiserId)).map(({ details }) => details)).toEqual([
    { bookingId: publicId, moves: ["A1 → A6"], priceDifferenceMinor: 0 },
    { bookingId: publicId, moves: ["A2 → FLOOR:000001"], priceDifferenceMinor: -550 },
  ]);
  expect(await breaks(house.showId)).toEqual([]);
});

test("a booking of another show, of another house, and seats named twice are not moved", async () => {
  const house = await plantHouse(edge);
  const other = await plantHouse(edge);
  const booking = await sellBooking(edge.database.pool, { showId: other.showId, seatIds: ["A1"] });
  const bookingId = bookingIds.encode({ id: booking.bookingId, showId: other.showId });
  const send = (moves: object[], at = house.at) =>
    edge.send("POST", `${at}/moves`, { ...house.people.owner, json: { bookingId, moves } });
  const moves = [{ from: "A1", to: "A2" }];
  expect(await send(moves)).toMatchObject({ body: { code: "BOOKING_NOT_FOUND" } });
  expect(await send(moves, other.at)).toMatchObject({ body: { code: "ORGANISATION_NOT_FOUND" } });
  const foreign = house.at.replace(/sh_.*/, showIds.encode(other.showId));
  expect(await send(moves, foreign)).toMatchObject({ body: { code: "SHOW_NOT_FOUND" } });
  const own = await sellBooking(edge.database.pool, { showId: house.showId, seatIds: ["A1"] });
  const json = {
    bookingId: bookingIds.encode({ id: own.bookingId, showId: house.showId }),
    moves: [...moves, { from: "A2", to: "A3" }],
  };
  expect(
    await edge.send("POST", `${house.at}/moves`, { ...house.people.owner, json }),
  ).toMatchObject({ body: { code: "SEATS_DUPLICATE" } });
});

test("a promo code is added once, counted and ended; buyers hear of both at once", async () => {
  const house = await plantHouse(edge);
  const { editor } = house.people;
  const at = `${house.at}/promo-codes/summer-10`;
  const offer = { ...editor, json: { percent: 10, usesMax: 2 } };
  const added = await edge.send("PUT", at, offer);
  expect(added).toMatchObject({ status: 200, body: { code: "SUMMER-10", percent: 10, uses: 0 } });
  expect((await edge.send("PUT", at, offer)).body).toEqual(added.body);
  expect(
    await edge.send("PUT", at, { ...editor, json: { percent: 20, usesMax: 2 } }),
  ).toMatchObject({
    ...{ status: 409, body: { code: "PROMO_CODE_EXISTS" } },
  });
  const buy = async () => {
    const buyer = await edge.signIn();
    const seatIds = [(await freeSeat(house.showId)) ?? ""];
    return edge.send("POST", "/v1/bookings/reserve", {
      headers: { ...buyer.headers, "idempotency-key": randomUUID() },
      json: {
        showId: showIds.encode(house.showId),
        seatIds,
        userId: buyer.userId,
        promoCode: "summer-10",
      },
    });
  };
  expect(await buy()).toMatchObject({ status: 201, body: { totalAmount: { amountMinor: 1_000 } } });
  const list = await edge.send("GET", `${house.at}/promo-codes`, house.people.viewer);
  expect(list.body).toMatchObject({ promoCodes: [{ code: "SUMMER-10", uses: 1, usesMax: 2 }] });
  expect(await edge.send("DELETE", at, editor)).toMatchObject({ status: 204 });
  expect(await edge.send("DELETE", at, editor)).toMatchObject({ status: 204 });
  expect(await buy()).toMatchObject({ body: { code: "PROMO_CODE_ENDED" } });
  expect(await edge.send("DELETE", `${house.at}/promo-codes/NONE`, editor)).toMatchObject({
    status: 404,
  });
  expect((await actionsOf(edge, house.organiserId)).map(({ action }) => action)).toEqual([
    "promo code added",
    "promo code ended",
  ]);
});

async function freeSeat(showId: string): Promise<string | undefined> {
  const statuses = await statusesOf(showId);
  return Object.keys(statuses).find((seatId) => statuses[seatId] === "available");
}

test("a ticket that was moved away opens no door under its old link", async () => {
  const house = await plantHouse(edge);
  const db = edge.database.pool;
  const booking = await sellBooking(db, { showId: house.showId, seatIds: ["A1"] });
  const { rows } = await db.query<{ id: string }>(
    "select ticket_id as id from tickets where show_id = $1",
    [house.showId],
  );
  const publicId = ticketIds.encode({ id: rows[0]?.id ?? "", showId: house.showId });
  const headers = { "ticket-access": edge.links.access(publicId) };
  expect(await edge.send("GET", `/v1/tickets/${publicId}`, { headers })).toMatchObject({
    body: { status: "live" },
  });
  const bookingId = bookingIds.encode({ id: booking.bookingId, showId: house.showId });
  const json = { bookingId, moves: [{ from: "A1", to: "A2" }] };
  await edge.send("POST", `${house.at}/moves`, { ...house.people.seller, json });
  expect(await edge.send("GET", `/v1/tickets/${publicId}`, { headers })).toMatchObject({
    body: { status: "void" },
  });
});
