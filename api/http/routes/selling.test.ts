import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { randomUUID } from "node:crypto";

import { showIds } from "../../../domain/ids.ts";
import { createTicketSigning } from "../../../platform/ticket-signing.ts";
import { localKeys } from "../../../local/local-keys.ts";
import { createEdge } from "../../../tests/edge.ts";
import type { Edge } from "../../../tests/edge.ts";
import { plantShow } from "../../../tests/plant-show.ts";

let edge: Edge;
let showId: string;

beforeAll(async () => {
  edge = await createEdge();
  showId = showIds.encode(await plantShow(edge.database.pool, { seats: 60 }));
}, 60_000);
afterAll(() => edge.close(), 30_000);

type Buyer = Awaited<ReturnType<Edge["signIn"]>>;
type Reservation = { bookingId: string; expiryTime: string };
type Booking = {
  status: string;
  tickets: { ticketId: string; seatId: string }[];
};

function reserve(buyer: Buyer, seatIds: string[], key: string = randomUUID(), more: object = {}) {
  return edge.send("POST", "/v1/bookings/reserve", {
    json: { showId, seatIds, userId: buyer.userId, ...more },
    headers: { ...buyer.headers, "idempotency-key": key },
  });
}

async function pay(buyer: Buyer, bookingId: string) {
  const payment = await edge.send("POST", `/v1/bookings/${bookingId}/payments`, {
    headers: buyer.headers,
  });
  expect(payment.status).toBe(201);
  const clientSecret = String(payment.body["clientSecret"]);
  const [intent] = clientSecret.split("_secret_");
  await fetch(`${edge.stripeUrl}/v1/payment_intents/${intent}/confirm`, {
    method: "POST",
    headers: { authorization: "Bearer pk_test_marquee_local_fake" },
    body: new URLSearchParams({ client_secret: clientSecret, payment_method: "pm_card_visa" }),
  });
  return payment;
}

async function buyTicket(seatId: string) {
  const buyer = await edge.signIn();
  const reserved = await reserve(buyer, [seatId]);
  const { bookingId } = reserved.body as unknown as Reservation;
  await pay(buyer, bookingId);
  const confirmed = await edge.send("POST", "/v1/bookings/confirm", {
    json: { bookingId },
    headers: buyer.headers,
  });
  expect(confirmed.status).toBe(200);
  const { tickets } = confirmed.body as unknown as Booking;
  return { buyer, bookingId, ticketId: tickets[0]?.ticketId ?? "" };
}

test("a buyer holds seats: 201 with booking, expiry, total and currency, and the seats show as held", async () => {
  const buyer = await edge.signIn();
  const { status, body, headers } = await reserve(buyer, ["A1", "A2"]);
  expect(status).toBe(201);
  expect(body).toEqual({
    bookingId: expect.stringMatching(/^bk_[\w-]{44}$/),
    showId,
    seatIds: ["A1", "A2"],
    expiryTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    totalAmount: { amountMinor: 2_200, currency: "GBP" },
    feeAmount: { amountMinor: 200, currency: "GBP" },
    currency: "GBP",
  });
  expect(headers.get("location")).toBe(`/v1/bookings/${String(body["bookingId"])}`);

  const seats = await edge.send("GET", `/v1/shows/${showId}/seats`);
  const list = seats.body["seats"] as { seatId: string; status: string }[];
  expect(list.slice(0, 3).map(({ seatId, status: shown }) => [seatId, shown])).toEqual([
    ["A1", "held"],
    ["A2", "held"],
    ["A3", "available"],
  ]);
});

test("the same key repeats the answer; with another body it is refused; another buyer's same key is independent", async () => {
  const [buyer, other] = await Promise.all([edge.signIn(), edge.signIn()]);
  const key = "one-key-for-this-order";
  const first = await reserve(buyer, ["A4", "A5"], key);
  const again = await reserve(buyer, ["A5", "A4"], key);
  expect([again.status, again.body["bookingId"]]).toEqual([201, first.body["bookingId"]]);

  const otherSeats = await reserve(buyer, ["A6"], key);
  expect([otherSeats.status, otherSeats.body.code]).toEqual([422, "IDEMPOTENCY_KEY_REUSED"]);
  expect((await reserve(other, ["A6"], key)).status).toBe(201);
});

test("a taken seat is refused with its id, whether Redis or PostgreSQL says so", async () => {
  const [buyer, other] = await Promise.all([edge.signIn(), edge.signIn()]);
  await reserve(buyer, ["A8"]);
  const refused = await reserve(other, ["A7", "A8"]);
  expect([refused.status, refused.body.code]).toEqual([409, "SEAT_TAKEN"]);
  expect(refused.body["details"]).toEqual({ seatIds: ["A8"] });
  // All or none: the free seat of the refused order is free still.
  expect((await reserve(other, ["A7"])).status).toBe(201);
});

test("a refused hold leaves no lock behind: the seats can be had by the next buyer", async () => {
  const [buyer, other] = await Promise.all([edge.signIn(), edge.signIn()]);
  const refused = await reserve(buyer, ["A9"], randomUUID(), {
    expectedTotal: { amountMinor: 1, currency: "GBP" },
  });
  expect([refused.status, refused.body.code]).toEqual([409, "PRICE_CHANGED"]);
  expect((await reserve(other, ["A9"])).status).toBe(201);
});

