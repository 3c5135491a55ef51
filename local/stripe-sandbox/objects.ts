import { createHash, randomBytes } from "node:crypto";

import type Stripe from "stripe";

/** Stripe's objects with every field that Stripe sends, so that no client finds a hole where the real one has a value. */
export function newIntent(
  given: Pick<Stripe.PaymentIntent, "amount" | "currency" | "capture_method" | "metadata"> & {
    automaticPaymentMethods: Stripe.PaymentIntent.AutomaticPaymentMethods | null;
  },
): Stripe.PaymentIntent {
  const { automaticPaymentMethods, ...chosen } = given;
  const id = newId("pi");
  return {
    id,
    object: "payment_intent",
    allowed_payment_method_types: null,
    amount_capturable: 0,
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: automaticPaymentMethods,
    canceled_at: null,
    cancellation_reason: null,
    client_secret: `${id}_secret_${newId("").slice(1)}`,
    confirmation_method: "automatic",
    created: nowSeconds(),
    customer: null,
    customer_account: null,
    description: null,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: null,
    payment_method_types: ["card"],
    payment_record: null,
    processing: null,
    receipt_email: null,
    review: null,
    setup_future_usage: null,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: "requires_payment_method",
    transfer_group: null,
    ...chosen,
  };
}

export function newRefund(
  intent: Stripe.PaymentIntent,
  given: Pick<Stripe.Refund, "amount" | "metadata" | "reason" | "status" | "pending_reason">,
): Stripe.Refund {
  return {
    id: newId("re"),
    object: "refund",
    balance_transaction: null,
    charge: intent.latest_charge,
    created: nowSeconds(),
    currency: intent.currency,
    customer: null,
    customer_account: null,
    payment_intent: intent.id,
    payment_method: intent.payment_method,
    receipt_number: null,
    source_transfer_reversal: null,
    transfer_reversal: null,
    ...given,
  };
}

/** An intent's last charge, which is a view of the intent in here: one that was paid, or one that was declined. */
export function chargeOf(
  intent: Stripe.PaymentIntent,
  refundedMinor: number,
  disputed = false,
): Stripe.Charge {
  const failure = intent.last_payment_error;
  const released = intent.status === "canceled" ? intent.amount : 0;
  return {
    id: typeof intent.latest_charge === "string" ? intent.latest_charge : "",
    object: "charge",
    amount: intent.amount,
    amount_captured: intent.amount_received,
    amount_refunded: refundedMinor + released,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: { address: null, email: null, name: null, phone: null, tax_id: null },
    calculated_statement_descriptor: "MARQUEE",
    captured: intent.status === "succeeded",
    created: intent.created,
    currency: intent.currency,
    customer: null,
    description: null,
    disputed,
    failure_balance_transaction: null,
    failure_code: failure?.code ?? null,
    failure_message: failure?.message ?? null,
    fraud_details: {},
    livemode: false,
    metadata: intent.metadata,
    on_behalf_of: null,
    outcome: null,
    paid: failure === null,
    payment_intent: intent.id,
    payment_method: typeof intent.payment_method === "string" ? intent.payment_method : null,
    payment_method_details: detailsOf(intent),
    receipt_email: null,
    receipt_number: null,
    receipt_url: null,
    refunded: released > 0 || (refundedMinor > 0 && refundedMinor === intent.amount_received),
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: failure === null ? "succeeded" : "failed",
    transfer_data: null,
    transfer_group: null,
  };
}

/** What the house reads of a card: the same for all payments with one test card. */
function detailsOf({ payment_method: card }: Stripe.PaymentIntent) {
  if (typeof card !== "string") return null;
  const fingerprint = createHash("sha256").update(card).digest("base64url").slice(0, 16);
  return { type: "card", card: { fingerprint } } as Stripe.Charge.PaymentMethodDetails;
}

export type EventObject = Stripe.PaymentIntent | Stripe.Charge | Stripe.Refund | Stripe.Dispute;

export function newEvent(
  type: Stripe.Event["type"],
  object: EventObject,
  request: { id: string; idempotencyKey: string | null },
): Stripe.Event {
  // The type of an event depends on its name; that the object fits the name is up to those who call this.
  return {
    id: newId("evt"),
    object: "event",
    api_version: sandboxApiVersion,
    created: nowSeconds(),
    data: { object },
    livemode: false,
    pending_webhooks: 1,
    request: { id: request.id, idempotency_key: request.idempotencyKey },
    type,
  } as Stripe.Event;
}

export const sandboxApiVersion = "2026-10-28.endive";

export function newId(prefix: string): string {
  return `${prefix}_${randomBytes(18).toString("base64url").replaceAll("-", "A").replaceAll("_", "B")}`;
}

export function nowSeconds(): number {
  return Math.floor(Date.now() / 1_000);
}
