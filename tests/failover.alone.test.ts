import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { Connection, WorkflowClient } from "@temporalio/client";

import { bookingIds, checkoutWorkflowId, showIds } from "../domain/ids.ts";
import { signIn } from "../local/buyer.ts";
import type { Buyer } from "../local/buyer.ts";
import { controlSandbox as controlPaypal } from "../local/paypal-sandbox/control-sandbox.ts";
import { controlSandbox as controlStripe } from "../local/stripe-sandbox/control-sandbox.ts";
import { eventually } from "./eventually.ts";
import { plantShow } from "./plant-show.ts";
import { startSystem } from "./system.ts";
import type { System } from "./system.ts";

// Two providers in one checkout: whoever is away, and whatever the buyer wants, the booking is paid once.

let system: System;
let stripe: ReturnType<typeof controlStripe>;
let paypal: ReturnType<typeof controlPaypal>;
let connection: Connection;
let temporal: WorkflowClient;
let asha: Buyer;

beforeAll(async () => {
  system = await startSystem(["api", "checkout", "payments", "stripe", "paypal", "identity"], {
    HOLD_SECONDS: "15",
    HOLD_SECONDS_MAX: "40",
  });
  connection = await Connection.connect({ address: system.addresses.temporal });
  temporal = new WorkflowClient({ connection, namespace: system.namespace });
  stripe = controlStripe(system.addresses.stripe);
  paypal = controlPaypal(system.addresses.paypal);
  asha = await signIn(system.addresses, "asha");
}, 120_000);
beforeEach(async () => {
  await Promise.all([stripe.reset(), paypal.reset()]);
});
afterAll(async () => {
  await connection.close();
  await system.close();
}, 30_000);

async function hold() {
  const showId = showIds.encode(await plantShow(system.database.pool));
  return (await asha.reserve({ showId, seatIds: ["A1", "A2"] })).body;
}

async function becomes(bookingId: string, status: string): Promise<void> {
  await eventually(async () => {
    const { body } = await asha.get<{ status: string }>(`/v1/bookings/${bookingId}`);
    return body.status === status;
  }, 40_000);
}

/** Money that is set aside or taken and not given back, at both, in pence. */
async function moneyAt() {
  const stripeTotals = (await stripe.ledger()).totals["gbp"];
  const paypalTotals = (await paypal.ledger()).totals["GBP"];
  const pence = (pounds = "0") => Math.round(Number(pounds) * 100);
  return {
    stripe:
      (stripeTotals?.authorisedMinor ?? 0) +
      (stripeTotals?.capturedMinor ?? 0) -
      (stripeTotals?.refundedMinor ?? 0),
    paypal:
      pence(paypalTotals?.authorised) +
      pence(paypalTotals?.captured) -
      pence(paypalTotals?.refunded),
  };
}

test("Stripe is away: the payment starts at PayPal, and nothing is owed to Stripe when it comes back", async () => {
  const { bookingId } = await hold();
  await system.kill("stripe");
  const payment = await asha.startAnyPayment(bookingId);
  expect([payment.status, payment.body.provider]).toEqual([201, "paypal"]);
  await paypal.approve(payment.body.approvalUrl);
  await becomes(bookingId, "ticketed");
  await system.start("stripe");
  expect(await moneyAt()).toEqual({ stripe: 0, paypal: 2_200 });
  await eventually(async () => {
    const { rows } = await system.database.pool.query<{ status: string }>(
      "select status from payments where provider = 'stripe' order by created_at desc limit 1",
    );
    return rows[0]?.status === "voided";
  }, 40_000);
}, 90_000);

test("the buyer wants PayPal after all: what was begun at Stripe can be paid no more", async () => {
  const { bookingId } = await hold();
  const { body: first } = await asha.startPayment(bookingId);
  const { body: second } = await asha.startApproval(bookingId);
  expect((await asha.authorise(first)).status).toBe(400);
  await paypal.approve(second.approvalUrl);
  await becomes(bookingId, "ticketed");
  expect(await moneyAt()).toEqual({ stripe: 0, paypal: 2_200 });
});

test("the buyer has paid by Stripe and asks for PayPal: nothing is begun there, and the tickets come", async () => {
  await stripe.webhooks({ drop: 1_000 });
  const { bookingId } = await hold();
  const { body: first } = await asha.startPayment(bookingId);
  await asha.authorise(first);
  const second = await asha.startApproval(bookingId);
  expect([second.status, second.body.code]).toEqual([409, "PAYMENT_ALREADY_AUTHORISED"]);
  await becomes(bookingId, "ticketed");
  expect(await moneyAt()).toEqual({ stripe: 2_200, paypal: 0 });
});

test("paid twice, by Stripe and by PayPal: one buys the tickets, and the other money goes back", async () => {
  const { bookingId } = await hold();
  const { body: first } = await asha.startPayment(bookingId);
  // Stripe cannot be asked whether the first payment is open, so it stays open.
  await system.kill("stripe");
  const { body: second } = await asha.startApproval(bookingId);
  await system.start("stripe");
  await Promise.all([asha.authorise(first), paypal.approve(second.approvalUrl)]);
  await becomes(bookingId, "ticketed");
  await eventually(async () => {
    const money = await moneyAt();
    return money.stripe + money.paypal === 2_200;
  }, 40_000);
  const { body } = await asha.get<{ tickets: unknown[] }>(`/v1/bookings/${bookingId}`);
  expect(body.tickets).toHaveLength(2);
}, 90_000);

test("a checkout that is cancelled when its tickets are out stays sold, and still closes what else was begun", async () => {
  const { bookingId } = await hold();
  const { body: other } = await asha.startApproval(bookingId);
  await system.kill("paypal");
  const { body: payment } = await asha.startPayment(bookingId);
  await asha.authorise(payment);
  await becomes(bookingId, "ticketed");
  const checkout = temporal.getHandle(checkoutWorkflowId(bookingIds.decode(bookingId).id));
  await checkout.cancel();
  await system.start("paypal");
  expect(await checkout.result()).toMatchObject({ outcome: "ticketed" });
  await paypal.approve(other.approvalUrl).catch(() => undefined);
  expect(await moneyAt()).toEqual({ stripe: 2_200, paypal: 0 });
}, 90_000);

test("nobody can be paid: the buyer is told, the seats are kept longer, up to the cap, and no further", async () => {
  const { bookingId, expiryTime } = await hold();
  await Promise.all([system.kill("stripe"), system.kill("paypal")]);
  const refused = await asha.startAnyPayment(bookingId);
  expect([refused.status, refused.body.code]).toEqual([503, "PAYMENT_PROVIDER_UNAVAILABLE"]);
  const { body } = await asha.get<{ expiryTime: string }>(`/v1/bookings/${bookingId}`);
  const extendedMs = Date.parse(body.expiryTime) - Date.parse(expiryTime);
  expect(extendedMs).toBeGreaterThan(20_000);
  expect(extendedMs).toBeLessThanOrEqual(25_000);
  await Promise.all([system.start("stripe"), system.start("paypal")]);
  const again = await eventually(async () => {
    const started = await asha.startAnyPayment(bookingId);
    return started.status === 201 && started;
  }, 20_000);
  if (again.body.provider === "stripe") await asha.authorise(again.body);
  else await paypal.approve(again.body.approvalUrl);
  await becomes(bookingId, "ticketed");
  const money = await moneyAt();
  expect(money.stripe + money.paypal).toBe(2_200);
}, 90_000);
