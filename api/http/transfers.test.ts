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

async function offer(owner: Person, ticketId: string, key: string = randomUUID()) {
  const answer = await edge.send("POST", `/v1/tickets/${ticketId}/transfer`, {
    json: { email: "canary.receiver@example.com", name: "Canary Receiver" },
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
  const { transferId, link } = await offer(owner, ticketId, "one-key-for-it");
  expect((await offer(owner, ticketId, "one-key-for-it")).transferId).toBe(transferId);
  const other = await offer(owner, ticketId);
  expect(other.answer).toMatchObject({ status: 409, body: { code: "TRANSFER_OPEN" } });

  const path = `/v1/tickets/${ticketId}/transfer`;
  expect((await edge.send("GET", path, owner)).body).toMatchObject({ transferId, status: "open" });
  expect((await edge.send("DELETE", path, owner)).status).toBe(204);
  expect((await edge.send("GET", path, owner)).body).toMatchObject({ status: "cancelled" });
  expect((await accept(transferId, link)).body.code).toBe("TRANSFER_CLOSED");
});

test("somebody else's ticket is offered by nobody, and leaves nobody's address behind", async () => {
  const { ticketId } = await sellTicket();
  const before = await edge.database.pool.query("select 1 from people");
  const { answer } = await offer(await edge.signIn(), ticketId);
  expect([answer.status, answer.body.code]).toEqual([404, "TICKET_NOT_FOUND"]);
  const after = await edge.database.pool.query("select 1 from people");
  expect(after.rowCount).toBe(before.rowCount);
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
