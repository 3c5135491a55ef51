import type Stripe from "stripe";

import type { ApiRequest, ApiRoute } from "./api-route.ts";
import { integerOf, listOf, objectOf, textOf, textsOf } from "./form.ts";
import { cancelIntent, captureIntent, confirmIntent, tell } from "./intent-changes.ts";
import type { Ledger } from "./ledger.ts";
import { pageOf, searchOf } from "./lists.ts";
import { chargeOf, newIntent } from "./objects.ts";
import { invalidParameter, missing, Refusal } from "./refusal.ts";
import { refuseAmount } from "./refuse-amount.ts";

export const intentRoutes: ApiRoute[] = [
  { method: "POST", path: "/v1/payment_intents", answer: create },
  {
    method: "GET",
    path: "/v1/payment_intents/search",
    answer: (ledger, { form }) => searchOf(ledger.intents(), form),
  },
  {
    method: "GET",
    path: "/v1/payment_intents",
    answer: (ledger, { form }) => pageOf(ledger.intents(), form, "/v1/payment_intents"),
  },
  { method: "GET", path: "/v1/payment_intents/:id", publishable: true, answer: expandedIntent },
  {
    method: "POST",
    path: "/v1/payment_intents/:id/confirm",
    publishable: true,
    answer: (ledger, request) => {
      const intent = ownIntent(ledger, request);
      return confirmIntent(ledger, intent, textOf(request.form, "payment_method"), request);
    },
  },
  {
    method: "POST",
    path: "/v1/payment_intents/:id/capture",
    answer: (ledger, request) => {
      const intent = ownIntent(ledger, request);
      const amount = integerOf(request.form, "amount_to_capture") ?? intent.amount_capturable;
      return captureIntent(ledger, intent, amount, request);
    },
  },
  {
    method: "POST",
    path: "/v1/payment_intents/:id/cancel",
    answer: (ledger, request) => {
      const reason = textOf(request.form, "cancellation_reason") ?? null;
      return cancelIntent(ledger, ownIntent(ledger, request), reason, request);
    },
  },
];

function create(ledger: Ledger, request: ApiRequest): Stripe.PaymentIntent {
  const { form } = request;
  const currency = textOf(form, "currency") ?? "";
  if (!/^[a-z]{3}$/.test(currency)) throw invalidParameter("currency", "Invalid currency.");
  const amount = integerOf(form, "amount") ?? 0;
  refuseAmount(amount, currency);
  // Gone since version 23 of the client: who still sends it would fail at Stripe too.
  if (form["payment_method_types"] !== undefined) {
    throw invalidParameter("payment_method_types", "Received unknown parameter.");
  }
  const automatic = objectOf(form, "automatic_payment_methods");
  const redirects = textOf(automatic, "allow_redirects");
  const intent = newIntent({
    amount,
    currency,
    capture_method: textOf(form, "capture_method") ?? "automatic_async",
    metadata: textsOf(form, "metadata"),
    automaticPaymentMethods:
      textOf(automatic, "enabled") === "true"
        ? { enabled: true, ...(redirects === undefined ? {} : { allow_redirects: redirects }) }
        : null,
  });
  ledger.put({ intent });
  tell(ledger, "payment_intent.created", intent, request);
  if (textOf(form, "confirm") !== "true") return intent;
  return confirmIntent(ledger, intent, textOf(form, "payment_method"), request);
}

/** An intent as it is asked for: with its last charge inside, if that is wanted. */
function expandedIntent(ledger: Ledger, request: ApiRequest): Stripe.PaymentIntent {
  const intent = ownIntent(ledger, request);
  const isExpanded = listOf(request.form, "expand").includes("latest_charge");
  if (!isExpanded || intent.latest_charge === null) return intent;
  return { ...intent, latest_charge: chargeOf(intent, ledger.refundedMinor(intent.id)) };
}

/** A browser has to know the client secret; without it the intent does not exist for it. */
function ownIntent(ledger: Ledger, request: ApiRequest): Stripe.PaymentIntent {
  const intent = ledger.intent(request.objectId);
  if (intent === undefined) throw missing("payment_intent", request.objectId, "intent");
  if (request.caller === "secret") return intent;
  const secret = textOf(request.form, "client_secret");
  if (secret === undefined) {
    throw new Refusal(401, {
      type: "invalid_request_error",
      message: "This API call cannot be made with a publishable API key.",
    });
  }
  if (secret !== intent.client_secret) throw missing("payment_intent", request.objectId, "intent");
  return intent;
}
