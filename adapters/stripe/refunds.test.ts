import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";

import type { PaymentProvider, ProviderPaymentRef, RefundOrder } from "../../domain/payment.ts";
import type { SandboxControl } from "../../local/stripe-sandbox/control-sandbox.ts";
import { codeOf, startStripeShop } from "../../tests/stripe-shop.ts";
import type { StripeShop } from "../../tests/stripe-shop.ts";

const refundRoute = "POST /v1/refunds";
const pendingCard = "pm_card_pendingRefund";

let shop: StripeShop;
let control: SandboxControl;
let provider: PaymentProvider;

beforeAll(async () => {
  shop = await startStripeShop();
  ({ control } = shop);
});
afterAll(() => shop.close());
beforeEach(async () => {
  await control.reset();
  provider = shop.provider();
});

function newOrder(amountMinor = 2_200, attempt = 1): RefundOrder {
  return { refundId: randomUUID(), attempt, amountMinor };
}

async function refundedMinor(): Promise<number | undefined> {
  return (await control.ledger()).totals["gbp"]?.refundedMinor;
}

/** What a person does at Stripe's dashboard: no metadata, no key. */
async function refundByHand(payment: ProviderPaymentRef, amountMinor: number): Promise<string> {
  const response = await fetch(`${shop.apiUrl}/v1/refunds`, {
    method: "POST",
    headers: { authorization: `Bearer ${shop.secretKey}` },
    body: new URLSearchParams({
      payment_intent: payment.providerPaymentId ?? "",
      amount: String(amountMinor),
    }),
  });
  return ((await response.json()) as { id: string }).id;
}

test("an attempt that has failed at Stripe under each of its keys has failed; the next one gives the money back, once", async () => {
  const payment = await shop.captured();
  const order = newOrder();
  await control.fault({ route: refundRoute, kind: "500", times: 1_000 });
  for (let failure = 1; failure <= 3; failure += 1) {
    expect(await codeOf(provider.refund(payment, order))).toBe("PAYMENT_PROVIDER_UNAVAILABLE");
  }
  await control.mend();
  const failed = { status: "failed", providerRefundId: null, reason: "provider" };
  expect(await provider.refund(payment, order)).toEqual(failed);
  expect(await provider.refund(payment, { ...order, attempt: 2 })).toMatchObject({
    status: "succeeded",
  });
  expect(await provider.refund(payment, order)).toMatchObject({ status: "succeeded" });
  expect(await refundedMinor()).toBe(2_200);
});

test("an attempt made twenty times, at once and later, gives the money back once", async () => {
  const payment = await shop.captured();
  const order = newOrder();
  const states = await Promise.all(
    Array.from({ length: 19 }, () => provider.refund(payment, order)),
  );
  states.push(await provider.refund(payment, order));
  const { refunds, totals } = await control.ledger();
  expect(refunds).toHaveLength(1);
  const state = { status: "succeeded", providerRefundId: refunds[0]?.id };
  expect(states).toEqual(Array.from({ length: 20 }, () => state));
  expect(await provider.lookAtRefund(payment, order)).toEqual(state);
  expect(totals["gbp"]).toEqual({ authorisedMinor: 0, capturedMinor: 2_200, refundedMinor: 2_200 });
});

test("a part asked for by ten at once goes back once", async () => {
  const payment = await shop.captured();
  const order = newOrder(200);
  await Promise.all(Array.from({ length: 10 }, () => provider.refund(payment, order)));
  expect(await refundedMinor()).toBe(200);
});

test("control: two refunds of one payment are two parts", async () => {
  const payment = await shop.captured();
  await provider.refund(payment, newOrder(200));
  await provider.refund(payment, newOrder(200));
  expect(await refundedMinor()).toBe(400);
});

test.each([
  ["timeout_after_commit", 1],
  ["500", 1],
  // The client repeats once by itself after a broken connection, so it has to break twice.
  ["reset_after_commit", 2],
] as const)(
  "a part whose refund ends in the dark (%s) is finished by its repeat, once",
  async (kind, times) => {
    const payment = await shop.captured();
    const order = newOrder(200);
    await control.fault({ route: refundRoute, kind, times });
    expect(await codeOf(provider.refund(payment, order))).toBe("PAYMENT_PROVIDER_UNAVAILABLE");
    expect(await provider.refund(payment, order)).toMatchObject({ status: "succeeded" });
    const { refunds } = await control.ledger();
    expect(refunds.map(({ amountMinor }) => amountMinor)).toEqual([200]);
  },
);

