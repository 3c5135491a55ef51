import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";

import type { ProviderNews, ProviderPaymentRef } from "../../domain/payment.ts";
import type { SandboxControl } from "../../local/stripe-sandbox/control-sandbox.ts";
import { eventually } from "../../tests/eventually.ts";
import { codeOf, newPayment, startStripeShop } from "../../tests/stripe-shop.ts";
import type { StripeShop } from "../../tests/stripe-shop.ts";
import type { StripeProvider } from "./create-stripe-provider.ts";
import { listNewsSince } from "./news-since.ts";
import { readStripeEvent } from "./read-stripe-event.ts";
import { createStripeCalls } from "./stripe-calls.ts";

/** The news that came by webhook, read as the shop reads it; a failure is answered as one. */
const heard: ProviderNews[] = [];
let refusals = 0;
const webhooks = createServer((request, response) => {
  void buffer(request).then(async (body) => {
    const header = String(request.headers["stripe-signature"]);
    const { webhookSecret } = shop;
    try {
      const news = await readStripeEvent(body, header, { webhookSecret, stripe: provider });
      if (news !== "ignored") heard.push(news);
      response.writeHead(200).end();
    } catch {
      refusals += 1;
      response.writeHead(503).end();
    }
  });
});
let shop: StripeShop;
let control: SandboxControl;
let provider: StripeProvider;

beforeAll(async () => {
  webhooks.listen(0, "127.0.0.1");
  await once(webhooks, "listening");
  shop = await startStripeShop(`http://127.0.0.1:${(webhooks.address() as AddressInfo).port}`);
  ({ control } = shop);
});
afterAll(async () => {
  await shop.close();
  webhooks.close();
  webhooks.closeAllConnections();
});
beforeEach(async () => {
  await control.reset();
  heard.length = 0;
  refusals = 0;
  provider = shop.provider();
});

function identityOf({ paymentId, bookingId, showId }: ProviderPaymentRef) {
  return { provider: "stripe", paymentId, bookingId, showId };
}

/** Sold, half given back, argued about and won: an event of nearly each kind. */
async function liveThrough(): Promise<{ payment: ProviderPaymentRef; refundId: string }> {
  const payment = await shop.captured({}, "pm_card_pendingRefund");
  const refundId = randomUUID();
  const { providerRefundId } = await provider.refund(payment, {
    refundId,
    attempt: 1,
    amountMinor: 1_100,
  });
  await control.settleRefund(providerRefundId ?? "", "succeeded");
  const dispute = await control.openDispute(payment.providerPaymentId ?? "");
  await control.closeDispute(dispute, "won");
  return { payment, refundId };
}

function idsOf(news: ProviderNews[]): string[] {
  return news.map((one) => (one.kind === "payment" ? one.fact.eventId : one.eventId)).toSorted();
}

test("what no webhook brought is there to be asked for, under the ids of the webhooks", async () => {
  const { payment } = await liveThrough();
  await eventually(async () => heard.length === 7);
  await control.webhooks({ drop: 1_000 });
  const { refundId } = await liveThrough();
  expect(heard).toHaveLength(7);

  const asked = await provider.newsSince(Date.now() - 60_000);
  expect(asked).toHaveLength(14);
  const ids = idsOf(asked);
  expect(ids).toEqual(expect.arrayContaining(idsOf(heard)));
  expect(new Set(ids).size).toBe(14);
  expect(asked.filter((one) => one.kind === "refund" && one.refundId === refundId)).toHaveLength(2);
  const first = { ...identityOf(payment), status: "authorised" };
  expect(asked[0]).toMatchObject({ kind: "payment", fact: first });
});

test("news are of the time that was asked for", async () => {
  const startedAt = Date.now();
  await liveThrough();
  expect(await provider.newsSince(startedAt)).toHaveLength(7);
  expect(await provider.newsSince(startedAt + 60_000)).toEqual([]);
});

test("news on more than a page are all told, and only the newest where there are too many", async () => {
  const payment = await shop.captured();
  for (let count = 0; count < 70; count += 1) {
    const order = { refundId: randomUUID(), attempt: 1, amountMinor: 1 };
    const { providerRefundId } = await provider.refund(payment, order);
    await control.settleRefund(providerRefundId ?? "", "failed");
  }
  const told = await provider.newsSince(0);
  expect(told.filter(({ kind }) => kind === "refund")).toHaveLength(140);
  const calls = createStripeCalls({ apiUrl: shop.apiUrl, secretKey: shop.secretKey });
  const bounded = await listNewsSince(calls, 0, 1);
  expect(bounded.filter(({ kind }) => kind === "refund")).toEqual(told.slice(-100));
});

test("a dispute names the payment that it is about, which its event does not", async () => {
  const payment = await shop.captured();
  const dispute = await control.openDispute(payment.providerPaymentId ?? "");
  await eventually(async () => heard.some(({ kind }) => kind === "dispute"));
  const opened = { kind: "dispute", ...identityOf(payment), isOpen: true };
  expect(heard.at(-1)).toMatchObject(opened);
  await control.closeDispute(dispute, "lost");
  await eventually(async () => heard.filter(({ kind }) => kind === "dispute").length === 2);
  expect(heard.at(-1)).toMatchObject({ ...opened, isOpen: false });
});

test("an old event about a dispute says how the dispute is now: events come in any order", async () => {
  const payment = await shop.captured();
  await control.webhooks({ hold: true, reorder: true });
  const dispute = await control.openDispute(payment.providerPaymentId ?? "");
  await control.closeDispute(dispute, "won");
  await control.webhooks({ hold: false });
  const disputes = await eventually(async () => {
    const news = heard.filter((one) => one.kind === "dispute");
    return news.length === 3 && news;
  });
  expect(disputes.map(({ isOpen }) => isOpen)).toEqual([false, false, false]);
});

test("a dispute that cannot be placed while Stripe is silent is refused, and sent again until it can", async () => {
  const payment = await shop.captured();
  await control.fault({ route: "GET /v1/disputes/:id", kind: "500", times: 2 });
  await control.openDispute(payment.providerPaymentId ?? "");
  await eventually(async () => heard.some(({ kind }) => kind === "dispute"));
  expect(refusals).toBe(2);
});

test("somebody else's payments, refunds and disputes are no news", async () => {
  const created = await fetch(`${shop.apiUrl}/v1/payment_intents`, {
    method: "POST",
    headers: { authorization: `Bearer ${shop.secretKey}` },
    body: new URLSearchParams({ amount: "500", currency: "eur", "metadata[order]": "7" }),
  });
  const intent = (await created.json()) as { id: string; client_secret: string };
  await control.pay(intent.client_secret);
  await fetch(`${shop.apiUrl}/v1/refunds`, {
    method: "POST",
    headers: { authorization: `Bearer ${shop.secretKey}` },
    body: new URLSearchParams({ payment_intent: intent.id, amount: "100" }),
  });
  await control.openDispute(intent.id);
  expect(await provider.newsSince(0)).toEqual([]);
});

test("nobody knows is not no news", async () => {
  await provider.start(newPayment());
  await control.fault({ route: "GET /v1/events", kind: "black_hole" });
  expect(await codeOf(provider.newsSince(0))).toBe("PAYMENT_PROVIDER_UNAVAILABLE");
});
