import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { bookingIds, ticketIds } from "../../domain/ids.ts";
import { createEdge } from "../../tests/edge.ts";
import type { Edge } from "../../tests/edge.ts";
import { plantShow } from "../../tests/plant-show.ts";
import { ticketOf } from "../../tests/plant-transfer.ts";
import { sellBooking } from "../../tests/sell-booking.ts";

let edge: Edge;
beforeAll(async () => {
  edge = await createEdge();
}, 60_000);
afterAll(() => edge.close(), 30_000);

type Person = Awaited<ReturnType<Edge["signIn"]>>;

async function sellTicket() {
  const { pool } = edge.database;
  const showId = await plantShow(pool, { seats: 4 });
  const owner = await edge.signIn();
  const sold = await sellBooking(pool, { showId, seatIds: ["A1"], userId: owner.userId });
  const ticketId = ticketIds.encode({ id: await ticketOf(pool, sold, "A1"), showId });
  return { owner, ticketId, showId, bookingId: bookingIds.encode({ id: sold.bookingId, showId }) };
}

const receiver = { email: "canary.receiver@example.com", name: "Canary Receiver" };

async function offer(
  owner: Person,
  ticketId: string,
  { key = randomUUID() as string, to = receiver } = {},
) {
  const answer = await edge.send("POST", `/v1/tickets/${ticketId}/transfer`, {
    json: to,
    headers: { ...owner.headers, "idempotency-key": key },
  });
  const transferId = String(answer.body["transferId"]);
  return { answer, transferId, link: { "ticket-access": edge.links.access(transferId) } };
}

function accept(transferId: string, headers: Record<string, string>) {
  return edge.send("POST", `/v1/transfers/${transferId}/accept`, { headers });
}

test("a ticket is offered, seen and accepted by link alone: the new one opens by its link, the old one is void", async () => {
  const { owner, ticketId, bookingId } = await sellTicket();
  const { answer, transferId, link } = await offer(owner, ticketId);
  expect([answer.status, answer.body["status"]]).toEqual([201, "open"]);
  const seen = await edge.send("GET", `/v1/transfers/${transferId}`, { headers: link });
  expect(seen.body).toMatchObject({ status: "open", seat: "Stalls, row A, seat 1" });

  const accepted = await accept(transferId, link);
  const { ticketId: newId, ticketAccess } = accepted.body as Record<string, string>;
  expect(newId).not.toBe(ticketId);
  const opened = await edge.send("GET", `/v1/tickets/${newId}`, {
    headers: { "ticket-access": ticketAccess ?? "" },
  });
  expect(opened.body).toMatchObject({ status: "live", seat: { seatId: "A1" } });
  const old = await edge.send("GET", `/v1/tickets/${ticketId}/qr.svg`, owner);
  expect([old.status, old.body.code]).toEqual([409, "TICKET_NOT_LIVE"]);
  const buyersOwn = await edge.send("GET", `/v1/tickets/${newId}`, owner);
  expect([buyersOwn.status, buyersOwn.body.code]).toEqual([404, "TICKET_NOT_FOUND"]);
  const booking = await edge.send("GET", `/v1/bookings/${bookingId}`, owner);
  expect(booking.body["tickets"]).toMatchObject([{ ticketId: newId, isHandedOn: true }]);
  const pdf = await edge.send("GET", `/v1/bookings/${bookingId}/tickets.pdf`, owner);
  expect([pdf.status, pdf.body.code]).toEqual([409, "TICKET_NOT_LIVE"]);
});

test("whoever is signed in when they accept has the ticket among their own, and is written to at the address of the mail", async () => {
  const { owner, ticketId } = await sellTicket();
  const friend = await edge.signIn();
  const { transferId, link } = await offer(owner, ticketId);
  const accepted = await accept(transferId, { ...link, ...friend.headers });
  const path = `/v1/tickets/${String(accepted.body["ticketId"])}`;
  expect((await edge.send("GET", path, friend)).status).toBe(200);
  const { rowCount } = await edge.database.pool.query("select 1 from people where user_id = $1", [
    friend.userId,
  ]);
  expect(rowCount).toBe(1);
});

test("the key of a ticket opens no offer, and the key of an offer no ticket", async () => {
  const { owner, ticketId } = await sellTicket();
  const { transferId, link } = await offer(owner, ticketId);
  const ofTicket = { "ticket-access": edge.links.access(ticketId) };
  const wrong = await accept(transferId, ofTicket);
  expect([wrong.status, wrong.body.code]).toEqual([403, "TICKET_ACCESS_INVALID"]);
  const ticket = await edge.send("GET", `/v1/tickets/${ticketId}`, { headers: link });
  expect([ticket.status, ticket.body.code]).toEqual([403, "TICKET_ACCESS_INVALID"]);
});

