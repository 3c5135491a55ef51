import { randomUUID } from "node:crypto";
import { inspect } from "node:util";

import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";

import { DomainError } from "../../domain/errors.ts";
import { bookingIds } from "../../domain/ids.ts";
import type { PaymentProvider, ProviderPaymentRef } from "../../domain/payment.ts";
import { localKeys } from "../../local/local-keys.ts";
import { controlSandbox } from "../../local/paypal-sandbox/control-sandbox.ts";
import type { SandboxControl } from "../../local/paypal-sandbox/control-sandbox.ts";
import { createPaypalSandbox } from "../../local/paypal-sandbox/create-paypal-sandbox.ts";
import type { Instrument } from "../../local/paypal-sandbox/test-instruments.ts";
import { eventually } from "../../tests/eventually.ts";
import { createPaypalProvider } from "./create-paypal-provider.ts";
import type { PaypalCallOptions } from "./paypal-calls.ts";

const client = { clientId: "marquee-unit-client", clientSecret: "marquee-unit-secret" };
const sandbox = createPaypalSandbox({
  ...client,
  webhookId: "WH-UNIT",
  authorityKey: localKeys.PAYPAL_SANDBOX_AUTHORITY_KEY,
});
const routes = {
  token: "POST /v1/oauth2/token",
  create: "POST /v2/checkout/orders",
  read: "GET /v2/checkout/orders/:id",
  patch: "PATCH /v2/checkout/orders/:id",
  authorise: "POST /v2/checkout/orders/:id/authorize",
  capture: "POST /v2/payments/authorizations/:id/capture",
  reauthorise: "POST /v2/payments/authorizations/:id/reauthorize",
  void: "POST /v2/payments/authorizations/:id/void",
  refund: "POST /v2/payments/captures/:id/refund",
} as const;

let apiUrl: string;
let control: SandboxControl;
let provider: PaymentProvider;

beforeAll(async () => {
  apiUrl = await sandbox.listen();
  control = controlSandbox(apiUrl);
});
afterAll(() => sandbox.close());
beforeEach(async () => {
  await control.reset();
  provider = connect({ limits: { silenceMsMax: 1_000 } });
});

function connect(options: Partial<PaypalCallOptions> = {}): PaymentProvider {
  return createPaypalProvider({
    apiUrl,
    ...client,
    returnUrl: "https://tickets.test/paid",
    cancelUrl: "https://tickets.test/not-paid",
    ...options,
  });
}

function newPayment(): ProviderPaymentRef {
  return {
    paymentId: randomUUID(),
    bookingId: randomUUID(),
    showId: randomUUID(),
    providerPaymentId: null,
    amountMinor: 2_200,
    currency: "GBP",
  };
}

/** The buyer has agreed, and nobody has looked yet. */
async function approved(instrument?: Instrument): Promise<ProviderPaymentRef> {
  const payment = newPayment();
  const { providerPaymentId, approvalUrl } = await provider.start(payment);
  await control.approve(approvalUrl, instrument);
  return { ...payment, providerPaymentId };
}

async function authorised(instrument?: Instrument): Promise<ProviderPaymentRef> {
  const payment = await approved(instrument);
  expect(await provider.look(payment)).toMatchObject({ status: "authorised" });
  return payment;
}

async function captured(instrument?: Instrument): Promise<ProviderPaymentRef> {
  const payment = await authorised(instrument);
  const { providerPaymentId } = await provider.capture(payment);
  return { ...payment, providerPaymentId: providerPaymentId ?? null };
}

function refundOf(
  payment: ProviderPaymentRef,
  more: { amountMinor?: number; attempt?: number } = {},
) {
  return { refundId: randomUUID(), attempt: 1, amountMinor: payment.amountMinor, ...more };
}

async function codeOf(outcome: Promise<unknown>): Promise<string> {
  return outcome.then(
    () => "no error",
    (error: unknown) => (error instanceof DomainError ? error.code : String(error)),
  );
}

async function totals() {
  const { GBP } = (await control.ledger()).totals;
  return { authorised: "0.00", captured: "0.00", refunded: "0.00", ...GBP };
}

