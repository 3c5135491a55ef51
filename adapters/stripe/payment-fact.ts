import type Stripe from "stripe";

import type { PaymentFact, ProviderPaymentStatus } from "../../domain/payment.ts";
import { fromStripeAmount } from "./amounts.ts";

export type PaymentIdentity = { paymentId: string; bookingId: string; showId: string };

/** What an intent says, in the words of the house; undefined when the intent is not one of ours. */
export function factOf(intent: Stripe.PaymentIntent, eventId: string): PaymentFact | undefined {
  const identity = identityOf(intent.metadata);
  if (identity === undefined) return undefined;
  return {
    eventId,
    provider: "stripe",
    ...identity,
    status: statusOf(intent),
    amountMinor: fromStripeAmount(amountOf(intent), intent.currency),
    currency: intent.currency.toUpperCase(),
  };
}

export function statusOf({ status }: Stripe.PaymentIntent): ProviderPaymentStatus {
  if (status === "requires_capture") return "authorised";
  if (status === "succeeded") return "captured";
  if (status === "canceled") return "voided";
  return "open";
}

/** Plain UUIDs: they find our rows again and say nothing about anybody. */
export function metadataOf({ paymentId, bookingId, showId }: PaymentIdentity) {
  return { payment: paymentId, booking: bookingId, show: showId };
}

/** What is really there counts, not what was asked for: a difference must be seen. */
function amountOf(intent: Stripe.PaymentIntent): number {
  if (intent.status === "requires_capture") return intent.amount_capturable;
  if (intent.status === "succeeded") return intent.amount_received;
  return intent.amount;
}

/** Undefined when the metadata is not of our making. */
export function identityOf({
  payment,
  booking,
  show,
}: Stripe.Metadata): PaymentIdentity | undefined {
  if (!isUuid(payment) || !isUuid(booking) || !isUuid(show)) return undefined;
  return { paymentId: payment, bookingId: booking, showId: show };
}

export function isUuid(text: string | undefined): text is string {
  return text !== undefined && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}
