import Stripe from "stripe";

import { DomainError } from "../../domain/errors.ts";
import type { ProviderPaymentRef } from "../../domain/payment.ts";
import { fromStripeAmount, toStripeAmount } from "./amounts.ts";
import { createIntent, findIntent, findIntentId } from "./intents.ts";
import { statusOf } from "./payment-fact.ts";
import { hasCode, intentInside } from "./stripe-errors.ts";
import { underFreshKey } from "./stripe-calls.ts";
import type { StripeCalls } from "./stripe-calls.ts";

/** Safe to repeat: an intent is captured once, and a repeat is told what that capture has taken. */
export async function capturePayment(
  calls: StripeCalls,
  payment: ProviderPaymentRef,
): Promise<{ capturedMinor: number }> {
  const intentId = await findIntentId(calls, payment);
  const amount = toStripeAmount(payment);
  try {
    const intent = await underFreshKey(`capture:${payment.paymentId}`, (idempotencyKey) =>
      calls.call("payment_intents.capture", () =>
        calls.stripe.paymentIntents.capture(
          intentId,
          { amount_to_capture: amount },
          { idempotencyKey },
        ),
      ),
    );
    return { capturedMinor: fromStripeAmount(intent.amount_received, intent.currency) };
  } catch (error) {
    const intent = intentInside(error);
    if (intent?.status === "succeeded") {
      return { capturedMinor: fromStripeAmount(intent.amount_received, intent.currency) };
    }
    if (isFinalRefusal(error, intent)) {
      throw new DomainError("PAYMENT_DECLINED", { provider: "stripe" }, { cause: error });
    }
    if (intent?.status === "processing") throw undecided(error);
    throw error;
  }
}

/**
 * Safe to repeat: an intent is cancelled once. A payment that was never seen at Stripe is created under its start's key and
 * cancelled, so that a start that is still on its way finds the key taken and nothing to pay.
 */
export async function voidPayment(
  calls: StripeCalls,
  payment: ProviderPaymentRef,
): Promise<"voided" | "captured"> {
  const intent = (await findIntent(calls, payment)) ?? (await createToVoid(calls, payment));
  if (intent === "impossible") return "voided";
  const status = statusOf(intent);
  if (status === "voided" || status === "captured") return status;
  try {
    await underFreshKey(`void:${payment.paymentId}`, (idempotencyKey) =>
      calls.call("payment_intents.cancel", () =>
        calls.stripe.paymentIntents.cancel(intent.id, {}, { idempotencyKey }),
      ),
    );
    return "voided";
  } catch (error) {
    const refused = intentInside(error);
    if (refused?.status === "canceled") return "voided";
    if (refused?.status === "succeeded") return "captured";
    if (refused?.status === "processing") throw undecided(error);
    throw error;
  }
}

async function createToVoid(calls: StripeCalls, payment: ProviderPaymentRef) {
  try {
    return await createIntent(calls, payment);
  } catch (error) {
    // No start can make one either.
    if (error instanceof DomainError && error.code === "PAYMENT_AMOUNT_UNSUPPORTED") {
      return "impossible";
    }
    throw error;
  }
}

/** Whether this capture can never succeed: the bank says no, the authorisation is over, or it never covered the amount. */
function isFinalRefusal(error: unknown, intent: Stripe.PaymentIntent | undefined): boolean {
  if (error instanceof Stripe.errors.StripeCardError) return true;
  if (hasCode(error, "charge_expired_for_capture", "amount_too_large")) return true;
  return intent !== undefined && finalStatuses.includes(intent.status);
}

/** Not `processing`: that one is still being decided. */
const finalStatuses: Stripe.PaymentIntent.Status[] = [
  "canceled",
  "requires_payment_method",
  "requires_confirmation",
  "requires_action",
];

function undecided(cause: unknown): DomainError {
  return new DomainError("PAYMENT_PROVIDER_UNAVAILABLE", { provider: "stripe" }, { cause });
}