test("a PayPal that never answers costs a caller no more than the limit", async () => {
  provider = connect({ limits: { silenceMsMax: 1_000, callMsMax: 150 } });
  await control.fault({ kind: "black_hole", ms: 5_000 });
  const startedAt = performance.now();
  expect(await codeOf(provider.start(newPayment()))).toBe("PAYMENT_PROVIDER_UNAVAILABLE");
  expect(performance.now() - startedAt).toBeLessThan(900);
});

test("a payment started ten times, at once and later, is one order", async () => {
  const payment = newPayment();
  const starts = await Promise.all(Array.from({ length: 10 }, () => provider.start(payment)));
  starts.push(await provider.start(payment));
  expect(new Set(starts.map(({ providerPaymentId }) => providerPaymentId)).size).toBe(1);
  expect(new Set(starts.map(({ approvalUrl }) => approvalUrl)).size).toBe(1);
  expect((await control.ledger()).orders).toMatchObject([
    {
      customId: `${payment.paymentId}.${payment.bookingId}.${payment.showId}`,
      invoiceId: payment.paymentId,
      value: "22.00",
    },
  ]);
});

test("a buyer comes back to a page that is told which booking to confirm", async () => {
  const payment = newPayment();
  const { approvalUrl = "" } = await provider.start(payment);
  const answers = await Promise.all(
    ["balance", "cancel"].map(async (choice) => {
      const { approvalUrl: url = "" } = await provider.start({
        ...payment,
        paymentId: randomUUID(),
      });
      const body = new URLSearchParams({ choice });
      return fetch(url, { method: "POST", body, redirect: "manual" });
    }),
  );
  const booking = bookingIds.encode({ id: payment.bookingId, showId: payment.showId });
  const places = answers.map((answer) => new URL(answer.headers.get("location") ?? ""));
  expect(places.map(({ pathname }) => pathname)).toEqual(["/paid", "/not-paid"]);
  expect(places.map(({ searchParams }) => searchParams.get("booking"))).toEqual([booking, booking]);
  expect(new URL(approvalUrl).pathname).toBe("/checkoutnow");
});

test("a start repeated after the buyer has paid says that the money is set aside", async () => {
  const payment = await authorised();
  const again = await provider.start(payment);
  expect(again).toEqual({
    providerPaymentId: payment.providerPaymentId,
    status: "authorised",
  });
});

test("control: two payments are two orders", async () => {
  await provider.start(newPayment());
  await provider.start(newPayment());
  expect((await control.ledger()).orders).toHaveLength(2);
});

test.each(["timeout_after_commit", "reset_after_commit", "garbled_after_commit"] as const)(
  "a start whose answer is lost (%s) and is asked for again is one order",
  async (kind) => {
    const payment = newPayment();
    await control.fault({ route: routes.create, kind });
    expect(await codeOf(provider.start(payment))).toBe("PAYMENT_PROVIDER_UNAVAILABLE");
    expect((await control.ledger()).orders).toHaveLength(1);
    const again = await provider.start(payment);
    const { orders } = await control.ledger();
    expect(orders.map(({ id }) => id)).toEqual([again.providerPaymentId]);
  },
);

test("a start that failed at PayPal works when it is repeated", async () => {
  const payment = newPayment();
  await control.fault({ route: routes.create, kind: "500" });
  expect(await codeOf(provider.start(payment))).toBe("PAYMENT_PROVIDER_UNAVAILABLE");
  expect(await provider.start(payment)).toMatchObject({ status: "open" });
  expect((await control.ledger()).orders).toHaveLength(1);
});

test("a currency that PayPal does not take is said to be that, and leaves nothing behind to ask about", async () => {
  const payment = { ...newPayment(), currency: "INR" };
  expect(await codeOf(provider.start(payment))).toBe("PAYMENT_AMOUNT_UNSUPPORTED");
  expect(await provider.look(payment)).toBe("absent");
  expect(await provider.voidPayment(payment)).toBe("voided");
  expect((await control.ledger()).orders).toHaveLength(0);
});

