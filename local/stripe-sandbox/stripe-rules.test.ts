import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import Stripe from "stripe";

import { controlSandbox } from "./control-sandbox.ts";
import { createStripeSandbox } from "./create-stripe-sandbox.ts";

const secretKey = "sk_test_marquee_unit";
const closing: (() => Promise<void>)[] = [];
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "marquee-stripe-rules-"));
});
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});
afterAll(() => rm(folder, { recursive: true }));

async function startSandbox(journalPath?: string) {
  const sandbox = createStripeSandbox({ secretKey, webhookSecret: "whsec_unit", journalPath });
  const address = await sandbox.listen();
  closing.push(sandbox.close);
  const { hostname, port } = new URL(address);
  const stripe = new Stripe(secretKey, {
    host: hostname,
    port,
    protocol: "http",
    maxNetworkRetries: 0,
    telemetry: false,
  });
  return { stripe, control: controlSandbox(address) };
}

async function pay({ stripe, control }: Awaited<ReturnType<typeof startSandbox>>, card?: string) {
  const intent = await stripe.paymentIntents.create({
    amount: 5_000,
    currency: "eur",
    automatic_payment_methods: { enabled: true, allow_redirects: "never" },
  });
  await control.pay(intent.client_secret ?? "", card);
  return intent;
}

test("a dispute takes the money away, stops refunds, and is kept over a restart until it is decided", async () => {
  const journalPath = join(folder, "disputes.jsonl");
  const first = await startSandbox(journalPath);
  const { id } = await pay(first);
  const disputeId = await first.control.openDispute(id);
  await expect(first.stripe.refunds.create({ payment_intent: id })).rejects.toMatchObject({
    code: "charge_disputed",
  });
  await Promise.all(closing.splice(0).map((close) => close()));

  const second = await startSandbox(journalPath);
  const dispute = await second.stripe.disputes.retrieve(disputeId, { expand: ["payment_intent"] });
  expect(dispute).toMatchObject({ status: "needs_response", payment_intent: { id } });
  await second.control.closeDispute(disputeId, "won");
  const { data } = await second.stripe.events.list({ types: ["charge.dispute.closed"] });
  expect(data).toMatchObject([{ data: { object: { id: disputeId, status: "won" } } }]);
  const refund = await second.stripe.refunds.create({ payment_intent: id });
  expect(refund.status).toBe("succeeded");
});

test("a lost dispute stops refunds for good", async () => {
  const sandbox = await startSandbox();
  const { id } = await pay(sandbox);
  await sandbox.control.closeDispute(await sandbox.control.openDispute(id), "lost");
  await expect(sandbox.stripe.refunds.create({ payment_intent: id })).rejects.toMatchObject({
    code: "charge_disputed",
  });
});

test("a refund waits for money and fails for lack of it, or is refused at once", async () => {
  const sandbox = await startSandbox();
  const { stripe, control } = sandbox;
  const { id } = await pay(sandbox);
  await control.fault({ route: "POST /v1/refunds", kind: "balance_awaited" });
  const awaited = await stripe.refunds.create({ payment_intent: id });
  expect(awaited).toMatchObject({ status: "pending", pending_reason: "insufficient_funds" });
  await control.settleRefund(awaited.id, "failed");
  expect(await stripe.refunds.retrieve(awaited.id)).toMatchObject({
    status: "failed",
    failure_reason: "insufficient_funds",
  });
  await control.fault({ route: "POST /v1/refunds", kind: "balance_refused" });
  await expect(stripe.refunds.create({ payment_intent: id })).rejects.toMatchObject({
    constructor: Stripe.errors.StripeInvalidRequestError,
    code: "balance_insufficient",
  });
});

test("events are listed by type and time, page after page, newest first", async () => {
  const sandbox = await startSandbox();
  const { stripe } = sandbox;
  for (let count = 0; count < 5; count += 1) await pay(sandbox);
  const types = ["payment_intent.succeeded", "payment_intent.created"];
  const first = await stripe.events.list({ types, limit: 6 });
  const second = await stripe.events.list({
    types,
    limit: 6,
    starting_after: first.data[5]?.id ?? "",
  });
  const told = [...first.data, ...second.data];
  expect([first.has_more, second.has_more]).toEqual([true, false]);
  expect(told.map(({ type }) => type)).toEqual(Array.from({ length: 5 }, () => types).flat());
  const later = Math.floor(Date.now() / 1_000) + 60;
  expect((await stripe.events.list({ created: { gte: later } })).data).toEqual([]);
  await expect(stripe.events.list({ starting_after: "evt_none" })).rejects.toMatchObject({
    code: "resource_missing",
  });
});

test("an endpoint that is asked too often refuses with the time to wait, and the others do not", async () => {
  const { stripe, control } = await startSandbox();
  await control.limitTraffic({ perSecondMax: 2, retryAfter: 3 });
  await stripe.balance.retrieve();
  await stripe.balance.retrieve();
  await expect(stripe.balance.retrieve()).rejects.toMatchObject({
    constructor: Stripe.errors.StripeRateLimitError,
    headers: { "retry-after": "3", "stripe-rate-limited-reason": "endpoint-rate" },
  });
  await stripe.events.list();
  expect((await control.traffic())["GET /v1/balance"]).toEqual({ admitted: 2, refused: 1 });
});

test.each([
  ["isk", 1_250, "invalid_charge_amount_no_decimal_compatible"],
  ["ugx", 101, "invalid_charge_amount_no_decimal_compatible"],
  ["kwd", 1_201, undefined],
  ["usd", 49, "amount_too_small"],
  ["jpy", 100_000_000, "amount_too_large"],
])("%s %i is refused", async (currency, amount, code) => {
  const { stripe } = await startSandbox();
  const refused = { type: "StripeInvalidRequestError", param: "amount", code };
  await expect(stripe.paymentIntents.create({ amount, currency })).rejects.toMatchObject(refused);
});

test.each([
  ["isk", 1_200],
  ["kwd", 1_200],
  ["jpy", 51],
])("control: %s %i is taken", async (currency, amount) => {
  const { stripe } = await startSandbox();
  expect(await stripe.paymentIntents.create({ amount, currency })).toMatchObject({ amount });
});