test("a refund that waits is pending, and a look tells when it has gone back", async () => {
  const payment = await shop.captured({}, pendingCard);
  const order = newOrder();
  const state = await provider.refund(payment, order);
  expect(state).toMatchObject({ status: "pending" });
  expect(await provider.refund(payment, order)).toEqual(state);
  await control.settleRefund(state.providerRefundId ?? "", "succeeded");
  expect(await provider.lookAtRefund(payment, order)).toEqual({ ...state, status: "succeeded" });
});

test("a refund that fails at last says so to every repeat, and the next attempt sends the money anew", async () => {
  const payment = await shop.captured({}, pendingCard);
  const order = newOrder(200);
  const { providerRefundId } = await provider.refund(payment, order);
  await control.settleRefund(providerRefundId ?? "", "succeeded");
  await control.settleRefund(providerRefundId ?? "", "failed");
  const failed = { status: "failed", providerRefundId, reason: "provider" };
  expect(await provider.refund(payment, order)).toEqual(failed);
  expect(await refundedMinor()).toBe(0);

  const next = { ...order, attempt: 2 };
  expect(await provider.lookAtRefund(payment, next)).toBe("absent");
  const again = await provider.refund(payment, next);
  expect(again).toMatchObject({ status: "pending" });
  expect(again.providerRefundId).not.toBe(providerRefundId);
  expect(await provider.refund(payment, next)).toEqual(again);
  expect(await provider.lookAtRefund(payment, order)).toEqual(failed);
  expect(await refundedMinor()).toBe(200);
});

test("an attempt that was counted wrong, or comes late, sends nothing beside the one that lives", async () => {
  const payment = await shop.captured();
  const second = newOrder(200, 2);
  const state = await provider.refund(payment, second);
  expect(await provider.refund(payment, { ...second, attempt: 1 })).toEqual(state);
  expect(await provider.refund(payment, { ...second, attempt: 3 })).toEqual(state);
  expect(await refundedMinor()).toBe(200);
});

test("a balance that is too low: refused is failed, accepted is pending, and the next attempt may do", async () => {
  const payment = await shop.captured();
  const refused = newOrder(200);
  await control.fault({ route: refundRoute, kind: "balance_refused" });
  const failed = { status: "failed", providerRefundId: null, reason: "balance" };
  expect(await provider.refund(payment, refused)).toEqual(failed);
  // Stripe remembers its refusal under the attempt's key.
  expect(await provider.refund(payment, refused)).toEqual(failed);
  expect(await provider.lookAtRefund(payment, refused)).toBe("absent");
  const next = { ...refused, attempt: 2 };
  expect(await provider.refund(payment, next)).toMatchObject({ status: "succeeded" });

  const awaited = newOrder(300);
  await control.fault({ route: refundRoute, kind: "balance_awaited" });
  const { status, providerRefundId } = await provider.refund(payment, awaited);
  expect(status).toBe("pending");
  await control.settleRefund(providerRefundId ?? "", "failed");
  expect(await provider.lookAtRefund(payment, awaited)).toEqual({
    status: "failed",
    providerRefundId,
    reason: "balance",
  });
  expect(await refundedMinor()).toBe(200);
});

test("while a dispute is open nothing goes back; when it is won the next attempt sends the money", async () => {
  const payment = await shop.captured();
  const dispute = await control.openDispute(payment.providerPaymentId ?? "");
  const order = newOrder();
  expect(await provider.refund(payment, order)).toEqual({
    status: "failed",
    providerRefundId: null,
    reason: "dispute",
  });
  expect(await refundedMinor()).toBe(0);
  await control.closeDispute(dispute, "won");
  const next = { ...order, attempt: 2 };
  expect(await provider.refund(payment, next)).toMatchObject({ status: "succeeded" });
});

test("never more goes back than was captured, whoever asks for it", async () => {
  const payment = await shop.captured();
  const nothing = { status: "failed", providerRefundId: null, reason: "provider" };
  expect(await provider.refund(payment, newOrder(2_201))).toEqual(nothing);
  expect(await provider.refund(payment, newOrder())).toMatchObject({ status: "succeeded" });
  expect(await provider.refund(payment, newOrder())).toEqual(nothing);
  expect(await provider.refund(payment, newOrder(1))).toEqual(nothing);
  expect(await refundedMinor()).toBe(2_200);
});