test("a look says where a payment stands at each step, and sets the money of an approved one aside", async () => {
  const payment = newPayment();
  const { providerPaymentId, approvalUrl } = await provider.start(payment);
  const known = { ...payment, providerPaymentId };
  expect(await provider.look(known)).toMatchObject({ status: "open", amountMinor: 2_200 });
  await control.approve(approvalUrl);
  expect((await control.ledger()).authorizations).toHaveLength(0);
  expect(await provider.look(known)).toEqual({
    eventId: `asked:${payment.paymentId}:authorised`,
    provider: "paypal",
    paymentId: payment.paymentId,
    bookingId: payment.bookingId,
    showId: payment.showId,
    status: "authorised",
    amountMinor: 2_200,
    currency: "GBP",
  });
  await provider.capture(known);
  expect(await provider.look(known)).toMatchObject({ status: "captured", amountMinor: 2_200 });
});

test("an approved payment looked at twenty times, at once and later, is authorised once", async () => {
  const payment = await approved();
  const facts = await Promise.all(Array.from({ length: 19 }, () => provider.look(payment)));
  facts.push(await provider.look(payment));
  expect(new Set(facts.map((fact) => fact !== "absent" && fact.status))).toEqual(
    new Set(["authorised"]),
  );
  expect((await control.ledger()).authorizations).toHaveLength(1);
  expect(await totals()).toEqual({ authorised: "22.00", captured: "0.00", refunded: "0.00" });
});

test.each(["timeout_after_commit", "reset_after_commit", "garbled_after_commit", "500"] as const)(
  "an authorisation that ends in the dark (%s) is finished by the next look, once",
  async (kind) => {
    const payment = await approved();
    await control.fault({ route: routes.authorise, kind });
    expect(await codeOf(provider.look(payment))).toBe("PAYMENT_PROVIDER_UNAVAILABLE");
    expect(await provider.look(payment)).toMatchObject({ status: "authorised" });
    expect((await control.ledger()).authorizations).toHaveLength(1);
  },
);

test("a declined card leaves the payment open, and another one is authorised on the same order", async () => {
  const payment = newPayment();
  const { providerPaymentId, approvalUrl } = await provider.start(payment);
  const known = { ...payment, providerPaymentId };
  await control.approve(approvalUrl, "declined_card");
  expect(await provider.look(known)).toMatchObject({ status: "open" });
  expect(await provider.start(payment)).toMatchObject({ status: "open", approvalUrl });
  await control.approve(approvalUrl, "balance");
  expect(await provider.look(known)).toMatchObject({ status: "authorised" });
});

test("money under PayPal's review is neither there nor gone", async () => {
  const payment = await approved("reviewed");
  expect(await provider.look(payment)).toMatchObject({ status: "open" });
  expect(await codeOf(provider.capture(payment))).toBe("PAYMENT_PROVIDER_UNAVAILABLE");
  const [authorization] = (await control.ledger()).authorizations;
  await control.settleAuthorization(authorization?.id ?? "", "good");
  expect(await provider.look(payment)).toMatchObject({ status: "authorised" });

  const refused = await approved("reviewed");
  await provider.look(refused);
  const [, second] = (await control.ledger()).authorizations;
  await control.settleAuthorization(second?.id ?? "", "bad");
  expect(await provider.look(refused)).toMatchObject({ status: "voided" });
  expect(await codeOf(provider.capture(refused))).toBe("PAYMENT_DECLINED");
});

test("a payment whose id was lost is found again, whatever has become of it", async () => {
  const payment = newPayment();
  await control.fault({ route: routes.create, kind: "timeout_after_commit" });
  await codeOf(provider.start(payment));
  expect(await provider.look(payment)).toMatchObject({ status: "open" });
  const { approvalUrl } = await provider.start(payment);
  await control.approve(approvalUrl);
  expect(await provider.look(payment)).toMatchObject({ status: "authorised" });
  expect(await provider.capture(payment)).toMatchObject({ capturedMinor: 2_200 });
  expect(await provider.look(payment)).toMatchObject({ status: "captured" });
  expect((await control.ledger()).orders).toHaveLength(1);
});

test("a payment whose id was lost and is asked for after PayPal has forgotten its key takes no money twice", async () => {
  await control.setClockBack(7);
  const payment = newPayment();
  const { approvalUrl } = await provider.start(payment);
  await control.approve(approvalUrl);
  await provider.look(payment);
  await control.setClockBack(0);
  expect(await provider.look(payment)).toMatchObject({ status: "open" });
  const { orders } = await control.ledger();
  expect(orders).toHaveLength(2);
  await control.approve(approvalUrl?.replace(orders[0]?.id ?? "", orders[1]?.id ?? ""));
  expect(await provider.look(payment)).toMatchObject({ status: "open" });
  expect((await control.ledger()).authorizations).toHaveLength(1);
});

