import type Stripe from "stripe";

import type { ProviderNews, ProviderPaymentStatus } from "../../domain/payment.ts";
import { factOf, identityOf, isUuid } from "./payment-fact.ts";
import { stateOf } from "./refunds.ts";
import type { StripeCalls } from "./stripe-calls.ts";

/** The events that are read as news, the rare ones apart: they must not be lost among the many. */
export const paymentEventTypes = [
  "payment_intent.amount_capturable_updated",
  "payment_intent.succeeded",
  "payment_intent.canceled",
  "payment_intent.payment_failed",
] as const;

export const reversalEventTypes = [
  "refund.created",
  "refund.updated",
  "refund.failed",
  "charge.dispute.created",
  "charge.dispute.closed",
  "charge.dispute.funds_reinstated",
] as const;

/** What the endpoint at Stripe is to be registered for: each other event would cost a request that says nothing. */
export const webhookEventTypes = [...paymentEventTypes, ...reversalEventTypes] as const;

type NewsEvent = Extract<Stripe.Event, { type: (typeof webhookEventTypes)[number] }>;

/**
 * What an event of ours says; `ignored` when it says nothing about a payment of ours. Asks Stripe about disputes only, whose
 * events name no metadata of ours, and throws `PAYMENT_PROVIDER_UNAVAILABLE` when there is no answer.
 */
export async function newsIn(
  calls: StripeCalls,
  event: Stripe.Event,
): Promise<ProviderNews | "ignored"> {
  if (!isNews(event)) return "ignored";
  switch (event.type) {
    case "payment_intent.amount_capturable_updated":
      return paymentNews(event.id, event.data.object, "authorised");
    case "payment_intent.succeeded":
      return paymentNews(event.id, event.data.object, "captured");
    case "payment_intent.canceled":
      return paymentNews(event.id, event.data.object, "voided");
    case "payment_intent.payment_failed":
      return paymentNews(event.id, event.data.object, "open");
    case "refund.created":
    case "refund.updated":
    case "refund.failed":
      return refundNews(event.id, event.data.object);
    case "charge.dispute.created":
    case "charge.dispute.closed":
    case "charge.dispute.funds_reinstated":
      return disputeNews(calls, event.id, event.data.object.id);
  }
}

/** The event's intent is a picture of that moment. One that does not show what the event's name says is not news. */
function paymentNews(
  eventId: string,
  intent: Stripe.PaymentIntent,
  status: ProviderPaymentStatus,
): ProviderNews | "ignored" {
  const fact = factOf(intent, eventId);
  return fact?.status === status ? { kind: "payment", fact } : "ignored";
}

/** A refund that a person made at Stripe's dashboard has no id of ours, so nobody in the house waits for it. */
function refundNews(eventId: string, refund: Stripe.Refund): ProviderNews | "ignored" {
  const { metadata } = refund;
  const identity = metadata === null ? undefined : identityOf(metadata);
  const refundId = metadata?.["refund"];
  if (identity === undefined || !isUuid(refundId)) return "ignored";
  const { status } = stateOf(refund);
  return { kind: "refund", eventId, provider: "stripe", ...identity, refundId, status };
}

/** Events come in any order, so the dispute is read as it is now; its intent tells whose money it is about. */
async function disputeNews(
  calls: StripeCalls,
  eventId: string,
  disputeId: string,
): Promise<ProviderNews | "ignored"> {
  const { payment_intent: intent, status } = await calls.call("disputes.retrieve", () =>
    calls.stripe.disputes.retrieve(disputeId, { expand: ["payment_intent"] }),
  );
  if (intent === null || typeof intent === "string") return "ignored";
  const identity = identityOf(intent.metadata);
  if (identity === undefined) return "ignored";
  const isOpen = !closedStatuses.includes(status);
  return { kind: "dispute", eventId, provider: "stripe", ...identity, isOpen };
}

/** A status that Stripe invents later counts as open: that stops refunds, which a person can undo. */
const closedStatuses: Stripe.Dispute.Status[] = ["won", "lost", "warning_closed", "prevented"];

function isNews(event: Stripe.Event): event is NewsEvent {
  return webhookEventTypes.some((type) => type === event.type);
}
