import { randomUUID } from "node:crypto";
import { appendFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import Stripe from "stripe";

import { eventually } from "../../tests/eventually.ts";
import { controlSandbox } from "./control-sandbox.ts";
import { createStripeSandbox } from "./create-stripe-sandbox.ts";
import type { StripeSandboxOptions } from "./create-stripe-sandbox.ts";

const secretKey = "sk_test_marquee_unit";
const webhookSecret = "whsec_marquee_unit";

/** A shop's webhook address: keeps what it was sent, and answers as it is told. */
const received: { event: Stripe.Event; signed: boolean }[] = [];
let shopStatus = 200;
const shop = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const body = Buffer.concat(chunks);
    const signature = request.headers["stripe-signature"] ?? "";
    if (shopStatus === 200) received.push(verify(body, String(signature)));
    response.writeHead(shopStatus).end();
  });
});
let webhookUrl: string;
let folder: string;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  await new Promise<void>((resolve) => {
    shop.listen(0, "127.0.0.1", resolve);
  });
  webhookUrl = `http://127.0.0.1:${(shop.address() as AddressInfo).port}/webhooks/stripe`;
  folder = await mkdtemp(join(tmpdir(), "marquee-stripe-"));
});
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
  received.length = 0;
  shopStatus = 200;
});
afterAll(async () => {
  shop.close();
  shop.closeAllConnections();
  await rm(folder, { recursive: true });
});

function verify(body: Buffer, signature: string) {
  const event = JSON.parse(body.toString()) as Stripe.Event;
  try {
    Stripe.webhooks.constructEvent(body, signature, webhookSecret);
    return { event, signed: true };
  } catch {
    return { event, signed: false };
  }
}

async function startSandbox(options: Partial<StripeSandboxOptions> = {}) {
  const sandbox = createStripeSandbox({ secretKey, webhookSecret, ...options });
  const address = await sandbox.listen();
  closing.push(sandbox.close);
  const { hostname, port } = new URL(address);
  const stripe = new Stripe(secretKey, {
    host: hostname,
    port,
    protocol: "http",
    maxNetworkRetries: 0,
    timeout: 1_000,
    telemetry: false,
  });
  async function close() {
    closing.splice(closing.indexOf(sandbox.close), 1);
    await sandbox.close();
  }
  return { stripe, address, control: controlSandbox(address), close };
}

const order: Stripe.PaymentIntentCreateParams = {
  amount: 5_000,
  currency: "eur",
  capture_method: "manual",
  automatic_payment_methods: { enabled: true, allow_redirects: "never" },
  metadata: { booking: "b1" },
};

function types(): string[] {
  return received.map(({ event }) => event.type);
}

test("the official client walks the whole way: create, confirm, capture, refund, and reads it back", async () => {
  const { stripe, control } = await startSandbox();
  const created = await stripe.paymentIntents.create(order);
  expect(created).toMatchObject({ status: "requires_payment_method", metadata: { booking: "b1" } });
  expect(created.lastResponse.requestId).toMatch(/^req_/);
  expect((await control.pay(created.client_secret ?? "")).state).toBe("requires_capture");
  const captured = await stripe.paymentIntents.capture(created.id, { amount_to_capture: 4_000 });
  expect(captured).toMatchObject({ status: "succeeded", amount_received: 4_000 });
  const refund = await stripe.refunds.create({ payment_intent: created.id, amount: 1_000 });
  expect(await stripe.refunds.retrieve(refund.id)).toMatchObject({ status: "succeeded" });
  const chargeId = typeof captured.latest_charge === "string" ? captured.latest_charge : "";
  const charge = await stripe.charges.retrieve(chargeId);
  expect(charge).toMatchObject({ captured: true, amount_refunded: 1_000 });
  const balance = await stripe.balance.retrieve();
  expect(balance.available).toEqual([{ currency: "eur", amount: 3_000 }]);
  const found = await stripe.paymentIntents.search({ query: 'metadata["booking"]:"b1"' });
  expect(found.data.map(({ id }) => id)).toEqual([created.id]);
  const events = await stripe.events.list({ limit: 100 }).autoPagingToArray({ limit: 100 });
  expect(events.map(({ type }) => type).reverse()).toEqual([
    "payment_intent.created",
    "charge.succeeded",
    "payment_intent.amount_capturable_updated",
    "charge.captured",
    "payment_intent.succeeded",
    "refund.created",
    "charge.refunded",
  ]);
});