test("a PayPal that is silent is not taken for one that knows nothing", async () => {
  await control.fault({ route: routes.create, kind: "black_hole" });
  expect(await codeOf(provider.look(newPayment()))).toBe("PAYMENT_PROVIDER_UNAVAILABLE");
});

test("captured twenty times, at once and later, the money is taken once", async () => {
  const payment = await authorised();
  const captures = await Promise.all(Array.from({ length: 19 }, () => provider.capture(payment)));
  captures.push(await provider.capture(payment));
  expect(new Set(captures.map(({ capturedMinor }) => capturedMinor))).toEqual(new Set([2_200]));
  expect(new Set(captures.map(({ providerPaymentId }) => providerPaymentId)).size).toBe(1);
  expect(await totals()).toEqual({ authorised: "0.00", captured: "22.00", refunded: "0.00" });
  const { events } = await control.ledger();
  expect(events.filter(({ type }) => type === "PAYMENT.CAPTURE.COMPLETED")).toHaveLength(1);
});

test.each(["timeout_after_commit", "reset_after_commit", "garbled_after_commit", "500"] as const)(
  "a capture that ends in the dark (%s) is finished by its repeat, once",
  async (kind) => {
    const payment = await authorised();
    await control.fault({ route: routes.capture, kind });
    expect(await codeOf(provider.capture(payment))).toBe("PAYMENT_PROVIDER_UNAVAILABLE");
    expect(await provider.capture(payment)).toMatchObject({ capturedMinor: 2_200 });
    expect((await totals()).captured).toBe("22.00");
  },
);

test("a capture whose authorisation nobody has made yet makes it first", async () => {
  expect(await provider.capture(await approved())).toMatchObject({ capturedMinor: 2_200 });
});

test("a capture that is pending is not decided, and turns out well or badly", async () => {
  const payment = await authorised("echeck");
  expect(await codeOf(provider.capture(payment))).toBe("PAYMENT_PROVIDER_UNAVAILABLE");
  expect(await provider.look(payment)).toMatchObject({ status: "authorised" });
  expect(await codeOf(provider.voidPayment(payment))).toBe("PAYMENT_PROVIDER_UNAVAILABLE");
  expect(await codeOf(provider.refund(payment, refundOf(payment)))).toBe(
    "PAYMENT_PROVIDER_UNAVAILABLE",
  );
  const [capture] = (await control.ledger()).captures;
  await control.settleCapture(capture?.id ?? "", "good");
  expect(await provider.capture(payment)).toMatchObject({ capturedMinor: 2_200 });

  const bounced = await authorised("echeck");
  await codeOf(provider.capture(bounced));
  const [, second] = (await control.ledger()).captures;
  await control.settleCapture(second?.id ?? "", "bad");
  expect(await codeOf(provider.capture(bounced))).toBe("PAYMENT_DECLINED");
  expect(await provider.look(bounced)).toMatchObject({ status: "voided" });
});

test("money that can never be taken is a decline: expired, refused, declined, not enough, voided, never approved", async () => {
  const expired = await authorised();
  const [authorization] = (await control.ledger()).authorizations;
  await control.expire(authorization?.id ?? "");
  expect(await codeOf(provider.capture(expired))).toBe("PAYMENT_DECLINED");

  const refused = await authorised();
  await control.fault({ route: routes.capture, kind: "refuse" });
  expect(await codeOf(provider.capture(refused))).toBe("PAYMENT_DECLINED");

  const declined = await authorised();
  await control.fault({ route: routes.capture, kind: "decline" });
  expect(await codeOf(provider.capture(declined))).toBe("PAYMENT_DECLINED");
  expect(await codeOf(provider.capture(declined))).toBe("PAYMENT_DECLINED");
  expect(await provider.voidPayment(declined)).toBe("voided");

  const tooLittle = await authorised();
  const more = { ...tooLittle, amountMinor: 2_201 };
  expect(await codeOf(provider.capture(more))).toBe("PAYMENT_DECLINED");

  const voided = await authorised();
  await provider.voidPayment(voided);
  expect(await codeOf(provider.capture(voided))).toBe("PAYMENT_DECLINED");

  expect(await codeOf(provider.capture(newPayment()))).toBe("PAYMENT_DECLINED");
  expect((await totals()).captured).toBe("0.00");
});

