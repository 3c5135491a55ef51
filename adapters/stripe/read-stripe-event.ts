import Stripe from "stripe";

import { DomainError } from "../../domain/errors.ts";
import type { ProviderNews } from "../../domain/payment.ts";
import type { StripeProvider } from "./create-stripe-provider.ts";

/**
 * Reads a webhook of Stripe's. The signature covers the bytes as they came, so the body must not have been parsed on its way.
 * `ignored` is a true event that says nothing about a payment of ours. Throws `WEBHOOK_SIGNATURE_INVALID` for what Stripe did
 * not sign for us, and `PAYMENT_PROVIDER_UNAVAILABLE` when Stripe had to be asked and did not answer: it sends the event again.
 */
export async function readStripeEvent(
  rawBody: Uint8Array | string,
  signatureHeader: string | undefined,
  options: { webhookSecret: string; stripe: Pick<StripeProvider, "isLive" | "newsIn"> },
): Promise<ProviderNews | "ignored"> {
  const { webhookSecret, stripe } = options;
  const event = verified(rawBody, signatureHeader, webhookSecret);
  if (event.livemode !== stripe.isLive) throw invalid("livemode");
  // We are no platform: whoever owns a connected account can write our ids into the metadata of payments to itself.
  if (event.account !== undefined) throw invalid("account");
  return stripe.newsIn(event);
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