test("errors are those of the official client's classes", async () => {
  const { stripe, control } = await startSandbox();
  const { errors } = Stripe;
  const intent = await stripe.paymentIntents.create(order);
  await expect(
    stripe.paymentIntents.confirm(intent.id, {
      payment_method: "pm_card_chargeDeclinedInsufficientFunds",
    }),
  ).rejects.toMatchObject({
    constructor: errors.StripeCardError,
    code: "card_declined",
    decline_code: "insufficient_funds",
    payment_intent: { status: "requires_payment_method" },
  });
  await expect(stripe.paymentIntents.capture(intent.id)).rejects.toMatchObject({
    constructor: errors.StripeInvalidRequestError,
    code: "payment_intent_unexpected_state",
    payment_intent: { id: intent.id },
  });
  await expect(stripe.paymentIntents.retrieve("pi_none")).rejects.toMatchObject({
    code: "resource_missing",
    statusCode: 404,
  });
  await control.fault({ kind: "429", retryAfter: 3 });
  await expect(stripe.balance.retrieve()).rejects.toMatchObject({
    constructor: errors.StripeRateLimitError,
    headers: { "retry-after": "3" },
  });
  await control.fault({ kind: "black_hole" });
  await expect(stripe.balance.retrieve()).rejects.toBeInstanceOf(errors.StripeConnectionError);
});

test("one key is one answer: repeated for the same request, refused for another, a stored 500 too", async () => {
  const { stripe, control } = await startSandbox();
  const options = { idempotencyKey: "start:1" };
  const first = await stripe.paymentIntents.create(order, options);
  const second = await stripe.paymentIntents.create(order, options);
  expect(second.id).toBe(first.id);
  expect(second.lastResponse.headers["idempotent-replayed"]).toBe("true");
  await expect(
    stripe.paymentIntents.create({ ...order, amount: 5_001 }, options),
  ).rejects.toBeInstanceOf(Stripe.errors.StripeIdempotencyError);

  await control.fault({ kind: "500" });
  const failing = () => stripe.paymentIntents.create(order, { idempotencyKey: "start:2" });
  await expect(failing()).rejects.toMatchObject({ statusCode: 500 });
  await expect(failing()).rejects.toMatchObject({
    statusCode: 500,
    headers: { "idempotent-replayed": "true" },
  });
  expect((await control.ledger()).intents).toHaveLength(1);
});

test("a key whose first request still runs is in use", async () => {
  const { stripe, control } = await startSandbox();
  await control.fault({ kind: "delay", ms: 250 });
  const both = await Promise.allSettled([
    stripe.paymentIntents.create(order, { idempotencyKey: "start:3" }),
    stripe.paymentIntents.create(order, { idempotencyKey: "start:3" }),
  ]);
  expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  expect(both.find(({ status }) => status === "rejected")).toMatchObject({
    reason: { statusCode: 409, code: "idempotency_key_in_use" },
  });
  expect((await control.ledger()).intents).toHaveLength(1);
});

test("a browser needs the client secret, and can do no more than confirm", async () => {
  const { stripe, address, control } = await startSandbox();
  const { id, client_secret: secret } = await stripe.paymentIntents.create(order);
  const headers = { authorization: "Bearer pk_test_anything" };
  const post = (path: string, body: Record<string, string>) =>
    fetch(address + path, { method: "POST", headers, body: new URLSearchParams(body) });
  const good = { payment_method: "pm_card_visa" };
  expect((await post(`/v1/payment_intents/${id}/confirm`, good)).status).toBe(401);
  const wrong = { ...good, client_secret: `${id}_secret_guess` };
  expect((await post(`/v1/payment_intents/${id}/confirm`, wrong)).status).toBe(404);
  expect((await post(`/v1/payment_intents/${id}/capture`, {})).status).toBe(401);
  expect((await fetch(`${address}/v1/payment_intents/${id}`)).status).toBe(401);
  expect((await control.pay(secret ?? "")).state).toBe("requires_capture");
});

test.each([
  ["pass", "requires_capture"],
  ["fail", "requires_payment_method"],
] as const)("3-D Secure that ends with %s leaves the intent %s", async (outcome, status) => {
  const { stripe, control } = await startSandbox();
  const { id, client_secret: secret } = await stripe.paymentIntents.create(order);
  const asked = await control.pay(secret ?? "", "pm_card_authenticationRequired");
  expect(asked.state).toBe("requires_action");
  await control.answerChallenge(secret ?? "", outcome);
  expect(await stripe.paymentIntents.retrieve(id)).toMatchObject({ status });
});

test("events are signed, and sent again until the shop takes them", async () => {
  shopStatus = 503;
  const { stripe, control } = await startSandbox({ webhookUrl });
  const { client_secret: secret } = await stripe.paymentIntents.create(order);
  await control.pay(secret ?? "");
  await eventually(async () => (await webhookState()).failed > 0);
  shopStatus = 200;
  await eventually(async () => received.length === 3);
  expect(new Set(types())).toEqual(
    new Set([
      "payment_intent.created",
      "charge.succeeded",
      "payment_intent.amount_capturable_updated",
    ]),
  );
  expect(received.every(({ signed }) => signed)).toBe(true);

  async function webhookState() {
    return (await control.ledger()).webhooks;
  }
});

test("an endpoint that is registered for some events is sent those alone", async () => {
  const { stripe, control } = await startSandbox({
    webhookUrl,
    webhookEvents: ["payment_intent.amount_capturable_updated"],
  });
  const { client_secret: secret } = await stripe.paymentIntents.create(order);
  await control.pay(secret ?? "");
  await stripe.paymentIntents.create(order);
  const { client_secret: last } = await stripe.paymentIntents.create(order);
  await control.pay(last ?? "");
  await eventually(async () => received.length >= 2);
  expect(new Set(types())).toEqual(new Set(["payment_intent.amount_capturable_updated"]));
});

