import { expect, test } from "@jest/globals";
import Stripe from "stripe";

import { DomainError } from "../../domain/errors.ts";
import { createStripeProvider } from "./create-stripe-provider.ts";
import { readStripeEvent } from "./read-stripe-event.ts";

/** Nothing listens there: these events are read without asking. */
const apiUrl = "http://127.0.0.1:1";
const stripe = createStripeProvider({ apiUrl, secretKey: "sk_test_marquee_unit" });
const liveStripe = createStripeProvider({
  apiUrl,
  secretKey: ["sk", "live", "marquee_unit"].join("_"),
});
const secret = "whsec_marquee_unit";
const payment = "0198a6c2-0000-7000-8000-000000000001";
const booking = "0198a6c2-0000-7000-8000-000000000002";
const show = "0198a6c2-0000-7000-8000-000000000003";
const refund = "0198a6c2-0000-7000-8000-000000000004";

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

function read(body: string | Uint8Array, header: string | undefined, as = stripe) {
  return readStripeEvent(body, header, { webhookSecret: secret, stripe: as });
}

async function refusalOf(body: string | Uint8Array, header: string | undefined, as = stripe) {
  return read(body, header, as).catch((error: unknown) =>
    error instanceof DomainError ? `${error.code} ${String(error.details["reason"])}` : error,
  );
}

test("a true event is a fact, from text and from bytes", async () => {
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
  expect(await read(authorisedEvent, sign(authorisedEvent))).toEqual({ kind: "payment", fact });
  const bytes = new TextEncoder().encode(authorisedEvent);
  expect(await read(bytes, sign(authorisedEvent))).toEqual({ kind: "payment", fact });
});

test.each([
  ["payment_intent.succeeded", { status: "succeeded", amount_received: 2_100 }, "captured", 2_100],
  ["payment_intent.canceled", { status: "canceled" }, "voided", 2_200],
  ["payment_intent.payment_failed", { status: "requires_payment_method" }, "open", 2_200],
] as const)(
  "%s is read with the amount that is really there",
  async (type, intent, status, amount) => {
    const body = eventOf(type, intent);
    const news = await read(body, sign(body));
    expect(news).toMatchObject({ kind: "payment", fact: { status, amountMinor: amount } });
  },
);

test.each([
  ["an event that we do not act on", eventOf("charge.succeeded")],
  ["somebody else's intent", eventOf("payment_intent.succeeded", { metadata: { order: "7" } })],
  [
    "an id that is no UUID",
    eventOf("payment_intent.succeeded", { metadata: { payment: "1; drop", booking, show } }),
  ],
  ["a picture that does not fit the name", eventOf("payment_intent.succeeded")],
])("%s is ignored", async (_, body) => {
  expect(await read(body, sign(body))).toBe("ignored");
});

test("what Stripe did not sign, or signed long ago, is refused", async () => {
  const altered = authorisedEvent.replace("2200", "2201");
  expect(altered).not.toBe(authorisedEvent);
  const cases = await Promise.all([
    refusalOf(authorisedEvent, undefined),
    refusalOf(authorisedEvent, ""),
    refusalOf(authorisedEvent, "t=1,v1=nonsense"),
    refusalOf(authorisedEvent, sign(authorisedEvent, { secret: "whsec_of_somebody_else" })),
    refusalOf(altered, sign(authorisedEvent)),
    refusalOf(authorisedEvent, sign(authorisedEvent, { ageSeconds: 301 })),
    refusalOf(authorisedEvent, sign(authorisedEvent, { ageSeconds: -400 })),
  ]);
  expect(cases.every((refusal) => String(refusal).startsWith("WEBHOOK_SIGNATURE_INVALID"))).toBe(
    true,
  );
});

test("control: an event signed a moment ago is taken", async () => {
  expect(
    await refusalOf(authorisedEvent, sign(authorisedEvent, { ageSeconds: 299 })),
  ).toMatchObject({
    kind: "payment",
  });
});

test("the same event written by another serialiser is refused: the bytes are signed, not the meaning", async () => {
  const rewritten = JSON.stringify(JSON.parse(authorisedEvent), undefined, 2);
  expect(await refusalOf(rewritten, sign(authorisedEvent))).toBe(
    "WEBHOOK_SIGNATURE_INVALID signature",
  );
});

test("while a secret is exchanged, one good signature among two is enough", async () => {
  const good = sign(authorisedEvent);
  const [time = "", signature = ""] = good.split(",");
  const old = sign(authorisedEvent, { secret: "whsec_the_old_one" }).split(",")[1] ?? "";
  const header = `${time},${old},${signature}`;
  expect(await refusalOf(authorisedEvent, header)).toMatchObject({ kind: "payment" });
  expect(await refusalOf(authorisedEvent, `${time},${old},${old}`)).toBe(
    "WEBHOOK_SIGNATURE_INVALID signature",
  );
});

test("an event of the other mode is refused: test money buys no ticket", async () => {
  const refused = "WEBHOOK_SIGNATURE_INVALID livemode";
  expect(await refusalOf(authorisedEvent, sign(authorisedEvent), liveStripe)).toBe(refused);
  const live = eventOf("payment_intent.amount_capturable_updated", {}, { livemode: true });
  expect(await refusalOf(live, sign(live))).toBe(refused);
  expect(await refusalOf(live, sign(live), liveStripe)).toMatchObject({ kind: "payment" });
});

test("an event of a connected account is refused: its owner could name any payment of ours", async () => {
  const body = eventOf("payment_intent.amount_capturable_updated", {}, { account: "acct_1" });
  expect(await refusalOf(body, sign(body))).toBe("WEBHOOK_SIGNATURE_INVALID account");
});

test.each([
  ["refund.created", "succeeded", "succeeded"],
  ["refund.updated", "requires_action", "pending"],
  ["refund.failed", "failed", "failed"],
])(
  "%s of ours names the refund and says how it stood then; how it stands must be asked",
  async (type, theirs, status) => {
    const metadata = { payment, booking, show, refund, attempt: "1" };
    const body = eventOf(type, { metadata, status: theirs });
    expect(await read(body, sign(body))).toEqual({
      kind: "refund",
      eventId: "evt_1",
      provider: "stripe",
      paymentId: payment,
      bookingId: booking,
      showId: show,
      refundId: refund,
      status,
    });
  },
);

test.each([
  ["somebody made by hand", null],
  ["of another shop", { payment, booking, show }],
  ["with an id that is no UUID", { payment, booking, show, refund: "1; drop" }],
])("a refund %s is ignored", async (_, metadata) => {
  const body = eventOf("refund.updated", { metadata });
  expect(await read(body, sign(body))).toBe("ignored");
});

test("a dispute while Stripe is away is not ignored: nobody knows whose it is", async () => {
  const body = eventOf("charge.dispute.created", { id: "du_1", object: "dispute", metadata: {} });
  expect(await refusalOf(body, sign(body))).toMatch(/^PAYMENT_PROVIDER_UNAVAILABLE/);
});
