import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { refundTickets } from "../../adapters/postgres/refunds.ts";
import { bookingIds, ticketIds } from "../../domain/ids.ts";
import { createEdge } from "../../tests/edge.ts";
import type { Edge } from "../../tests/edge.ts";
import { plantShow } from "../../tests/plant-show.ts";
import { readPdf } from "../../tests/read-pdf.ts";
import { sellBooking } from "../../tests/sell-booking.ts";

let edge: Edge;
beforeAll(async () => {
  edge = await createEdge();
}, 60_000);
afterAll(() => edge.close(), 30_000);

/** Somebody with a booking of two tickets in a show of its own. */
async function sellTwo() {
  const { pool } = edge.database;
  const showId = await plantShow(pool, { seats: 4 });
  const buyer = await edge.signIn();
  const sold = await sellBooking(pool, { showId, seatIds: ["A1", "A2"], userId: buyer.userId });
  const { rows } = await pool.query<{ id: string }>(
    "select ticket_id as id from tickets where show_id = $1 order by seat_id",
    [showId],
  );
  const ticketOf = (row: number) => ticketIds.encode({ id: rows[row]?.id ?? "", showId });
  return {
    ...{ buyer, sold, showId, ticketId: ticketOf(0) },
    bookingId: bookingIds.encode({ id: sold.bookingId, showId }),
  };
}

async function fetchFile(path: string, headers: Record<string, string>) {
  const response = await edge.app.request(path, { headers });
  return { headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) };
}

test("a ticket is a PDF of one page, with its link alone; a booking is one of all its tickets, for its buyer", async () => {
  const { buyer, bookingId, ticketId } = await sellTwo();
  const link = { "ticket-access": edge.links.access(ticketId) };
  const one = await fetchFile(`/v1/tickets/${ticketId}/ticket.pdf`, link);
  expect(one.headers.get("content-type")).toBe("application/pdf");
  expect(one.headers.get("content-disposition")).toBe('attachment; filename="tickets.pdf"');
  expect(one.headers.get("cache-control")).toBe("private, no-store");
  expect(readPdf(one.bytes)).toHaveLength(1);
  expect(readPdf(one.bytes)[0]?.text).toContain(ticketId);

  const all = await fetchFile(`/v1/bookings/${bookingId}/tickets.pdf`, buyer.headers);
  expect(readPdf(all.bytes)).toHaveLength(2);
});

test("the calendar entry of a ticket and of its booking are one, with all seats that are asked for", async () => {
  const { buyer, bookingId, ticketId } = await sellTwo();
  const entries = await Promise.all([
    edge.send("GET", `/v1/tickets/${ticketId}/event.ics`, buyer),
    edge.send("GET", `/v1/bookings/${bookingId}/event.ics`, buyer),
  ]);
  const [one, all] = entries.map(({ text }) => text.replaceAll(/\r\n\t/g, ""));
  expect(one).toContain(`UID:${bookingId}@marquee`);
  expect(all).toContain(`UID:${bookingId}@marquee`);
  expect([one?.includes("seat 2"), all?.includes("seat 2")]).toEqual([false, true]);
});

test("a ticket that was given back is no PDF, no code and no entry any more; the booking has the one that is left", async () => {
  const { buyer, sold, showId, bookingId, ticketId } = await sellTwo();
  const { bookingId: id } = sold;
  const order = { showId, bookingId: id, cause: "buyer:one", withFees: false } as const;
  const give = (seatIds: string[]) =>
    refundTickets(edge.database.pool, { ...order, cause: `buyer:${seatIds[0]}`, seatIds });
  await give(["A1"]);
  for (const path of ["ticket.pdf", "qr.svg", "event.ics"]) {
    const { status, body } = await edge.send("GET", `/v1/tickets/${ticketId}/${path}`, buyer);
    expect([path, status, body.code]).toEqual([path, 409, "TICKET_NOT_LIVE"]);
  }
  const left = await fetchFile(`/v1/bookings/${bookingId}/tickets.pdf`, buyer.headers);
  expect(readPdf(left.bytes)).toHaveLength(1);

  await give(["A2"]);
  const none = await edge.send("GET", `/v1/bookings/${bookingId}/tickets.pdf`, buyer);
  expect([none.status, none.body.code]).toEqual([409, "TICKET_NOT_LIVE"]);
});

test("a calendar hears that its show is cancelled, though the tickets are void", async () => {
  const { buyer, sold, showId, ticketId } = await sellTwo();
  const { pool } = edge.database;
  const { bookingId } = sold;
  await refundTickets(pool, { showId, bookingId, cause: "show_cancelled", withFees: true });
  await pool.query("update shows set status = 'cancelled' where show_id = $1", [showId]);
  const { status, text } = await edge.send("GET", `/v1/tickets/${ticketId}/event.ics`, buyer);
  expect([status, text.includes("STATUS:CANCELLED")]).toEqual([200, true]);
});

test("who wants more documents than a person needs waits", async () => {
  const strict = await createEdge({}, { rates: { documents: { person: 1, address: 100 } } });
  const showId = await plantShow(strict.database.pool, { seats: 2 });
  const buyer = await strict.signIn();
  const booking = { showId, seatIds: ["A1"], userId: buyer.userId };
  const { bookingId } = await sellBooking(strict.database.pool, booking);
  const path = `/v1/bookings/${bookingIds.encode({ id: bookingId, showId })}/event.ics`;
  const answers = [await strict.send("GET", path, buyer), await strict.send("GET", path, buyer)];
  expect(answers.map(({ status }) => status)).toEqual([200, 429]);
  await strict.close();
}, 60_000);
