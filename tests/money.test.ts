import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { Connection, WorkflowClient } from "@temporalio/client";

import { bookingIds, checkoutWorkflowId, showIds } from "../domain/ids.ts";
import type { SupportRequest } from "../domain/support.ts";
import { signIn } from "../local/buyer.ts";
import type { Buyer } from "../local/buyer.ts";
import { controlSandbox } from "../local/stripe-sandbox/control-sandbox.ts";
import type { SandboxControl } from "../local/stripe-sandbox/control-sandbox.ts";
import { latePaymentWorkflowId, messageNames, refundWorkflowId } from "../workflows/contract.ts";
import { eventually } from "./eventually.ts";
import { plantShow } from "./plant-show.ts";
import { saveHistory } from "./save-history.ts";
import { startSystem } from "./system.ts";
import type { System } from "./system.ts";

// What buyers, providers and support may do to a booking, through the whole house.

let system: System;
let connection: Connection;
let temporal: WorkflowClient;
let stripe: SandboxControl;
let asha: Buyer;
let ben: Buyer;

beforeAll(async () => {
  system = await startSystem(["api", "checkout", "payments", "stripe", "identity"], {
    HOLD_SECONDS: "6",
    HOLD_SECONDS_MAX: "9",
  });
  connection = await Connection.connect({ address: system.addresses.temporal });
  temporal = new WorkflowClient({ connection, namespace: system.namespace });
  stripe = controlSandbox(system.addresses.stripe);
  asha = await signIn(system.addresses, "asha");
  ben = await signIn(system.addresses, "ben");
}, 120_000);
beforeEach(() => stripe.reset());
afterAll(async () => {
  await connection.close();
  await system.close();
}, 30_000);

async function plantPublicShow(change?: string): Promise<string> {
  const id = await plantShow(system.database.pool);
  if (change !== undefined) {
    await system.database.pool.query(`update shows set ${change} where show_id = $1`, [id]);
  }
  return showIds.encode(id);
}

const refundable = "refundable_until = now() + interval '1 hour'";

async function hold(buyer: Buyer, showId: string, seatIds = ["A1", "A2"]): Promise<string> {
  const { status, body } = await buyer.reserve({ showId, seatIds });
  if (status !== 201) throw new Error(`Not held: ${body.code ?? status}`);
  return body.bookingId;
}

async function buy(buyer: Buyer, showId: string, seatIds = ["A1", "A2"]): Promise<string> {
  const bookingId = await hold(buyer, showId, seatIds);
  const { body: payment } = await buyer.startPayment(bookingId);
  await buyer.authorise(payment);
  await becomes(buyer, bookingId, "ticketed");
  return bookingId;
}

type Booking = {
  status: string;
  endReason: string | null;
  tickets: { seatId: string; status: string }[];
  refunds: { amount: { amountMinor: number }; status: string }[];
};

async function read(buyer: Buyer, bookingId: string): Promise<Booking> {
  return (await buyer.get<Booking>(`/v1/bookings/${bookingId}`)).body;
}

function becomes(buyer: Buyer, bookingId: string, status: string): Promise<Booking> {
  return eventually(async () => {
    const booking = await read(buyer, bookingId);
    return booking.status === status && booking;
  }, 30_000);
}

function checkoutOf(bookingId: string) {
  return temporal.getHandle(checkoutWorkflowId(bookingIds.decode(bookingId).id));
}

async function paymentIdOf(bookingId: string): Promise<string> {
  const { rows } = await system.database.pool.query<{ payment_id: string }>(
    "select payment_id from payments where booking_id = $1",
    [bookingIds.decode(bookingId).id],
  );
  return rows[0]?.payment_id ?? "";
}

async function refundIdOf(bookingId: string): Promise<string> {
  const { rows } = await system.database.pool.query<{ refund_id: string }>(
    "select refund_id from refunds where booking_id = $1",
    [bookingIds.decode(bookingId).id],
  );
  return rows[0]?.refund_id ?? "";
}

async function moved() {
  const { totals } = await stripe.ledger();
  return totals["gbp"] ?? { authorisedMinor: 0, capturedMinor: 0, refundedMinor: 0 };
}

