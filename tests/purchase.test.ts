import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Connection, WorkflowClient } from "@temporalio/client";

import { bookingIds, checkoutWorkflowId, showIds } from "../domain/ids.ts";
import { cards, signIn } from "../local/buyer.ts";
import type { Buyer, StartedPayment } from "../local/buyer.ts";
import { eventually } from "./eventually.ts";
import { plantShow } from "./plant-show.ts";
import { saveHistory } from "./save-history.ts";
import { startSystem } from "./system.ts";
import type { System } from "./system.ts";

let system: System;
let temporal: WorkflowClient;
let connection: Connection;
let asha: Buyer;
let ben: Buyer;
/** Both begin with the file and end while the other tests run. */
let unpaid: { showId: string; bookingId: string };
let unauthorised: { bookingId: string; payment: StartedPayment };

beforeAll(async () => {
  system = await startSystem(["api", "checkout", "payments", "stripe", "identity"], {
    HOLD_SECONDS: "8",
  });
  connection = await Connection.connect({ address: system.addresses.temporal });
  temporal = new WorkflowClient({ connection, namespace: system.namespace });
  asha = await signIn(system.addresses, "asha");
  ben = await signIn(system.addresses, "ben");
  unpaid = await reserveOne();
  const { bookingId } = await reserveOne();
  unauthorised = { bookingId, payment: (await asha.startPayment(bookingId)).body };
}, 120_000);
afterAll(async () => {
  await connection.close();
  await system.close();
}, 30_000);

async function plantPublicShow(seats = 10): Promise<string> {
  return showIds.encode(await plantShow(system.database.pool, { seats }));
}

async function reserveOne() {
  const showId = await plantPublicShow();
  const { body } = await asha.reserve({ showId, seatIds: ["A1"] });
  return { showId, bookingId: body.bookingId };
}

async function bookingEnds(buyer: Buyer, bookingId: string, status: string) {
  return eventually(async () => {
    const { body } = await buyer.get<{ status: string }>(`/v1/bookings/${bookingId}`);
    return body.status === status && body;
  }, 20_000);
}

async function historyOf(bookingId: string): Promise<string[]> {
  const handle = temporal.getHandle(checkoutWorkflowId(bookingIds.decode(bookingId).id));
  await handle.result();
  const { events } = await handle.fetchHistory();
  return (events ?? []).map(
    (event) => Object.keys(event).find((key) => key.endsWith("EventAttributes")) ?? "",
  );
}

function workflowTasks(history: string[]): number {
  return history.filter((event) => event.startsWith("workflowTaskCompleted")).length;
}

test("a buyer reserves, pays and gets signed tickets; the checkout costs at most 16 events and two tasks", async () => {
  const showId = await plantPublicShow();
  const reserved = await asha.reserve({ showId, seatIds: ["A1", "A2"] });
  expect(reserved.status).toBe(201);
  expect(reserved.body.totalAmount).toEqual({ amountMinor: 2_200, currency: "GBP" });

  const payment = await asha.startPayment(reserved.body.bookingId);
  expect(payment.status).toBe(201);
  await asha.authorise(payment.body);
  await bookingEnds(asha, reserved.body.bookingId, "ticketed");

  const confirmed = await asha.confirm(reserved.body.bookingId);
  expect(confirmed.status).toBe(200);
  expect(confirmed.body.tickets.map(({ seatId }) => seatId)).toEqual(["A1", "A2"]);
  const ticket = await asha.get<{ qr: string }>(
    `/v1/tickets/${confirmed.body.tickets[0]?.ticketId ?? ""}`,
  );
  expect(ticket.body.qr).toMatch(/^MQ1\./);

  const history = await historyOf(reserved.body.bookingId);
  expect(history.length).toBeLessThanOrEqual(16);
  expect(workflowTasks(history)).toBe(2);
});

test("a declined card buys nothing, and another card on the same payment buys the tickets", async () => {
  const showId = await plantPublicShow();
  const { body: reserved } = await asha.reserve({ showId, seatIds: ["A3"] });
  const { body: payment } = await asha.startPayment(reserved.bookingId);
  expect((await asha.authorise(payment, cards.declined)).status).toBe(402);
  expect((await asha.confirm(reserved.bookingId)).status).toBe(202);
  await asha.authorise(payment, cards.good);
  await bookingEnds(asha, reserved.bookingId, "ticketed");
});

test("the same request ten times, at once and later, is one booking and one answer", async () => {
  const showId = await plantPublicShow();
  const key = "the-same-key-every-time";
  const order = { showId, seatIds: ["A1", "A2"] };
  const answers = await Promise.all(Array.from({ length: 10 }, () => asha.reserve(order, key)));
  answers.push(await asha.reserve(order, key));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
  expect(new Set(answers.map(({ body }) => body.bookingId)).size).toBe(1);
  expect(new Set(answers.map(({ body }) => body.expiryTime)).size).toBe(1);

  const otherBody = await asha.reserve({ showId, seatIds: ["A4"] }, key);
  expect([otherBody.status, otherBody.body.code]).toEqual([422, "IDEMPOTENCY_KEY_REUSED"]);
  const otherShow = await asha.reserve({ ...order, showId: await plantPublicShow() }, key);
  expect([otherShow.status, otherShow.body.code]).toEqual([422, "IDEMPOTENCY_KEY_REUSED"]);
  expect((await ben.reserve({ showId, seatIds: ["A5"] }, key)).status).toBe(201);
});

test("a hold that nobody pays ends by itself; the seats are on sale again, in at most 14 events", async () => {
  const { showId, bookingId } = unpaid;
  await bookingEnds(asha, bookingId, "expired");
  expect((await ben.reserve({ showId, seatIds: ["A1"] })).status).toBe(201);

  const history = await historyOf(bookingId);
  expect(history.length).toBeLessThanOrEqual(14);
  expect(workflowTasks(history)).toBe(2);
});

test("a hold with a payment that was never authorised: the intent is cancelled before the seats go back", async () => {
  await bookingEnds(asha, unauthorised.bookingId, "expired");
  const late = await asha.authorise(unauthorised.payment);
  expect(late.status).toBe(400);
  const { id } = bookingIds.decode(unauthorised.bookingId);
  await saveHistory(temporal.getHandle(checkoutWorkflowId(id)), "expired-with-open-payment");
});