test("a buyer pays, confirms, and gets tickets whose code our key has signed", async () => {
  const { buyer, bookingId, ticketId } = await buyTicket("A10");
  const booking = await edge.send("GET", `/v1/bookings/${bookingId}`, { headers: buyer.headers });
  expect(booking.body["status"]).toBe("ticketed");

  const ticket = await edge.send("GET", `/v1/tickets/${ticketId}`, { headers: buyer.headers });
  expect(ticket.status).toBe(200);
  expect(ticket.body["seat"]).toEqual({ seatId: "A10", section: "Stalls", row: "A", number: 10 });
  const signing = createTicketSigning(localKeys.TICKET_KEYS);
  expect(signing.verify(String(ticket.body["qr"]))).toMatchObject({ ticketId, seatId: "A10" });

  const code = await edge.send("GET", `/v1/tickets/${ticketId}/qr.svg`, { headers: buyer.headers });
  expect(code.headers.get("content-type")).toBe("image/svg+xml");
  expect(code.text).toContain("<svg");
});

test("the link of the mail opens one ticket, and no other", async () => {
  const { ticketId } = await buyTicket("A11");
  const { ticketId: otherId } = await buyTicket("A12");
  const headers = { "ticket-access": edge.links.access(ticketId) };
  expect((await edge.send("GET", `/v1/tickets/${ticketId}`, { headers })).status).toBe(200);
  const other = await edge.send("GET", `/v1/tickets/${otherId}`, { headers });
  expect([other.status, other.body.code]).toEqual([403, "TICKET_ACCESS_INVALID"]);
});

test("confirm believes the provider, not the client: unpaid is 202, without any payment 404", async () => {
  const buyer = await edge.signIn();
  const reserved = await reserve(buyer, ["A13"]);
  const confirm = () =>
    edge.send("POST", "/v1/bookings/confirm", {
      json: { bookingId: reserved.body["bookingId"] },
      headers: buyer.headers,
    });
  const early = await confirm();
  expect([early.status, early.body.code]).toEqual([404, "PAYMENT_NOT_FOUND"]);

  const path = `/v1/bookings/${String(reserved.body["bookingId"])}/payments`;
  const first = await edge.send("POST", path, { headers: buyer.headers });
  const second = await edge.send("POST", path, { headers: buyer.headers, json: {} });
  expect(second.body["paymentId"]).toBe(first.body["paymentId"]);
  const unpaid = await confirm();
  expect([unpaid.status, unpaid.body["status"]]).toEqual([202, "held"]);
});

test("a signed webhook sells the seats; the same one again changes nothing", async () => {
  const buyer = await edge.signIn();
  const reserved = await reserve(buyer, ["A14"]);
  const payment = await pay(buyer, String(reserved.body["bookingId"]));
  const intentId = String(payment.body["clientSecret"]).split("_secret_")[0] ?? "";
  const intent: unknown = await fetch(`${edge.stripeUrl}/v1/payment_intents/${intentId}`, {
    headers: { authorization: `Bearer ${localKeys.STRIPE_SECRET_KEY}` },
  }).then((response) => response.json());
  const raw = JSON.stringify({
    id: "evt_of_this_test",
    object: "event",
    type: "payment_intent.amount_capturable_updated",
    livemode: false,
    data: { object: intent },
  });
  const headers = { "stripe-signature": edge.signWebhook(raw) };
  for (let time = 1; time <= 2; time += 1) {
    expect((await edge.send("POST", "/webhooks/stripe", { raw, headers })).status).toBe(200);
  }
  const path = `/v1/bookings/${String(reserved.body["bookingId"])}`;
  const booking = await edge.send("GET", path, { headers: buyer.headers });
  expect(booking.body).toMatchObject({ status: "ticketed", tickets: [{ seatId: "A14" }] });
  const { rows } = await edge.database.pool.query(
    "select signalled_at is not null as signalled from payment_events where event_id = 'evt_of_this_test'",
  );
  expect(rows).toEqual([{ signalled: true }]);
});

test("who a buyer is stands sealed in the database", async () => {
  const buyer = await edge.signIn();
  const saved = await edge.send("PUT", "/v1/me", {
    json: { email: "canary.person@example.com", name: "Canary Person" },
    headers: buyer.headers,
  });
  expect(saved.status).toBe(200);
  const { rows } = await edge.database.pool.query<{ row: string }>(
    "select row_to_json(people)::text || encode(email_sealed, 'escape') || encode(name_sealed, 'escape') as row from people where user_id = $1",
    [buyer.userId],
  );
  expect(rows).toHaveLength(1);
  expect(rows[0]?.row).not.toMatch(/canary/i);
});

test("a promo code, in small letters or not, is off the total; one that nobody knows holds nothing", async () => {
  const buyer = await edge.signIn();
  await edge.database.pool.query(
    `insert into promo_codes (show_id, code, percent, uses_max, valid_until)
     values ($1, 'EARLY-BIRD', 10, 5, now() + interval '1 hour')`,
    [showIds.decode(showId)],
  );
  const wrong = await reserve(buyer, ["A50"], randomUUID(), { promoCode: "LATE-BIRD" });
  expect([wrong.status, wrong.body.code]).toEqual([409, "PROMO_CODE_INVALID"]);
  const key = randomUUID();
  const reserved = await reserve(buyer, ["A50"], key, { promoCode: "early-bird" });
  expect(reserved.body["totalAmount"]).toEqual({ amountMinor: 1_000, currency: "GBP" });
  const { body } = await edge.send("GET", `/v1/bookings/${String(reserved.body["bookingId"])}`, {
    headers: buyer.headers,
  });
  expect(body["discountAmount"]).toEqual({ amountMinor: 100, currency: "GBP" });
  const without = await reserve(buyer, ["A50"], key);
  expect([without.status, without.body.code]).toEqual([422, "IDEMPOTENCY_KEY_REUSED"]);
});