test("an authorisation past its three days is made anew before it is captured, once", async () => {
  await control.setClockBack(73);
  const payment = await authorised();
  await control.setClockBack(0);
  await control.fault({ route: routes.capture, kind: "timeout_after_commit" });
  expect(await codeOf(provider.capture(payment))).toBe("PAYMENT_PROVIDER_UNAVAILABLE");
  expect(await provider.capture(payment)).toMatchObject({ capturedMinor: 2_200 });
  expect((await control.ledger()).authorizations).toHaveLength(2);
  expect(await totals()).toEqual({ authorised: "0.00", captured: "22.00", refunded: "0.00" });
});

test("control: an authorisation of three days that is not made anew cannot be captured", async () => {
  await control.setClockBack(73);
  const payment = await authorised();
  await control.setClockBack(0);
  await control.fault({ route: routes.reauthorise, kind: "refuse" });
  expect(await codeOf(provider.capture(payment))).toBe("PAYMENT_DECLINED");
});

test("an authorisation that was made anew is void with the one that it was made of", async () => {
  await control.setClockBack(73);
  const payment = await authorised();
  await control.setClockBack(0);
  await control.fault({ route: routes.capture, kind: "500" });
  await codeOf(provider.capture(payment));
  expect((await totals()).authorised).toBe("22.00");
  expect(await provider.voidPayment(payment)).toBe("voided");
  const { authorizations } = await control.ledger();
  expect(authorizations.map(({ status }) => status)).toEqual(["VOIDED", "VOIDED"]);
});

test("a void closes what is open, approved or authorised, and says when the money has moved", async () => {
  const payment = newPayment();
  const { providerPaymentId } = await provider.start(payment);
  expect(await provider.voidPayment({ ...payment, providerPaymentId })).toBe("voided");
  expect(await provider.voidPayment(await approved())).toBe("voided");
  const paid = await authorised();
  expect(await provider.voidPayment(paid)).toBe("voided");
  expect(await provider.voidPayment(paid)).toBe("voided");
  const taken = await captured();
  expect(await provider.voidPayment(taken)).toBe("captured");
  const [orderId = ""] = taken.providerPaymentId?.split(":") ?? [];
  expect(await provider.voidPayment({ ...taken, providerPaymentId: orderId })).toBe("captured");
  expect(await totals()).toMatchObject({ authorised: "0.00", captured: "22.00" });
});

test.each(["timeout_after_commit", "reset_after_commit", "500"] as const)(
  "a void that ends in the dark (%s) is finished by its repeat",
  async (kind) => {
    const paid = await authorised();
    await control.fault({ route: routes.void, kind });
    expect(await codeOf(provider.voidPayment(paid))).toBe("PAYMENT_PROVIDER_UNAVAILABLE");
    expect(await provider.voidPayment(paid)).toBe("voided");
    const open = await approved();
    await control.fault({ route: routes.patch, kind });
    expect(await codeOf(provider.voidPayment(open))).toBe("PAYMENT_PROVIDER_UNAVAILABLE");
    expect(await provider.voidPayment(open)).toBe("voided");
    expect(await provider.look(open)).toMatchObject({ status: "voided" });
    expect((await totals()).authorised).toBe("0.00");
  },
);

test("a buyer who approves after the payment was voided pays nothing, whoever looks", async () => {
  const payment = newPayment();
  const { providerPaymentId, approvalUrl } = await provider.start(payment);
  const known = { ...payment, providerPaymentId };
  await provider.voidPayment(known);
  await control.approve(approvalUrl);
  const facts = await Promise.all(Array.from({ length: 5 }, () => provider.look(known)));
  expect(facts.map((fact) => fact !== "absent" && fact.status)).toEqual(Array(5).fill("voided"));
  expect(await codeOf(provider.capture(known))).toBe("PAYMENT_DECLINED");
  expect((await control.ledger()).authorizations).toHaveLength(0);
});