test("events come twice, late, backwards or never when they are told to", async () => {
  const { stripe, control } = await startSandbox({ webhookUrl });
  await control.webhooks({ hold: true, duplicate: 1, reorder: true });
  const { client_secret: secret } = await stripe.paymentIntents.create(order);
  await control.pay(secret ?? "");
  expect(received).toHaveLength(0);
  await control.webhooks({ hold: false });
  await eventually(async () => received.length === 6);
  expect(new Set(received.map(({ event }) => event.id)).size).toBe(3);
  expect(types().slice(0, 2)).not.toContain("payment_intent.created");

  received.length = 0;
  await control.webhooks({ duplicate: 0, reorder: false, drop: 1 });
  await stripe.paymentIntents.create(order);
  await stripe.paymentIntents.create(order);
  await eventually(async () => received.length === 1);
  const { events } = await control.ledger();
  expect(events.filter(({ delivered }) => !delivered)).toHaveLength(1);
});

test("a restart keeps charges, keys and undelivered events; half a line at the end is forgotten", async () => {
  const journalPath = join(folder, `${randomUUID()}.jsonl`);
  const first = await startSandbox({ journalPath, webhookUrl });
  await first.control.webhooks({ hold: true });
  const options = { idempotencyKey: "start:1" };
  const intent = await first.stripe.paymentIntents.create(order, options);
  await first.control.pay(intent.client_secret ?? "");
  await first.stripe.paymentIntents.capture(intent.id, {}, { idempotencyKey: "capture:1" });
  const before = await first.control.ledger();
  await first.close();
  await appendFile(journalPath, '{"intents":[{"id":"pi_half');

  const second = await startSandbox({ journalPath, webhookUrl });
  const after = await second.control.ledger();
  expect([after.intents, after.totals]).toEqual([before.intents, before.totals]);
  expect(after.totals["eur"]?.capturedMinor).toBe(5_000);
  await eventually(async () => received.length === 5);
  const again = await second.stripe.paymentIntents.create(order, options);
  expect(again.id).toBe(intent.id);
  await second.stripe.paymentIntents.capture(intent.id, {}, { idempotencyKey: "capture:1" });
  await second.stripe.refunds.create({ payment_intent: intent.id });
  await second.close();

  const third = await startSandbox({ journalPath });
  expect((await third.control.ledger()).totals["eur"]).toEqual({
    authorisedMinor: 0,
    capturedMinor: 5_000,
    refundedMinor: 5_000,
  });
  await third.control.reset();
  expect(await readFile(journalPath, "utf8")).toBe("");
});

test("the payment page runs its own script and style only, and exists for known intents only", async () => {
  const { stripe, address } = await startSandbox();
  const { id } = await stripe.paymentIntents.create(order);
  const page = await fetch(`${address}/pay/${id}`);
  expect(page.status).toBe(200);
  const policy = page.headers.get("content-security-policy") ?? "";
  expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
  expect(policy).not.toContain("unsafe");
  const html = await page.text();
  const assets = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path = ""]) => path);
  expect(assets).toHaveLength(2);
  const statuses = await Promise.all(
    assets.map(async (path) => (await fetch(address + path)).status),
  );
  expect(statuses).toEqual([200, 200]);
  expect((await fetch(`${address}/pay/pi_none`)).status).toBe(404);
});

test("planted payments can be given back like any other, each once", async () => {
  const { stripe, control } = await startSandbox();
  await control.plant({ prefix: "old", count: 3, amountsMinor: [1_000, 2_000], currency: "gbp" });
  const { amount } = await stripe.refunds.create({ payment_intent: "pi_old_2" });
  expect(amount).toBe(2_000);
  await expect(stripe.refunds.create({ payment_intent: "pi_old_2" })).rejects.toMatchObject({
    code: "charge_already_refunded",
  });
  expect((await control.ledger()).totals["gbp"]).toMatchObject({
    ...{ capturedMinor: 4_000, refundedMinor: 2_000 },
  });
});

test("bad luck that was ordered ends when it is told to", async () => {
  const { address, control } = await startSandbox();
  const ask = () =>
    fetch(`${address}/v1/balance`, { headers: { authorization: `Bearer ${secretKey}` } });
  await control.fault({ kind: "500", times: 1_000 });
  expect((await ask()).status).toBe(500);
  await control.mend();
  expect((await ask()).status).toBe(200);
});

test("levers are pulled with JSON only, so no web page can pull them unasked", async () => {
  const { address } = await startSandbox();
  for (const lever of [
    "faults",
    "webhooks",
    "payment_intents",
    "payment_intents/pi_none/expire",
    "refunds/re_none/settle",
  ]) {
    const form = await fetch(`${address}/_sandbox/${lever}`, {
      method: "POST",
      body: new URLSearchParams({ kind: "500" }),
    });
    expect(form.status).toBe(415);
    expect(form.headers.get("access-control-allow-origin")).toBeNull();
  }
});
