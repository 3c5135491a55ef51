import type { ProviderEntry } from "../../domain/payment.ts";
import { fromStripeAmount } from "./amounts.ts";
import { factOf, identityOf, isUuid } from "./payment-fact.ts";
import { readPages } from "./read-pages.ts";
import { stateOf } from "./refunds.ts";
import type { StripeCalls } from "./stripe-calls.ts";

/**
 * Our payments and refunds among those that Stripe has made since a moment. An account may be shared: intents without our
 * metadata are none of ours. Throws `PAYMENT_PROVIDER_UNAVAILABLE` rather than stop before the end of its lists.
 */
export async function* listBooksSince(
  calls: StripeCalls,
  sinceMs: number,
): AsyncGenerator<ProviderEntry> {
  const created = { gte: Math.floor(sinceMs / 1_000) };
  const intents = readPages(pagesMax, (page) =>
    calls.call("payment_intents.list", () =>
      calls.stripe.paymentIntents.list({ created, ...page }),
    ),
  );
  for await (const page of intents) {
    for (const intent of page) {
      const fact = factOf(intent, `listed:${intent.id}`);
      if (fact === undefined) continue;
      const { paymentId, bookingId, showId, status, amountMinor, currency } = fact;
      const payment = { paymentId, bookingId, showId, status, amountMinor, currency };
      yield { kind: "payment", providerPaymentId: intent.id, ...payment };
    }
  }

  const refunds = readPages(pagesMax, (page) =>
    calls.call("refunds.list", () => calls.stripe.refunds.list({ created, ...page })),
  );
  for await (const page of refunds) {
    for (const refund of page) {
      const { payment_intent: intent, metadata } = refund;
      if (intent === null) continue;
      yield {
        kind: "refund",
        providerPaymentId: typeof intent === "string" ? intent : intent.id,
        providerRefundId: refund.id,
        ours: oursIn(metadata ?? {}),
        status: stateOf(refund).status,
        amountMinor: fromStripeAmount(refund.amount, refund.currency),
        currency: refund.currency.toUpperCase(),
      };
    }
  }
}

/** A million of each. */
const pagesMax = 10_000;

function oursIn(metadata: Record<string, string>) {
  const identity = identityOf(metadata);
  const { refund: refundId } = metadata;
  if (identity === undefined || !isUuid(refundId)) return undefined;
  return { refundId, showId: identity.showId, bookingId: identity.bookingId };
}