/** The buyer pays; the news of it stays with the provider, which answers no question for so many times. */
async function payUnheard(buyer: Buyer, bookingId: string, silentTimes: number): Promise<void> {
  const { body: payment } = await buyer.startPayment(bookingId);
  await stripe.webhooks({ drop: 1_000 });
  await buyer.authorise(payment);
  const route = "GET /v1/payment_intents/:id";
  if (silentTimes > 0) await stripe.fault({ route, kind: "500", times: silentTimes });
}

// The buyer

test("a hold that is given back is on sale when the answer comes; its open payment can be paid no more", async () => {
  const showId = await plantPublicShow();
  const bookingId = await hold(asha, showId);
  const { body: payment } = await asha.startPayment(bookingId);
  expect((await asha.cancel(bookingId)).status).toBe(204);
  expect((await asha.cancel(bookingId)).status).toBe(204);
  expect((await ben.reserve({ showId, seatIds: ["A1", "A2"] })).status).toBe(201);
  await checkoutOf(bookingId).result();
  expect((await asha.authorise(payment)).status).toBe(400);
  await saveHistory(checkoutOf(bookingId), "cancelled-by-buyer");
});

test("a hold that is given back while its payment is on the way: the payment is voided", async () => {
  const bookingId = await hold(asha, await plantPublicShow());
  await payUnheard(asha, bookingId, 0);
  expect((await asha.cancel(bookingId)).status).toBe(204);
  await eventually(async () => (await stripe.ledger()).intents[0]?.status === "canceled");
  expect(await moved()).toEqual({ authorisedMinor: 0, capturedMinor: 0, refundedMinor: 0 });
});

test("a paid booking is not cancelled, nobody else's is seen, and nothing changes", async () => {
  const bookingId = await buy(asha, await plantPublicShow());
  const paid = await asha.cancel(bookingId);
  expect([paid.status, paid.body.code]).toEqual([409, "BOOKING_CLOSED"]);
  expect((await ben.cancel(bookingId)).status).toBe(404);
  expect((await ben.extend(bookingId)).status).toBe(404);
  expect((await ben.refund(bookingId)).status).toBe(404);
  expect((await read(asha, bookingId)).status).toBe("ticketed");
});

test("more time twice, and within the cap; the same request counts once", async () => {
  const showId = await plantPublicShow();
  const { body: reserved } = await asha.reserve({ showId, seatIds: ["A1"] });
  const first = await asha.extend(reserved.bookingId, "more-time-1");
  expect(first.status).toBe(200);
  expect(await asha.extend(reserved.bookingId, "more-time-1")).toMatchObject({ body: first.body });
  expect(Date.parse(first.body.expiryTime)).toBeGreaterThan(Date.parse(reserved.expiryTime));
  expect(Date.parse(first.body.expiryTime)).toBeLessThanOrEqual(
    Date.parse(reserved.expiryTime) + 3_000,
  );
  expect((await asha.extend(reserved.bookingId)).status).toBe(200);
  const third = await asha.extend(reserved.bookingId);
  expect([third.status, third.body.code]).toEqual([409, "HOLD_EXTENSIONS_EXHAUSTED"]);
  await becomes(asha, reserved.bookingId, "expired");
  expect((await asha.extend(reserved.bookingId)).body.code).toBe("HOLD_EXPIRED");
  await saveHistory(checkoutOf(reserved.bookingId), "extended-twice");
});

test("what costs nothing is paid by asking for it: no provider, no money, tickets", async () => {
  const showId = await plantPublicShow();
  await system.database.pool.query(
    "update show_prices set amount_minor = 0, fee_minor = 0 where show_id = $1",
    [showIds.decode(showId)],
  );
  const bookingId = await hold(asha, showId);
  const payment = await asha.startPayment(bookingId);
  expect(payment.body).toMatchObject({ provider: "free", status: "captured" });
  await becomes(asha, bookingId, "ticketed");
  expect((await stripe.ledger()).intents).toEqual([]);
});

