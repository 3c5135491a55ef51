import Stripe from "stripe";

import { DomainError } from "../../domain/errors.ts";
import type { PaymentFact, ProviderPaymentStatus } from "../../domain/payment.ts";
import { factOf } from "./payment-fact.ts";

/**
 * Reads a webhook of Stripe's. The signature covers the bytes as they came, so the body must not have been parsed on its way.
 * `ignored` is a true event that says nothing about a payment of ours. Pass `livemode` to refuse events of the other mode.
 */
export function readStripeEvent(
  rawBody: Uint8Array | string,
  signatureHeader: string | undefined,
  webhookSecret: string,
  livemode?: boolean,
): PaymentFact | "ignored" {
  const event = verified(rawBody, signatureHeader, webhookSecret);
  if (livemode !== undefined && event.livemode !== livemode) throw invalid("livemode");
  if (event.type === "payment_intent.amount_capturable_updated") {
    return read(event, event.data.object, "authorised");
  }
  if (event.type === "payment_intent.succeeded") {
    return read(event, event.data.object, "captured");
  }
  if (event.type === "payment_intent.canceled") return read(event, event.data.object, "voided");
  if (event.type === "payment_intent.payment_failed") return read(event, event.data.object, "open");
  return "ignored";
}

/** The event's intent is a picture of that moment. One that does not show what the event's name says is not news. */
function read(
  event: Stripe.Event,
  intent: Stripe.PaymentIntent,
  status: ProviderPaymentStatus,
): PaymentFact | "ignored" {
  if (intent.livemode !== event.livemode) throw invalid("livemode");
  const fact = factOf(intent, event.id);
  return fact?.status === status ? fact : "ignored";
}

function verified(
  rawBody: Uint8Array | string,
  signatureHeader: string | undefined,
  webhookSecret: string,
): Stripe.Event {
  if (signatureHeader === undefined) throw invalid("missing");
  let event: Stripe.Event;
  try {
    event = Stripe.webhooks.constructEvent(
      rawBody,
      signatureHeader,
      webhookSecret,
      toleranceSeconds,
    );
  } catch (cause) {
    throw invalid("signature", cause);
  }
  // Stripe's own check looks into the past only; a time from the future would stay valid for ever.
  const signedAt = Number(/(?:^|,)t=(\d+)/.exec(signatureHeader)?.[1]);
  if (!(signedAt <= Date.now() / 1_000 + toleranceSeconds)) throw invalid("time");
  return event;
}

const toleranceSeconds = 300;

function invalid(reason: string, cause?: unknown): DomainError {
  return new DomainError("WEBHOOK_SIGNATURE_INVALID", { reason }, { cause });
}
