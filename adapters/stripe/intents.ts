import type Stripe from "stripe";

import type {
  PaymentFact,
  PaymentProvider,
  PaymentStart,
  ProviderPaymentRef,
} from "../../domain/payment.ts";
import { DomainError } from "../../domain/errors.ts";
import { toStripeAmount, unsupportedAmount } from "./amounts.ts";
import { factOf, metadataOf, statusOf } from "./payment-fact.ts";
import { readPages } from "./read-pages.ts";
import { isBadAmount, isReplayedFailure } from "./stripe-errors.ts";
import type { StripeCalls } from "./stripe-calls.ts";

type StartInput = Parameters<PaymentProvider["start"]>[0];

/** Safe to repeat: the key is the payment's, so Stripe creates one intent and gives it back to everybody who asks. */
export async function startPayment(calls: StripeCalls, input: StartInput): Promise<PaymentStart> {
  const intent = await createIntent(calls, input);
  return {
    providerPaymentId: intent.id,
    status: statusOf(intent),
    ...(intent.client_secret === null ? {} : { clientSecret: intent.client_secret }),
  };
}

export async function lookAtPayment(
  calls: StripeCalls,
  payment: ProviderPaymentRef,
): Promise<PaymentFact | "absent"> {
  const intent = await findIntent(calls, payment);
  if (intent === undefined) return "absent";
  const eventId = `asked:${payment.paymentId}:${statusOf(intent)}`;
  const fact = factOf(intent, eventId);
  if (fact?.paymentId !== payment.paymentId) {
    throw new Error(`Stripe's ${intent.id} does not belong to payment ${payment.paymentId}`);
  }
  return fact;
}

/** Stripe's fingerprint of the card behind the money, the same for all payments of this card to our account. */
export async function findCard(
  calls: StripeCalls,
  payment: ProviderPaymentRef,
): Promise<string | undefined> {
  const intentId = await findIntentId(calls, payment);
  const { latest_charge: charge } = await calls.call("payment_intents.retrieve", () =>
    calls.stripe.paymentIntents.retrieve(intentId, { expand: ["latest_charge"] }),
  );
  if (charge === null || typeof charge === "string") return undefined;
  return charge.payment_method_details?.card?.fingerprint ?? undefined;
}

/**
 * The payment's intent as it is now, created if it was not there yet. Throws `PAYMENT_AMOUNT_UNSUPPORTED` when Stripe will never
 * make one: then there is none.
 */
export async function createIntent(
  calls: StripeCalls,
  input: StartInput,
): Promise<Stripe.PaymentIntent> {
  for (let turn = 1; ; turn += 1) {
    const key = `start:${input.paymentId}`;
    try {
      return await createUnderKey(calls, input, turn === 1 ? key : `${key}:${turn}`);
    } catch (error) {
      if (isBadAmount(error)) throw unsupportedAmount(input, error);
      if (turn === keysMax || !isReplayedFailure(error)) throw error;
      // This key is spent on a failure. Whether that failure left an intent behind only a look can tell.
      const intent = await findByMetadata(calls, input.paymentId);
      if (intent !== undefined) return intent;
    }
  }
}

/** More failures than the hold of an unlucky buyer sees. Who comes late must find the same keys, so they are a row. */
const keysMax = 20;

async function createUnderKey(calls: StripeCalls, input: StartInput, idempotencyKey: string) {
  const amount = toStripeAmount(input);
  const intent = await calls.call("payment_intents.create", () =>
    calls.stripe.paymentIntents.create(
      {
        amount,
        currency: input.currency.toLowerCase(),
        capture_method: "manual",
        automatic_payment_methods: { enabled: true, allow_redirects: "never" },
        metadata: metadataOf(input),
      },
      { idempotencyKey },
    ),
  );
  // A replay is the answer of back then; the buyer may have paid since.
  const replayed = intent.lastResponse.headers["idempotent-replayed"] === "true";
  return replayed
    ? calls.call("payment_intents.retrieve", () => calls.stripe.paymentIntents.retrieve(intent.id))
    : intent;
}

/** Undefined only when it is proven that this payment has no intent. */
export async function findIntent(
  calls: StripeCalls,
  { paymentId, providerPaymentId }: ProviderPaymentRef,
): Promise<Stripe.PaymentIntent | undefined> {
  if (providerPaymentId === null) return findByMetadata(calls, paymentId);
  return calls.call("payment_intents.retrieve", () =>
    calls.stripe.paymentIntents.retrieve(providerPaymentId),
  );
}

/** Throws `PAYMENT_NOT_FOUND` when it is proven that this payment has no intent. */
export async function findIntentId(
  calls: StripeCalls,
  payment: ProviderPaymentRef,
): Promise<string> {
  if (payment.providerPaymentId !== null) return payment.providerPaymentId;
  const intent = await findIntent(calls, payment);
  if (intent === undefined) throw new DomainError("PAYMENT_NOT_FOUND");
  return intent.id;
}

/**
 * Search knows everything but the newest: it may lag by minutes. So what it does not find is looked for among the intents
 * of the last hours, which are listed without delay. "Absent" is said only when that list was read to its end.
 */
async function findByMetadata(calls: StripeCalls, paymentId: string) {
  const found = await calls.call("payment_intents.search", () =>
    calls.stripe.paymentIntents.search({ query: `metadata["payment"]:"${paymentId}"`, limit: 1 }),
  );
  // What search returns may be as old as its index; only the id is taken from it.
  const [hit] = found.data;
  if (hit !== undefined)
    return calls.call("payment_intents.retrieve", () =>
      calls.stripe.paymentIntents.retrieve(hit.id),
    );

  const since = Math.floor(Date.now() / 1_000) - recentSeconds;
  const recent = readPages(pagesMax, (page) =>
    calls.call("payment_intents.list", () =>
      calls.stripe.paymentIntents.list({ created: { gte: since }, ...page }),
    ),
  );
  for await (const intents of recent) {
    const intent = intents.find(({ metadata }) => metadata["payment"] === paymentId);
    if (intent !== undefined) return intent;
  }
  return undefined;
}

/** Longer than a hold can be extended and than search has ever lagged. */
const recentSeconds = 2 * 3_600;
/** Two thousand intents; behind that search has to answer, by and by. */
const pagesMax = 20;
