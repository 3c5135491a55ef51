import { expect, test } from "@jest/globals";
import Stripe from "stripe";

import { DomainError } from "../../domain/errors.ts";
import { readStripeEvent } from "./read-stripe-event.ts";

const secret = "whsec_marquee_unit";
const payment = "0198a6c2-0000-7000-8000-000000000001";
const booking = "0198a6c2-0000-7000-8000-000000000002";
const show = "0198a6c2-0000-7000-8000-000000000003";

function eventOf(type: string, intent: Record<string, unknown> = {}, more = {}): string {
  const object = {
    id: "pi_1",
    object: "payment_intent",
    amount: 2_200,
    amount_capturable: 2_200,
    amount_received: 0,
    currency: "gbp",
    status: "requires_capture",
    livemode: false,
    metadata: { payment, booking, show },
    ...intent,
  };
  return JSON.stringify({
    id: "evt_1",
    object: "event",
    livemode: false,
    type,
    data: { object },
    ...more,
  });
}

const authorisedEvent = eventOf("payment_intent.amount_capturable_updated");

function sign(payload: string, options: { secret?: string; ageSeconds?: number } = {}): string {
  const timestamp = Math.floor(Date.now() / 1_000) - (options.ageSeconds ?? 0);
  return Stripe.webhooks.generateTestHeaderString({
    payload,
    secret: options.secret ?? secret,
    timestamp,
  });
}

function refusalOf(body: string | Uint8Array, header: string | undefined, livemode?: boolean) {
  try {
    return readStripeEvent(body, header, secret, livemode);
  } catch (error) {
    return error instanceof DomainError
      ? `${error.code} ${String(error.details["reason"])}`
      : error;
  }
}

test("a true event is a fact, from text and from bytes", () => {
  const fact = {
    eventId: "evt_1",
    provider: "stripe",
    paymentId: payment,
    bookingId: booking,
    showId: show,
    status: "authorised",
    amountMinor: 2_200,
    currency: "GBP",
  };
  expect(readStripeEvent(authorisedEvent, sign(authorisedEvent), secret)).toEqual(fact);
  const bytes = new TextEncoder().encode(authorisedEvent);
  expect(readStripeEvent(bytes, sign(authorisedEvent), secret)).toEqual(fact);
});

test.each([
  ["payment_intent.succeeded", { status: "succeeded", amount_received: 2_100 }, "captured", 2_100],
  ["payment_intent.canceled", { status: "canceled" }, "voided", 2_200],
  ["payment_intent.payment_failed", { status: "requires_payment_method" }, "open", 2_200],
] as const)("%s is read with the amount that is really there", (type, intent, status, amount) => {
  const body = eventOf(type, intent);
  const fact = readStripeEvent(body, sign(body), secret);
  expect(fact).toMatchObject({ status, amountMinor: amount });
});

test.each([
  ["an event that we do not act on", eventOf("charge.succeeded")],
  ["somebody else's intent", eventOf("payment_intent.succeeded", { metadata: { order: "7" } })],
  [
    "an id that is no UUID",
    eventOf("payment_intent.succeeded", { metadata: { payment: "1; drop", booking, show } }),
  ],
  ["a picture that does not fit the name", eventOf("payment_intent.succeeded")],
])("%s is ignored", (_, body) => {
  expect(readStripeEvent(body, sign(body), secret)).toBe("ignored");
});

test("what Stripe did not sign, or signed long ago, is refused", () => {
  const altered = authorisedEvent.replace("2200", "2201");
  expect(altered).not.toBe(authorisedEvent);
  const cases = [
    refusalOf(authorisedEvent, undefined),
    refusalOf(authorisedEvent, ""),
    refusalOf(authorisedEvent, "t=1,v1=nonsense"),
    refusalOf(authorisedEvent, sign(authorisedEvent, { secret: "whsec_of_somebody_else" })),
    refusalOf(altered, sign(authorisedEvent)),
    refusalOf(authorisedEvent, sign(authorisedEvent, { ageSeconds: 301 })),
    refusalOf(authorisedEvent, sign(authorisedEvent, { ageSeconds: -400 })),
  ];
  expect(cases.every((refusal) => String(refusal).startsWith("WEBHOOK_SIGNATURE_INVALID"))).toBe(
    true,
  );
});

test("control: an event signed a moment ago is taken", () => {
  expect(refusalOf(authorisedEvent, sign(authorisedEvent, { ageSeconds: 299 }))).toMatchObject({
    status: "authorised",
  });
});

test("the same event written by another serialiser is refused: the bytes are signed, not the meaning", () => {
  const rewritten = JSON.stringify(JSON.parse(authorisedEvent), undefined, 2);
  expect(refusalOf(rewritten, sign(authorisedEvent))).toBe("WEBHOOK_SIGNATURE_INVALID signature");
});

test("while a secret is exchanged, one good signature among two is enough", () => {
  const good = sign(authorisedEvent);
  const [time = "", signature = ""] = good.split(",");
  const old = sign(authorisedEvent, { secret: "whsec_the_old_one" }).split(",")[1] ?? "";
  const header = `${time},${old},${signature}`;
  expect(refusalOf(authorisedEvent, header)).toMatchObject({ status: "authorised" });
  expect(refusalOf(authorisedEvent, `${time},${old},${old}`)).toBe(
    "WEBHOOK_SIGNATURE_INVALID signature",
  );
});

test("an event of the other mode is refused: test money buys no ticket", () => {
  expect(refusalOf(authorisedEvent, sign(authorisedEvent), true)).toBe(
    "WEBHOOK_SIGNATURE_INVALID livemode",
  );
  const mixed = eventOf("payment_intent.amount_capturable_updated", {}, { livemode: true });
  expect(refusalOf(mixed, sign(mixed))).toBe("WEBHOOK_SIGNATURE_INVALID livemode");
  expect(refusalOf(authorisedEvent, sign(authorisedEvent), false)).toMatchObject({
    status: "authorised",
  });
});
