import Stripe from "stripe";

import { DomainError } from "../../domain/errors.ts";
import type { PaymentProvider, ProviderPaymentRef } from "../../domain/payment.ts";
import { createIntent, findIntent } from "./intents.ts";
import { metadataOf, statusOf } from "./payment-fact.ts";
import { hasCode, intentInside } from "./stripe-errors.ts";
import { underFreshKey } from "./stripe-calls.ts";
import type { StripeCalls } from "./stripe-calls.ts";

/** Safe to repeat: an intent is captured once, and a repeat is told what that capture has taken. */
export async function capturePayment(
  calls: StripeCalls,
  payment: ProviderPaymentRef,
): Promise<{ capturedMinor: number }> {
  const intentId = await intentIdOf(calls, payment);
  try {
    const intent = await underFreshKey(`capture:${payment.paymentId}`, (idempotencyKey) =>
      calls.call(() =>
        calls.stripe.paymentIntents.capture(
          intentId,
          { amount_to_capture: payment.amountMinor },
          { idempotencyKey },
        ),
      ),
    );
    return { capturedMinor: intent.amount_received };
  } catch (error) {
    const intent = intentInside(error);
    if (intent?.status === "succeeded") return { capturedMinor: intent.amount_received };
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
  const intent = (await findIntent(calls, payment)) ?? (await createIntent(calls, payment));
  const status = statusOf(intent);
  if (status === "voided" || status === "captured") return status;
  try {
    await underFreshKey(`void:${payment.paymentId}`, (idempotencyKey) =>
      calls.call(() => calls.stripe.paymentIntents.cancel(intent.id, {}, { idempotencyKey })),
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

/**
 * Safe to repeat: a refund is known by its id in its metadata. One that Stripe accepted and that failed later is made anew,
 * under a key that counts the failed ones.
 */
export async function refundPayment(
  calls: StripeCalls,
  payment: Parameters<PaymentProvider["refund"]>[0],
): Promise<void> {
  const intentId = await intentIdOf(calls, payment);
  const known = await calls.call(() =>
    calls.stripe.refunds.list({ payment_intent: intentId, limit: 100 }),
  );
  const ours = known.data.filter(({ metadata }) => metadata?.["refund"] === payment.refundId);
  if (ours.some((refund) => !hasFailed(refund))) return;

  const key = `refund:${payment.refundId}${ours.length === 0 ? "" : `:after:${ours.length}`}`;
  try {
    const refund = await underFreshKey(key, (idempotencyKey) =>
      calls.call(() =>
        calls.stripe.refunds.create(
          {
            payment_intent: intentId,
            amount: payment.amountMinor,
            metadata: { ...metadataOf(payment), refund: payment.refundId },
          },
          { idempotencyKey },
        ),
      ),
    );
    if (hasFailed(refund)) throw undecided(refund);
  } catch (error) {
    // The money is back, whoever sent it: a concurrent repeat of this refund, or a person at Stripe's dashboard.
    if (!hasCode(error, "charge_already_refunded")) throw error;
  }
}

async function intentIdOf(calls: StripeCalls, payment: ProviderPaymentRef): Promise<string> {
  if (payment.providerPaymentId !== null) return payment.providerPaymentId;
  const intent = await findIntent(calls, payment);
  if (intent === undefined) throw new DomainError("PAYMENT_NOT_FOUND");
  return intent.id;
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

function hasFailed({ status }: Stripe.Refund): boolean {
  return status === "failed" || status === "canceled";
}

function undecided(cause: unknown): DomainError {
  return new DomainError("PAYMENT_PROVIDER_UNAVAILABLE", { provider: "stripe" }, { cause });
}