test("an owner reads how an offer stands and keeps the ticket: the link opens nothing any more", async () => {
  const { owner, ticketId } = await sellTicket();
  const { transferId, link } = await offer(owner, ticketId);
  const other = await offer(owner, ticketId);
  expect(other.answer).toMatchObject({ status: 409, body: { code: "TRANSFER_OPEN" } });

  const path = `/v1/tickets/${ticketId}/transfer`;
  expect((await edge.send("GET", path, owner)).body).toMatchObject({ transferId, status: "open" });
  const offerOf = async (asking: object) =>
    (await edge.send("GET", `/v1/tickets/${ticketId}`, asking)).body["offer"];
  expect(await offerOf(owner)).toMatchObject({ transferId, status: "open" });
  const byLink = { headers: { "ticket-access": edge.links.access(ticketId) } };
  expect(await offerOf(byLink)).toBeNull();
  expect((await edge.send("DELETE", path, owner)).status).toBe(204);
  expect((await edge.send("GET", path, owner)).body).toMatchObject({ status: "cancelled" });
  expect(await offerOf(owner)).toBeNull();
  expect((await accept(transferId, link)).body.code).toBe("TRANSFER_CLOSED");
});

test("the same key offers a ticket once, and to nobody else: another address or name with it is refused", async () => {
  const { owner, ticketId } = await sellTicket();
  const key = "one-key-for-it";
  const offers = await Promise.all([1, 2, 3].map(() => offer(owner, ticketId, { key })));
  expect(offers.map(({ answer }) => answer.status)).toEqual([201, 201, 201]);
  expect(new Set(offers.map(({ transferId }) => transferId)).size).toBe(1);
  const spelt = { ...receiver, email: "Canary.Receiver@example.com" };
  expect((await offer(owner, ticketId, { key, to: spelt })).answer.status).toBe(201);
  for (const to of [
    { ...receiver, email: "canary.other@example.com" },
    { ...receiver, name: "Canary Other" },
  ]) {
    const { answer } = await offer(owner, ticketId, { key, to });
    expect([answer.status, answer.body.code]).toEqual([422, "IDEMPOTENCY_KEY_REUSED"]);
  }
});

test("an offer that is refused or repeated leaves nobody's address behind", async () => {
  const { owner, ticketId } = await sellTicket();
  const key = "one-key-for-two";
  await offer(owner, ticketId, { key });
  const before = await countPeople();
  const foreign = await offer(await edge.signIn(), ticketId);
  expect(foreign.answer).toMatchObject({ status: 404, body: { code: "TICKET_NOT_FOUND" } });
  const second = await offer(owner, ticketId);
  expect(second.answer).toMatchObject({ status: 409, body: { code: "TRANSFER_OPEN" } });
  expect((await offer(owner, ticketId, { key })).answer.status).toBe(201);
  expect(await countPeople()).toBe(before);
});

async function countPeople() {
  return (await edge.database.pool.query("select 1 from people")).rowCount;
}

test("who has told us an address keeps it when they accept a ticket at another one", async () => {
  const { owner, ticketId } = await sellTicket();
  const friend = await edge.signIn();
  const me = { email: "canary.friend@example.com", name: "Canary Friend" };
  await edge.send("PUT", "/v1/me", { ...friend, json: me });
  const { transferId, link } = await offer(owner, ticketId);
  expect((await accept(transferId, { ...link, ...friend.headers })).status).toBe(200);
  expect((await edge.send("GET", "/v1/me", friend)).body).toMatchObject(me);
});

test("once somebody who is signed in has accepted, the link alone gives the ticket to nobody", async () => {
  const { owner, ticketId } = await sellTicket();
  const friend = await edge.signIn();
  const { transferId, link } = await offer(owner, ticketId);
  await accept(transferId, { ...link, ...friend.headers });
  expect((await accept(transferId, link)).body.code).toBe("TRANSFER_CLOSED");
});

test("who the receiver is stands sealed in the database, and in no event", async () => {
  const { owner, ticketId, showId } = await sellTicket();
  await offer(owner, ticketId);
  const { rows } = await edge.database.pool.query<{ row: string }>(
    `select row_to_json(transfer)::text as row from ticket_transfers transfer where show_id = $1
     union all select payload::text from outbox where show_id = $1
     union all select row_to_json(people)::text || encode(email_sealed, 'escape') from people`,
    [showId],
  );
  expect(rows.map(({ row }) => row).join("\n")).not.toMatch(/canary/i);
});

test("a buyer has the tickets sent again, once in ten minutes, and those alone that they still have", async () => {
  const { owner, ticketId, showId, bookingId } = await sellTicket();
  const resend = () => edge.send("POST", `/v1/bookings/${bookingId}/resend`, owner);
  expect((await resend()).status).toBe(202);
  const { rows } = await edge.database.pool.query(
    `select payload #>> '{ticketDetails,0,seatId}' as "seatId" from outbox
     where show_id = $1 and payload ->> 'type' = 'TicketsResent'`,
    [showId],
  );
  expect(rows).toEqual([{ seatId: "A1" }]);
  const again = await resend();
  expect([again.status, again.body.code]).toEqual([429, "RATE_LIMITED"]);
  expect(Number(again.headers.get("retry-after"))).toBeGreaterThan(590);

  const { transferId, link } = await offer(owner, ticketId);
  await accept(transferId, link);
  const none = await resend();
  expect([none.status, none.body.code]).toEqual([409, "TICKET_NOT_LIVE"]);
});