test("all of a payment that a person gave back by hand is back, and as far as that person's refund is", async () => {
  const payment = await shop.captured({}, pendingCard);
  const byHand = await refundByHand(payment, 2_200);
  const order = newOrder();
  const pending = { status: "pending", providerRefundId: byHand };
  expect(await provider.refund(payment, order)).toEqual(pending);
  expect(await provider.lookAtRefund(payment, order)).toEqual(pending);
  await control.settleRefund(byHand, "failed");
  expect(await provider.lookAtRefund(payment, order)).toBe("absent");
  expect(await provider.refund(payment, order)).toMatchObject({ status: "pending" });
  expect((await control.ledger()).refunds.map(({ status }) => status)).toEqual([
    "failed",
    "pending",
  ]);
});

test("all of a payment that was given back by hand in two parts is back when both are", async () => {
  const payment = await shop.captured({}, pendingCard);
  const parts = [await refundByHand(payment, 200), await refundByHand(payment, 2_000)] as const;
  await control.settleRefund(parts[1], "succeeded");
  const order = newOrder();
  expect(await provider.lookAtRefund(payment, order)).toMatchObject({ status: "pending" });
  await control.settleRefund(parts[0], "succeeded");
  expect(await provider.lookAtRefund(payment, order)).toMatchObject({ status: "succeeded" });
});

test("a part is never taken for given back because somebody gave something back", async () => {
  const payment = await shop.captured();
  await refundByHand(payment, 2_100);
  const nothing = { status: "failed", providerRefundId: null, reason: "provider" };
  expect(await provider.refund(payment, newOrder(200))).toEqual(nothing);
  expect(await provider.lookAtRefund(payment, newOrder(200))).toBe("absent");
  await refundByHand(payment, 100);
  expect(await provider.refund(payment, newOrder(200))).toEqual(nothing);
  expect(await provider.refund(payment, newOrder(2_100))).toEqual(nothing);
});

test("a refund among more than a page of others is found, not made again", async () => {
  const payment = await shop.captured();
  const order = newOrder(200);
  await provider.refund(payment, order);
  for (let other = 0; other < 110; other += 1) await refundByHand(payment, 1);
  // A day later: only what is written on the refund is left to know it by.
  await control.forgetKeys();
  const { providerRefundId } = await provider.refund(payment, order);
  expect(providerRefundId).toBe((await control.ledger()).refunds[0]?.id);
  expect(await refundedMinor()).toBe(310);
});

test("while Stripe's list lags behind, a repeat is told how its refund stands now, not how it stood then", async () => {
  const payment = await shop.captured({}, pendingCard);
  const order = newOrder();
  const { providerRefundId } = await provider.refund(payment, order);
  await control.settleRefund(providerRefundId ?? "", "failed");
  await control.fault({ route: "GET /v1/refunds", kind: "stale" });
  const state = await provider.refund(payment, order);
  expect(state).toEqual({ status: "failed", providerRefundId, reason: "provider" });
});

test("an attempt that comes back with another amount is a mistake, and moves nothing", async () => {
  const payment = await shop.captured();
  const order = newOrder(200);
  await provider.refund(payment, order);
  expect(await codeOf(provider.refund(payment, { ...order, amountMinor: 201 }))).toMatch(/200/);
  expect(await refundedMinor()).toBe(200);
});

test("nobody knows is not absent: a silent Stripe, and too many requests with the time to wait", async () => {
  const payment = await shop.captured();
  const order = newOrder();
  await control.fault({ route: "GET /v1/refunds", kind: "black_hole" });
  expect(await codeOf(provider.lookAtRefund(payment, order))).toBe("PAYMENT_PROVIDER_UNAVAILABLE");
  await control.fault({ route: refundRoute, kind: "429", retryAfter: 7 });
  const error = await provider.refund(payment, order).catch((caught: unknown) => caught);
  expect(error).toMatchObject({
    code: "PAYMENT_PROVIDER_UNAVAILABLE",
    details: { retryAfterSeconds: 7 },
  });
  expect(await refundedMinor()).toBe(0);
});

test("a payment whose id was lost is refunded all the same", async () => {
  const payment = { ...(await shop.captured()), providerPaymentId: null };
  expect(await provider.refund(payment, newOrder())).toMatchObject({ status: "succeeded" });
});
