import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";

import { createPaypalProvider } from "../adapters/paypal/create-paypal-provider.ts";
import { confirmBooking, issueTickets } from "../adapters/postgres/holds.ts";
import { keepProviderPaymentId, markPaymentStarted } from "../adapters/postgres/payments.ts";
import { recordRefund, refundTickets } from "../adapters/postgres/refunds.ts";
import type { PaymentProvider, ProviderPaymentRef } from "../domain/payment.ts";
import { checkPayments } from "../local/audit/check-payments.ts";
import { localKeys } from "../local/local-keys.ts";
import { controlSandbox } from "../local/paypal-sandbox/control-sandbox.ts";
import type { SandboxControl } from "../local/paypal-sandbox/control-sandbox.ts";
import { createPaypalSandbox } from "../local/paypal-sandbox/create-paypal-sandbox.ts";
import { createDatabase } from "./databases.ts";
import type { TestDatabase } from "./databases.ts";
import { plantShow } from "./plant-show.ts";
import { holdBooking, openBookingPayment } from "./sell-booking.ts";

// PayPal's books beside our rows. Its list of transactions comes late, and each payment of ours is asked about by itself.

const client = { clientId: "marquee-audit-client", clientSecret: "marquee-audit-secret" };
const sandbox = createPaypalSandbox({
  ...client,
  webhookId: "WH-AUDIT",
  authorityKey: localKeys.PAYPAL_SANDBOX_AUTHORITY_KEY,
});
let database: TestDatabase;
let apiUrl: string;
let paypal: SandboxControl;
let provider: PaymentProvider;
let showId: string;

beforeAll(async () => {
  database = await createDatabase();
  apiUrl = await sandbox.listen();
  paypal = controlSandbox(apiUrl);
  provider = createPaypalProvider({
    apiUrl,
    ...client,
    returnUrl: "https://tickets.test/paid",
    cancelUrl: "https://tickets.test/not-paid",
  });
});
afterAll(async () => {
  await sandbox.close();
  await database.drop();
});
beforeEach(async () => {
  await paypal.reset();
  // The worse case: nothing is in the list yet.
  await paypal.delayReports(3);
  showId = await plantShow(database.pool);
});

async function look(minutesLater = 0) {
  const { violations, looked } = await checkPayments({
    db: database.pool,
    provider,
    showId,
    nowMs: Date.now() + minutesLater * 60_000,
  });
  return { found: violations.map(({ promise, holds }) => `${promise} ${holds}`), looked };
}

const clean = { found: [] };
const seen = {
  unknown: "I2 a provider has no money of ours that no row knows",
  moved: "I2 money that a provider has set aside or taken is known here",
  sum: "I6 money that is captured here is captured at the provider, as much of it",
  twice: "I5 a provider has given each refund once",
  back: "I6 what has gone back here has gone back at the provider, as much of it",
};

/** A buyer has chosen PayPal and not agreed yet. */
async function started(seatIds = ["A1", "A2"]) {
  const held = await holdBooking(database.pool, { showId, seatIds });
  const booking = await openBookingPayment(database.pool, held, "paypal");
  const start = await provider.start(booking);
  const { providerPaymentId } = start;
  await markPaymentStarted(database.pool, { ...booking, providerPaymentId });
  return { ...booking, ...start };
}

/** The buyer has agreed, and the money is set aside. */
async function setAside(seatIds?: string[]) {
  const payment = await started(seatIds);
  await paypal.approve(payment.approvalUrl);
  await provider.look(payment);
  return payment;
}

async function sold(seatIds?: string[]): Promise<ProviderPaymentRef> {
  const payment = await setAside(seatIds);
  const { capturedMinor, providerPaymentId = "" } = await provider.capture(payment);
  await confirmBooking(database.pool, payment);
  await keepProviderPaymentId(database.pool, { ...payment, providerPaymentId });
  await issueTickets(database.pool, { ...payment, capturedMinor });
  return { ...payment, providerPaymentId };
}

/** One seat of two, given back and paid out. */
async function givenBack(payment: ProviderPaymentRef): Promise<string> {
  const opened = await refundTickets(database.pool, {
    ...{ ...payment, cause: "buyer:planted" as const, seatIds: ["A2"], withFees: true },
  });
  if (opened.outcome !== "open") throw new Error(JSON.stringify(opened));
  const { refundId, amountMinor } = opened;
  const order = { refundId, attempt: 1, amountMinor };
  const state = await provider.refund(payment, order);
  await recordRefund(database.pool, { showId, refundId, attempt: 1, state });
  return refundId;
}

/** What a program that has lost its mind sends, past our adapter and its care. */
async function post(path: string, body: unknown): Promise<void> {
  const basic = Buffer.from(`${client.clientId}:${client.clientSecret}`).toString("base64");
  const answer = await fetch(`${apiUrl}/v1/oauth2/token`, {
    method: "POST",
    headers: { authorization: `Basic ${basic}` },
  });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  const done = await fetch(apiUrl + path, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!done.ok) throw new Error(await done.text());
}

async function refundRaw(payment: ProviderPaymentRef, body: Record<string, unknown>) {
  const capture = payment.providerPaymentId?.split(":")[1] ?? "";
  await post(`/v2/payments/captures/${capture}/refund`, body);
}