test("tickets given back: some, then the rest; fees are kept, and the provider's books agree", async () => {
  const bookingId = await buy(asha, await plantPublicShow(refundable), ["A1", "A2", "A3"]);
  const part = await asha.refund(bookingId, ["A2"], "give-back-1");
  expect([part.status, part.body.amount]).toEqual([202, { amountMinor: 1_000, currency: "GBP" }]);
  expect((await asha.refund(bookingId, ["A2"], "give-back-1")).body).toEqual(part.body);
  expect((await asha.refund(bookingId, ["A2"])).body.code).toBe("TICKET_NOT_LIVE");
  await asha.refund(bookingId);
  const booking = await eventually(async () => {
    const now = await read(asha, bookingId);
    return now.refunds.every(({ status }) => status === "paid_out") && now;
  }, 20_000);
  expect(booking.status).toBe("refunded");
  expect(booking.refunds.map(({ amount }) => amount.amountMinor)).toEqual([1_000, 2_000]);
  expect(await moved()).toMatchObject({ capturedMinor: 3_300, refundedMinor: 3_000 });
});

test("tickets that the organiser does not take back", async () => {
  const bookingId = await buy(asha, await plantPublicShow());
  const refused = await asha.refund(bookingId);
  expect([refused.status, refused.body.code]).toEqual([409, "REFUND_NOT_ALLOWED"]);
  expect((await read(asha, bookingId)).tickets.map(({ status }) => status)).toEqual([
    "live",
    "live",
  ]);
});

// Late money

test("nobody can say whether it is paid: the seats are kept up to the cap, then go back; the money buys them all the same", async () => {
  const bookingId = await hold(asha, await plantPublicShow());
  await payUnheard(asha, bookingId, 4);
  await becomes(asha, bookingId, "expired");
  const booking = await becomes(asha, bookingId, "ticketed");
  expect(booking.tickets).toHaveLength(2);
  expect(await moved()).toMatchObject({ capturedMinor: 2_200, refundedMinor: 0 });
  await saveHistory(checkoutOf(bookingId), "payment-unknown");
  const late = temporal.getHandle(latePaymentWorkflowId(await paymentIdOf(bookingId)));
  await saveHistory(late, "late-payment-ticketed");
}, 60_000);

test("another sum than was quoted: no ticket, the seats and the money go back", async () => {
  const showId = await plantPublicShow();
  const bookingId = await hold(asha, showId);
  const { body: payment } = await asha.startPayment(bookingId);
  await system.database.pool.query(
    "update bookings set total_minor = total_minor + 1 where booking_id = $1",
    [bookingIds.decode(bookingId).id],
  );
  await asha.authorise(payment);
  expect(await becomes(asha, bookingId, "cancelled")).toMatchObject({
    endReason: "amount_mismatch",
    tickets: [],
  });
  await eventually(async () => (await stripe.ledger()).intents[0]?.status === "canceled");
  expect((await ben.reserve({ showId, seatIds: ["A1", "A2"] })).status).toBe(201);
  await saveHistory(checkoutOf(bookingId), "amount-mismatch");
});

test("late money whose seats are gone is voided, or buys equal ones where the organiser allows it", async () => {
  const shows = [await plantPublicShow(), await plantPublicShow("late_swap_allowed = true")];
  const late = await Promise.all(shows.map((showId) => hold(asha, showId)));
  for (const bookingId of late) await payUnheard(asha, bookingId, 0);
  await system.kill("stripe");
  for (const bookingId of late) await becomes(asha, bookingId, "expired");
  await system.database.pool.query(
    "update show_seats set status = 'blocked' where seat_id = 'A2' and show_id = any($1)",
    [shows.map(showIds.decode)],
  );
  await system.start("stripe");

  const [gone = "", swapped = ""] = late;
  const booking = await becomes(asha, swapped, "ticketed");
  expect(booking.tickets.map(({ seatId }) => seatId)).toEqual(["A3", "A4"]);
  const lateWorkflow = temporal.getHandle(latePaymentWorkflowId(await paymentIdOf(gone)));
  expect(await eventually(() => lateWorkflow.result(), 30_000)).toEqual({ outcome: "voided" });
  await saveHistory(lateWorkflow, "late-payment-voided");
  expect((await read(asha, gone)).status).toBe("expired");
  expect(await moved()).toEqual({ authorisedMinor: 0, capturedMinor: 2_200, refundedMinor: 0 });
}, 60_000);