test.each([
  ["the void comes first", routes.authorise],
  ["the look comes first", routes.patch],
])(
  "a payment that is looked at and voided in one moment holds no money afterwards: %s",
  async (_, slowRoute) => {
    const payment = await approved();
    await control.fault({ route: slowRoute, kind: "delay", ms: 150 });
    const [voided] = await Promise.all([provider.voidPayment(payment), provider.look(payment)]);
    expect(voided).toBe("voided");
    const { authorizations } = await control.ledger();
    expect(authorizations.map(({ status }) => status)).toEqual(["VOIDED"]);
    expect(await provider.look(payment)).toMatchObject({ status: "voided" });
  },
);

test("control: where the void leaves no mark, the look that comes last sets the money aside", async () => {
  const payment = await approved();
  await control.fault({ route: routes.authorise, kind: "delay", ms: 150 });
  await control.fault({ route: routes.patch, kind: "refuse" });
  const [voided, fact] = await Promise.all([provider.voidPayment(payment), provider.look(payment)]);
  // Then whoever has looked says so, and the house gives the money back as it does with all that comes too late.
  expect([voided, fact]).toMatchObject(["voided", { status: "authorised" }]);
  expect(await provider.voidPayment(payment)).toBe("voided");
  expect(await totals()).toMatchObject({ authorised: "0.00" });
});

test("an order that PayPal will not let be marked is void as far as we know, and never paid by the void itself", async () => {
  const payment = await approved();
  await control.fault({ route: routes.patch, kind: "refuse" });
  expect(await provider.voidPayment(payment)).toBe("voided");
  expect((await control.ledger()).authorizations).toHaveLength(0);
});

test("a start that arrives after its payment was voided finds nothing to pay", async () => {
  const payment = newPayment();
  expect(await provider.voidPayment(payment)).toBe("voided");
  const late = await provider.start(payment);
  expect(late.status).toBe("voided");
  expect(late.approvalUrl).toBeUndefined();
  expect((await control.ledger()).orders).toHaveLength(1);
});

test("an order that PayPal knows no more is unknown: not absent, not voided, not declined", async () => {
  const payment = await authorised();
  await control.reset();
  const answers = await Promise.all([
    codeOf(provider.look(payment)),
    codeOf(provider.capture(payment)),
    codeOf(provider.voidPayment(payment)),
    codeOf(provider.refund(payment, refundOf(payment))),
    codeOf(provider.lookAtRefund(payment, refundOf(payment))),
  ]);
  expect(new Set(answers)).toEqual(new Set(["PAYMENT_PROVIDER_UNAVAILABLE"]));
});

test("refunded ten times under one id, at once and later, the money goes back once", async () => {
  const payment = await captured();
  const order = refundOf(payment);
  const states = await Promise.all(
    Array.from({ length: 9 }, () => provider.refund(payment, order)),
  );
  states.push(await provider.refund(payment, order));
  expect(new Set(states.map(({ status }) => status))).toEqual(new Set(["succeeded"]));
  expect((await control.ledger()).refunds).toHaveLength(1);
  expect(await totals()).toEqual({ authorised: "0.00", captured: "22.00", refunded: "22.00" });
});

test.each(["timeout_after_commit", "reset_after_commit", "garbled_after_commit", "500"] as const)(
  "a refund that ends in the dark (%s) is finished by its repeat, once",
  async (kind) => {
    const payment = await captured();
    const order = refundOf(payment, { amountMinor: 200 });
    await control.fault({ route: routes.refund, kind });
    expect(await codeOf(provider.refund(payment, order))).toBe("PAYMENT_PROVIDER_UNAVAILABLE");
    expect(await provider.refund(payment, order)).toMatchObject({ status: "succeeded" });
    const { refunds } = await control.ledger();
    expect(refunds.map(({ value }) => value)).toEqual(["2.00"]);
  },
);

test("a refund that was never made is absent, and is seen once it is", async () => {
  const payment = await captured();
  const order = refundOf(payment);
  expect(await provider.lookAtRefund(payment, order)).toBe("absent");
  const made = await provider.refund(payment, order);
  expect(await provider.lookAtRefund(payment, order)).toEqual(made);
});

test("parts go back under ids of their own, and never more than was captured", async () => {
  const payment = await captured();
  for (let part = 0; part < 2; part += 1) {
    await provider.refund(payment, refundOf(payment, { amountMinor: 1_000 }));
  }
  const tooMuch = await provider.refund(payment, refundOf(payment, { amountMinor: 201 }));
  expect(tooMuch).toEqual({ status: "failed", providerRefundId: null, reason: "provider" });
  await provider.refund(payment, refundOf(payment, { amountMinor: 200 }));
  const nothingLeft = await provider.refund(payment, refundOf(payment, { amountMinor: 200 }));
  expect(nothingLeft).toMatchObject({ status: "failed", reason: "provider" });
  expect((await totals()).refunded).toBe("22.00");
});