test("an honest PayPal breaks no promise: started, set aside, sold, given back in part; the list late and complete", async () => {
  const open = await started(["A3"]);
  const payment = await sold(["A1", "A2"]);
  await givenBack(payment);
  expect(open.status).toBe("open");
  expect(await look()).toMatchObject(clean);
  expect(await look(16)).toMatchObject(clean);
  await paypal.delayReports(0);
  const { found, looked } = await look(16);
  expect(found).toEqual([]);
  expect(looked[0]).toMatch(
    /^paypal: 1 payments and 1 refunds in its books since .*; 2 of our payments were asked about one by one$/,
  );
});

test("an audit sets no money aside: an approved payment is as it was", async () => {
  const payment = await started();
  await paypal.approve(payment.approvalUrl);
  expect(await look(16)).toMatchObject(clean);
  const { authorizations, orders } = await paypal.ledger();
  expect(authorizations).toEqual([]);
  expect(orders).toMatchObject([{ status: "APPROVED" }]);
});

test("money that no row knows lies with PayPal: I2, as soon as it is in the list", async () => {
  const stranger = {
    ...{ paymentId: randomUUID(), bookingId: randomUUID(), showId },
    ...{ amountMinor: 700, currency: "GBP" },
  };
  const { approvalUrl, providerPaymentId } = await provider.start(stranger);
  await paypal.approve(approvalUrl);
  await provider.capture({ ...stranger, providerPaymentId });
  expect(await look(16)).toMatchObject(clean);
  await paypal.delayReports(0);
  expect((await look(16)).found).toEqual([seen.unknown]);
});

test("money is set aside for a payment that the rows call void: I2, although no list tells of it", async () => {
  const payment = await setAside();
  expect(await look()).toMatchObject(clean);
  await database.pool.query("update payments set status = 'voided' where payment_id = $1", [
    payment.paymentId,
  ]);
  await database.pool.query("update bookings set held_until = now() where booking_id = $1", [
    payment.bookingId,
  ]);
  expect((await look(16)).found).toEqual([seen.moved]);
});

test("another sum was taken than the rows say: I6", async () => {
  const payment = await setAside();
  const [authorisation] = (await paypal.ledger()).authorizations;
  await post(`/v2/payments/authorizations/${authorisation?.id}/capture`, {
    ...{ amount: { currency_code: "GBP", value: "21.00" }, final_capture: true },
  });
  await confirmBooking(database.pool, payment);
  await issueTickets(database.pool, { ...payment, capturedMinor: 2_200 });
  expect(await look()).toMatchObject(clean);
  expect((await look(16)).found).toEqual([seen.sum]);
});

test("tickets are issued, and nothing was ever captured: I6", async () => {
  const payment = await started();
  await confirmBooking(database.pool, payment);
  await issueTickets(database.pool, { ...payment, capturedMinor: 2_200 });
  expect((await look(16)).found).toEqual([seen.sum]);
});

test("a refund is given twice: I5, before any list tells of it", async () => {
  const payment = await sold();
  const refundId = await givenBack(payment);
  expect(await look()).toMatchObject(clean);
  await refundRaw(payment, {
    ...{ amount: { currency_code: "GBP", value: "11.00" }, invoice_id: `${refundId}.2` },
  });
  expect((await look()).found).toEqual([seen.twice]);
});

test("money goes back by hand, and no row knows: I6", async () => {
  const payment = await sold();
  expect(await look()).toMatchObject(clean);
  await refundRaw(payment, { amount: { currency_code: "GBP", value: "5.00" } });
  expect((await look()).found).toEqual([seen.back]);
});

test("a refund that the rows call paid was never made: I6", async () => {
  const payment = await sold();
  const opened = await refundTickets(database.pool, {
    ...{ ...payment, cause: "buyer:planted" as const, seatIds: ["A2"], withFees: true },
  });
  await recordRefund(database.pool, {
    ...{ showId, refundId: "refundId" in opened ? opened.refundId : "", attempt: 1 },
    state: { status: "succeeded", providerRefundId: null },
  });
  expect((await look(16)).found).toEqual([seen.back]);
});

test("orders that PayPal has forgotten are no loss: the capture and its refunds are asked about by their own ids", async () => {
  const payment = await sold();
  const refundId = await givenBack(payment);
  await started(["A3"]);
  for (const { id } of (await paypal.ledger()).orders) await paypal.forgetOrder(id);
  expect(await look(16)).toMatchObject(clean);

  await database.pool.query("update refunds set amount_minor = 1000 where refund_id = $1", [
    refundId,
  ]);
  expect((await look(16)).found).toEqual([seen.back]);
});

test("a list that is too long is read in halves, and one that breaks off is no list", async () => {
  await sold();
  await paypal.delayReports(0);
  const route = "GET /v1/reporting/transactions";
  await paypal.fault({ route, kind: "too_large", times: 3 });
  const { found, looked } = await look(16);
  expect(found).toEqual([]);
  expect(looked[0]).toMatch(/^paypal: 1 payments and 0 refunds/);
  await paypal.fault({ route, kind: "500" });
  await expect(look()).rejects.toMatchObject({ code: "PAYMENT_PROVIDER_UNAVAILABLE" });
});