// Support

const support: SupportRequest = {
  agent: "m.ortiz",
  reason: "payment_problem",
  caseNumber: "HD-1042",
};

function ask(bookingId: string, update: string, request: unknown = support): Promise<unknown> {
  return checkoutOf(bookingId).executeUpdate<unknown, [unknown]>(update, { args: [request] });
}

async function trace(bookingId: string) {
  const { rows } = await system.database.pool.query(
    `select action, agent, reason, case_number as "caseNumber", outcome
     from support_actions where booking_id = $1 order by created_at`,
    [bookingIds.decode(bookingId).id],
  );
  return rows;
}

test("support finds a payment whose news never came, and the tickets are there; the act leaves its trace", async () => {
  const bookingId = await hold(asha, await plantPublicShow());
  await payUnheard(asha, bookingId, 0);
  expect(await ask(bookingId, messageNames.supportCheck)).toBe("paid");
  await becomes(asha, bookingId, "ticketed");
  expect(await trace(bookingId)).toEqual([
    { action: "check_payments", ...support, outcome: "paid" },
  ]);
  await saveHistory(checkoutOf(bookingId), "support-check");
});

test("support extends past the buyer's cap, and gives the seats back", async () => {
  const showId = await plantPublicShow();
  const bookingId = await hold(asha, showId);
  const minutes = { ...support, minutes: 30 };
  expect(await ask(bookingId, messageNames.supportExtend, minutes)).toBe("extended");
  expect(await ask(bookingId, messageNames.supportCancel)).toBe("cancelled");
  expect((await ben.reserve({ showId, seatIds: ["A1"] })).status).toBe(201);
  expect((await trace(bookingId)).map(({ action, outcome }) => [action, outcome])).toEqual([
    ["extend_hold", "extended"],
    ["cancel", "cancelled"],
  ]);
});

test.each([
  ["nothing", null, /agent/],
  ["no reason", { ...support, reason: "because" }, /reason: one of/],
  ["an address for a name", { ...support, agent: "m.ortiz@help.example" }, /agent/],
  ["no case", { ...support, caseNumber: "" }, /caseNumber/],
])("support is told what is missing: %s", async (_, request, sentence) => {
  const bookingId = await hold(asha, await plantPublicShow());
  const refused = ask(bookingId, messageNames.supportCancel, request);
  await expect(refused).rejects.toMatchObject({
    cause: { message: expect.stringMatching(sentence) },
  });
  expect((await read(asha, bookingId)).status).toBe("held");
  expect(await trace(bookingId)).toEqual([]);
});

test("a refund that fails and fails is tried again, and support may hurry it", async () => {
  const bookingId = await buy(asha, await plantPublicShow(refundable));
  await stripe.fault({ route: "POST /v1/refunds", kind: "balance_refused", times: 4 });
  await asha.refund(bookingId);
  const handle = temporal.getHandle(refundWorkflowId(await refundIdOf(bookingId)));
  const retry = () =>
    handle.executeUpdate<unknown, [SupportRequest]>(messageNames.supportRetryRefund, {
      args: [support],
    });
  const attempts = (count: number) =>
    eventually(async () => {
      const { rows } = await system.database.pool.query<{ attempt: number }>(
        "select attempt from refunds where refund_id = $1",
        [await refundIdOf(bookingId)],
      );
      return (rows[0]?.attempt ?? 0) >= count;
    });
  for (let next = 2; next <= 5; next += 1) {
    await attempts(next);
    await retry();
  }
  expect(await handle.result()).toMatchObject({ outcome: "succeeded" });
  await saveHistory(handle, "refund-retried");
  expect((await read(asha, bookingId)).refunds).toMatchObject([{ status: "paid_out" }]);
  expect(await moved()).toMatchObject({ capturedMinor: 2_200, refundedMinor: 2_000 });
}, 60_000);