test("a balance that is too low fails the attempt, and the next attempt goes through, once", async () => {
  const payment = await captured();
  const order = refundOf(payment);
  await control.fault({ route: routes.refund, kind: "insufficient_funds", times: 2 });
  for (const attempt of [1, 2]) {
    expect(await provider.refund(payment, { ...order, attempt })).toEqual({
      status: "failed",
      providerRefundId: null,
      reason: "balance",
    });
  }
  const third = { ...order, attempt: 3 };
  expect(await provider.refund(payment, third)).toMatchObject({ status: "succeeded" });
  // Whoever repeats an attempt that was given up, or counts further, is told of the one that went through.
  expect(await provider.refund(payment, order)).toMatchObject({ status: "succeeded" });
  expect(await provider.refund(payment, { ...order, attempt: 4 })).toMatchObject({
    status: "succeeded",
  });
  expect((await control.ledger()).refunds).toHaveLength(1);
});

test("a refund that is pending is said to be that, and one that fails later is made anew by the next attempt", async () => {
  const payment = await captured("slow_refund");
  const order = refundOf(payment, { amountMinor: 200 });
  expect(await provider.refund(payment, order)).toMatchObject({ status: "pending" });
  expect(await provider.refund(payment, order)).toMatchObject({ status: "pending" });
  const [first] = (await control.ledger()).refunds;
  await control.settleRefund(first?.id ?? "", "bad");
  const failed = { status: "failed", providerRefundId: first?.id, reason: "provider" };
  expect(await provider.lookAtRefund(payment, order)).toEqual(failed);
  expect(await provider.refund(payment, order)).toEqual(failed);
  const second = await provider.refund(payment, { ...order, attempt: 2 });
  expect(second.status).toBe("pending");
  await control.settleRefund(second.providerRefundId ?? "", "good");
  expect(await provider.lookAtRefund(payment, { ...order, attempt: 2 })).toEqual({
    ...second,
    status: "succeeded",
  });
  expect((await totals()).refunded).toBe("2.00");
});

test("a part cannot go back while the buyer complains, all of it can", async () => {
  const payment = await captured();
  const [capture] = (await control.ledger()).captures;
  await control.openDispute(capture?.id ?? "");
  expect(await provider.refund(payment, refundOf(payment, { amountMinor: 200 }))).toMatchObject({
    status: "failed",
    reason: "dispute",
  });
  expect(await provider.refund(payment, refundOf(payment))).toMatchObject({ status: "succeeded" });
});

test("months later, when PayPal has forgotten the order, its money still goes back, once", async () => {
  const payment = await captured();
  const [orderId = ""] = payment.providerPaymentId?.split(":") ?? [];
  await control.forgetOrder(orderId);
  expect(await provider.look(payment)).toMatchObject({ status: "captured", amountMinor: 2_200 });
  expect(await provider.capture(payment)).toMatchObject({ capturedMinor: 2_200 });
  expect(await provider.voidPayment(payment)).toBe("captured");
  const order = refundOf(payment);
  expect(await provider.lookAtRefund(payment, order)).toBe("absent");
  const made = await provider.refund(payment, order);
  expect(await provider.refund(payment, order)).toEqual(made);
  const known = { ...order, providerRefundId: made.providerRefundId };
  expect(await provider.lookAtRefund(payment, known)).toEqual(made);
  expect((await control.ledger()).refunds).toHaveLength(1);
});

test("the same attempt again after PayPal has forgotten order and request id moves nothing", async () => {
  const payment = await captured("slow_refund");
  const [orderId = ""] = payment.providerPaymentId?.split(":") ?? [];
  const order = refundOf(payment, { amountMinor: 200 });
  await control.setClockBack(46 * 24);
  await provider.refund(payment, order);
  await control.setClockBack(0);
  await control.forgetOrder(orderId);
  expect(await codeOf(provider.refund(payment, order))).toBe("PAYMENT_PROVIDER_UNAVAILABLE");
  expect((await control.ledger()).refunds).toHaveLength(1);
});

