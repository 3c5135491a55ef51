import type Stripe from "stripe";

import type { ApiRequest } from "./api-route.ts";
import type { Ledger } from "./ledger.ts";
import { chargeOf, newEvent, newId, nowSeconds } from "./objects.ts";
import type { EventObject } from "./objects.ts";
import { invalidParameter, missing, Refusal, unexpectedState } from "./refusal.ts";
import { refuseDecimals } from "./refuse-amount.ts";
import { findTestCard } from "./test-cards.ts";
import type { TestCard } from "./test-cards.ts";

type Cause = Pick<ApiRequest, "id" | "idempotencyKey">;

/** The steps of an intent's life, each with the events that Stripe sends for it. */
export function confirmIntent(
  ledger: Ledger,
  before: Stripe.PaymentIntent,
  paymentMethod: string | undefined,
  cause: Cause,
): Stripe.PaymentIntent {
  const confirmable = ["requires_payment_method", "requires_confirmation", "requires_action"];
  if (!confirmable.includes(before.status)) throw unexpectedState(before, "confirmed");
  if (paymentMethod === undefined) {
    throw invalidParameter("payment_method", "Missing a payment method.", "parameter_missing");
  }
  const card = findTestCard(paymentMethod);
  if (card === undefined) throw missing("PaymentMethod", paymentMethod, "payment_method");
  const intent = { ...before, payment_method: paymentMethod, next_action: null };
  if (card.outcome === "declined") throw declineIntent(ledger, intent, card, cause);
  if (card.outcome === "challenge") return challengeIntent(ledger, intent, cause);
  return authoriseIntent(ledger, intent, cause);
}

export function authoriseIntent(
  ledger: Ledger,
  before: Stripe.PaymentIntent,
  cause: Cause,
): Stripe.PaymentIntent {
  const atOnce = before.capture_method !== "manual";
  const intent: Stripe.PaymentIntent = {
    ...before,
    status: atOnce ? "succeeded" : "requires_capture",
    amount_capturable: atOnce ? 0 : before.amount,
    amount_received: atOnce ? before.amount : 0,
    latest_charge: newId("ch"),
    last_payment_error: null,
    next_action: null,
  };
  ledger.put({ intent });
  tell(ledger, "charge.succeeded", chargeOf(intent, 0), cause);
  const news = atOnce ? "payment_intent.succeeded" : "payment_intent.amount_capturable_updated";
  tell(ledger, news, intent, cause);
  return intent;
}

function challengeIntent(ledger: Ledger, before: Stripe.PaymentIntent, cause: Cause) {
  const intent: Stripe.PaymentIntent = {
    ...before,
    status: "requires_action",
    next_action: { type: "use_stripe_sdk", use_stripe_sdk: {} },
  };
  ledger.put({ intent });
  tell(ledger, "payment_intent.requires_action", intent, cause);
  return intent;
}

/** The intent stays open for another card; the refusal says why this one was not taken. */
export function declineIntent(
  ledger: Ledger,
  before: Stripe.PaymentIntent,
  card: Pick<TestCard, "code" | "declineCode" | "message">,
  cause: Cause,
): Refusal {
  const { code = "card_declined", declineCode, message = "Your card was declined." } = card;
  const error = {
    type: "card_error" as const,
    code,
    message,
    ...(declineCode === undefined ? {} : { decline_code: declineCode }),
  };
  const intent: Stripe.PaymentIntent = {
    ...before,
    status: "requires_payment_method",
    payment_method: null,
    latest_charge: newId("ch"),
    next_action: null,
    last_payment_error: error as Stripe.PaymentIntent.LastPaymentError,
  };
  ledger.put({ intent });
  tell(ledger, "charge.failed", chargeOf(intent, 0), cause);
  tell(ledger, "payment_intent.payment_failed", intent, cause);
  return new Refusal(402, { ...error, payment_intent: intent }, { stored: true });
}

/** Takes all or a part; what is not taken is released and can never be captured. */
export function captureIntent(
  ledger: Ledger,
  before: Stripe.PaymentIntent,
  amount: number,
  cause: Cause,
): Stripe.PaymentIntent {
  if (before.status !== "requires_capture") throw unexpectedState(before, "captured");
  if (!(amount >= 1 && amount <= before.amount_capturable)) {
    throw invalidParameter(
      "amount_to_capture",
      "The amount to capture is greater than the capturable amount.",
      "amount_too_large",
    );
  }
  refuseDecimals(amount, before.currency);
  const intent: Stripe.PaymentIntent = {
    ...before,
    status: "succeeded",
    amount_capturable: 0,
    amount_received: amount,
  };
  ledger.put({ intent });
  tell(ledger, "charge.captured", chargeOf(intent, 0), cause);
  tell(ledger, "payment_intent.succeeded", intent, cause);
  return intent;
}

export function cancelIntent(
  ledger: Ledger,
  before: Stripe.PaymentIntent,
  reason: Stripe.PaymentIntent.CancellationReason | null,
  cause: Cause,
): Stripe.PaymentIntent {
  if (["succeeded", "canceled", "processing"].includes(before.status)) {
    throw unexpectedState(before, "canceled");
  }
  const intent: Stripe.PaymentIntent = {
    ...before,
    status: "canceled",
    amount_capturable: 0,
    canceled_at: nowSeconds(),
    cancellation_reason: reason,
    next_action: null,
  };
  ledger.put({ intent });
  if (before.status === "requires_capture") {
    tell(
      ledger,
      reason === "automatic" ? "charge.expired" : "charge.refunded",
      chargeOf(intent, 0),
      cause,
    );
  }
  tell(ledger, "payment_intent.canceled", intent, cause);
  return intent;
}

export function tell(
  ledger: Ledger,
  type: Stripe.Event["type"],
  object: EventObject,
  cause: Cause,
): void {
  ledger.put({ event: newEvent(type, object, cause) });
}
