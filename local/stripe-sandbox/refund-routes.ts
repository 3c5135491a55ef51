import type Stripe from "stripe";

import type { ApiRequest, ApiRoute } from "./api-route.ts";
import { blocksRefunds } from "./disputes.ts";
import { integerOf, textOf, textsOf } from "./form.ts";
import { tell } from "./intent-changes.ts";
import type { Ledger } from "./ledger.ts";
import { pageOf } from "./lists.ts";
import { chargeOf, newRefund } from "./objects.ts";
import { invalidParameter, missing, Refusal } from "./refusal.ts";
import { refuseDecimals } from "./refuse-amount.ts";
import { findTestCard } from "./test-cards.ts";

export const refundRoutes: ApiRoute[] = [
  { method: "POST", path: "/v1/refunds", answer: create },
  {
    method: "GET",
    path: "/v1/refunds",
    answer: (ledger, { form }) => {
      const intentId = textOf(form, "payment_intent");
      if (intentId !== undefined && ledger.intent(intentId) === undefined) {
        throw missing("payment_intent", intentId, "payment_intent");
      }
      return pageOf(ledger.refunds(intentId), form, "/v1/refunds");
    },
  },
  {
    method: "GET",
    path: "/v1/refunds/:id",
    answer: (ledger, { objectId }) => {
      const refund = ledger.refund(objectId);
      if (refund === undefined) throw missing("refund", objectId);
      return refund;
    },
  },
];

function create(ledger: Ledger, request: ApiRequest): Stripe.Refund {
  const intent = refundedIntent(ledger, request);
  const left = intent.amount_received - ledger.refundedMinor(intent.id);
  const amount = integerOf(request.form, "amount") ?? left;
  refuseRefund(ledger, intent, { amount, left }, request);
  const card = findTestCard(typeof intent.payment_method === "string" ? intent.payment_method : "");
  const awaited = request.fault === "balance_awaited";
  const refund = newRefund(intent, {
    amount,
    metadata: textsOf(request.form, "metadata"),
    reason: (textOf(request.form, "reason") ?? null) as Stripe.Refund.Reason | null,
    ...(awaited || card?.refund === "pending"
      ? { status: "pending", pending_reason: awaited ? "insufficient_funds" : "processing" }
      : { status: "succeeded" }),
  });
  ledger.put({ refund });
  tell(ledger, "refund.created", refund, request);
  tell(ledger, "charge.refunded", chargeOf(intent, ledger.refundedMinor(intent.id)), request);
  // The answer says succeeded and the bank says no afterwards, as it happens in life.
  if (card?.refund === "fails_later") settleRefund(ledger, refund, "failed", request);
  return refund;
}

/** In the order in which Stripe looks; that one is a guess. */
function refuseRefund(
  ledger: Ledger,
  intent: Stripe.PaymentIntent,
  { amount, left }: { amount: number; left: number },
  { fault }: ApiRequest,
): void {
  if (ledger.disputes(intent.id).some(blocksRefunds)) {
    throw refusedRefund("charge_disputed", `The charge of ${intent.id} has been charged back.`);
  }
  if (left === 0) {
    throw refusedRefund(
      "charge_already_refunded",
      `The charge of ${intent.id} has already been refunded.`,
    );
  }
  if (!(amount >= 1 && amount <= left)) {
    throw invalidParameter(
      "amount",
      `Refund amount (${amount}) is greater than unrefunded amount on charge (${left}).`,
    );
  }
  refuseDecimals(amount, intent.currency);
  if (fault === "balance_refused") {
    throw refusedRefund("balance_insufficient", "Your account's balance does not cover this.");
  }
}

function refusedRefund(code: string, message: string): Refusal {
  return new Refusal(400, { type: "invalid_request_error", code, message }, { stored: true });
}

/** A refund that was accepted turns out well or badly, which Stripe tells by an event. */
export function settleRefund(
  ledger: Ledger,
  before: Stripe.Refund,
  status: "succeeded" | "failed",
  cause: Pick<ApiRequest, "id" | "idempotencyKey">,
): Stripe.Refund {
  const refund: Stripe.Refund = {
    ...before,
    status,
    ...(status === "failed" ? { failure_reason: failureOf(before) } : {}),
  };
  ledger.put({ refund });
  tell(ledger, status === "failed" ? "refund.failed" : "refund.updated", refund, cause);
  return refund;
}

function failureOf({ pending_reason: why }: Stripe.Refund): string {
  return why === "insufficient_funds" ? why : "unknown";
}

function refundedIntent(ledger: Ledger, { form }: ApiRequest): Stripe.PaymentIntent {
  const id = textOf(form, "payment_intent");
  const charge = textOf(form, "charge");
  if (id === undefined && charge === undefined) {
    throw invalidParameter("payment_intent", "Name a payment_intent or a charge.");
  }
  const intent =
    id === undefined
      ? ledger.intents().find(({ latest_charge: latest }) => latest === charge)
      : ledger.intent(id);
  if (intent === undefined) throw missing("payment_intent", id ?? charge ?? "", "payment_intent");
  if (intent.status !== "succeeded") {
    throw invalidParameter(
      "payment_intent",
      `This PaymentIntent (${intent.id}) does not have a successful charge to refund.`,
    );
  }
  return intent;
}