test("too many requests: the caller is told how long to wait, as PayPal said it", async () => {
  await control.fault({ route: routes.create, kind: "429", retryAfter: 7 });
  const error = await provider.start(newPayment()).catch((caught: unknown) => caught);
  expect(error).toMatchObject({
    code: "PAYMENT_PROVIDER_UNAVAILABLE",
    details: { retryAfterSeconds: 7 },
  });
});

test("a PayPal that fails is left alone, and used again when it is well", async () => {
  provider = connect({ limits: { silenceMsMax: 1_000, failuresMax: 3, breakMs: 1_500 } });
  await control.fault({ route: routes.create, kind: "500", times: 3 });
  for (let failure = 0; failure < 3; failure += 1) {
    expect(await codeOf(provider.start(newPayment()))).toBe("PAYMENT_PROVIDER_UNAVAILABLE");
  }
  // The sandbox is well again, but it is not asked: no order comes of this.
  const error = await provider.start(newPayment()).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ details: { retryAfterSeconds: 2 } });
  expect((await control.ledger()).orders).toHaveLength(0);
  const recovered = await eventually(() => provider.start(newPayment()));
  expect(recovered.status).toBe("open");
});

test("declines say nothing against PayPal: after many of them it is still asked", async () => {
  for (let decline = 0; decline < 8; decline += 1) {
    const payment = await authorised();
    await control.fault({ route: routes.capture, kind: "refuse" });
    expect(await codeOf(provider.capture(payment))).toBe("PAYMENT_DECLINED");
  }
  expect(await provider.capture(await authorised())).toMatchObject({ capturedMinor: 2_200 });
});

test("many first requests at once fetch one token", async () => {
  const before = (await control.ledger()).tokensIssued;
  await Promise.all(Array.from({ length: 10 }, () => provider.start(newPayment())));
  expect((await control.ledger()).tokensIssued - before).toBe(1);
});

test("a token that PayPal has withdrawn is replaced without anybody noticing, once for all", async () => {
  await provider.start(newPayment());
  const before = (await control.ledger()).tokensIssued;
  await control.revokeTokens();
  const starts = Array.from({ length: 10 }, () => provider.start(newPayment()));
  expect((await Promise.all(starts)).map(({ status }) => status)).toEqual(Array(10).fill("open"));
  expect((await control.ledger()).tokensIssued - before).toBe(1);
});

test.each(["500", "black_hole", "reset_after_commit"] as const)(
  "a token that could not be had once (%s) is asked for again",
  async (kind) => {
    await control.fault({ route: routes.token, kind });
    expect(await codeOf(provider.start(newPayment()))).toBe("PAYMENT_PROVIDER_UNAVAILABLE");
    expect(await provider.start(newPayment())).toMatchObject({ status: "open" });
  },
);

test("credentials that PayPal does not accept move nothing and are unavailable, not declined", async () => {
  const stranger = connect({ clientSecret: "marquee-other-secret" });
  expect(await codeOf(stranger.start(newPayment()))).toBe("PAYMENT_PROVIDER_UNAVAILABLE");
  expect((await control.ledger()).orders).toHaveLength(0);
});

test("no error tells who the buyer is, what PayPal answered, or how we prove who we are", async () => {
  const payment = await approved();
  const errors: unknown[] = [];
  for (const kind of ["500", "garbled_after_commit", "reset_after_commit", "429"] as const) {
    for (const route of [routes.read, routes.authorise]) {
      await control.fault({ route, kind });
      errors.push(await provider.look(payment).catch((error: unknown) => error));
    }
  }
  await control.fault({ route: routes.capture, kind: "refuse" });
  errors.push(await provider.capture(payment).catch((error: unknown) => error));
  const stranger = connect({ clientSecret: "marquee-other-secret" });
  errors.push(await stranger.look(payment).catch((error: unknown) => error));

  expect(errors.filter((error) => error instanceof DomainError).length).toBeGreaterThan(7);
  const everything = inspect(errors, { depth: 20, showHidden: true });
  expect(everything).not.toMatch(/buyer@example|Asha|Bearer|Basic|sandbox-[0-9a-f]{8}|-secret/);
  expect(everything).toMatch(/debug id/);
});
