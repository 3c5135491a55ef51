import type Stripe from "stripe";

import type { ApiRequest, ApiRoute } from "./api-route.ts";
import { listOf, textOf } from "./form.ts";
import { tell } from "./intent-changes.ts";
import type { Ledger } from "./ledger.ts";
import { pageOf } from "./lists.ts";
import { newId, nowSeconds } from "./objects.ts";
import { invalidParameter, missing } from "./refusal.ts";

type Cause = Pick<ApiRequest, "id" | "idempotencyKey">;

export const disputeRoutes: ApiRoute[] = [
  {
    method: "GET",
    path: "/v1/disputes",
    answer: (ledger, { form }) =>
      pageOf(ledger.disputes(textOf(form, "payment_intent")), form, "/v1/disputes"),
  },
  {
    method: "GET",
    path: "/v1/disputes/:id",
    answer: (ledger, { objectId, form }) => {
      const dispute = ledger.dispute(objectId);
      if (dispute === undefined) throw missing("dispute", objectId);
      const isExpanded = listOf(form, "expand").includes("payment_intent");
      const intent = ledger.intents().find(({ id }) => id === dispute.payment_intent);
      return isExpanded ? { ...dispute, payment_intent: intent } : dispute;
    },
  },
];

/** The buyer's bank takes the money away while it is argued about. */
export function openDispute(
  ledger: Ledger,
  intent: Stripe.PaymentIntent,
  cause: Cause,
): Stripe.Dispute {
  if (intent.status !== "succeeded") {
    throw invalidParameter("payment_intent", `${intent.id} has taken no money to argue about.`);
  }
  const dispute = newDispute(intent);
  ledger.put({ dispute });
  tell(ledger, "charge.dispute.created", dispute, cause);
  tell(ledger, "charge.dispute.funds_withdrawn", dispute, cause);
  return dispute;
}

export function closeDispute(
  ledger: Ledger,
  before: Stripe.Dispute,
  status: "won" | "lost",
  cause: Cause,
): Stripe.Dispute {
  const dispute: Stripe.Dispute = { ...before, status };
  ledger.put({ dispute });
  if (status === "won") tell(ledger, "charge.dispute.funds_reinstated", dispute, cause);
  tell(ledger, "charge.dispute.closed", dispute, cause);
  return dispute;
}

/** A lost one has taken the money for good, so there is nothing left to give back either. */
export function blocksRefunds({ status }: Stripe.Dispute): boolean {
  return status !== "won";
}

function newDispute(intent: Stripe.PaymentIntent): Stripe.Dispute {
  return {
    id: newId("du"),
    object: "dispute",
    amount: intent.amount_received,
    balance_transactions: [],
    charge: intent.latest_charge ?? "",
    created: nowSeconds(),
    currency: intent.currency,
    enhanced_eligibility_types: [],
    // Thirty fields that are all empty until somebody argues, which this sandbox cannot.
    evidence: {} as Stripe.Dispute.Evidence,
    evidence_details: {
      due_by: nowSeconds() + evidenceSeconds,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: "not_submitted",
    },
    intended_submission_method: null,
    is_charge_refundable: false,
    livemode: false,
    // Stripe copies none of the charge's metadata.
    metadata: {},
    payment_intent: intent.id,
    reason: "fraudulent",
    status: "needs_response",
  };
}

const evidenceSeconds = 7 * 24 * 3_600;
