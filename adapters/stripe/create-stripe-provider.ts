import type Stripe from "stripe";

import type { PaymentProvider, ProviderNews } from "../../domain/payment.ts";
import { listBooksSince } from "./books-since.ts";
import { findCard, lookAtPayment, startPayment } from "./intents.ts";
import { capturePayment, voidPayment } from "./move-money.ts";
import { listNewsSince } from "./news-since.ts";
import { newsIn } from "./news.ts";
import { lookAtRefund, refundPayment } from "./refunds.ts";
import { createStripeCalls } from "./stripe-calls.ts";
import type { StripeCallLimits } from "./stripe-calls.ts";

export type StripeProvider = Required<Omit<PaymentProvider, "booksOf">> & {
  /** Whether the key moves real money. Events of the other mode are none of ours. */
  isLive: boolean;
  /** What an event of Stripe's says; `ignored` when it says nothing about a payment of ours. */
  newsIn(event: Stripe.Event): Promise<ProviderNews | "ignored">;
};

/**
 * Stripe as a payment provider. Nothing is kept in here: what is true of a payment is at Stripe, under keys made from the
 * payment's identity, so that every call may be repeated by anybody at any time.
 */
export function createStripeProvider(options: {
  apiUrl: string;
  secretKey: string;
  limits?: Partial<StripeCallLimits>;
}): StripeProvider {
  const calls = createStripeCalls(options);
  return {
    name: "stripe",
    start: (input) => startPayment(calls, input),
    look: (payment) => lookAtPayment(calls, payment),
    cardOf: (payment) => findCard(calls, payment),
    capture: (payment) => capturePayment(calls, payment),
    voidPayment: (payment) => voidPayment(calls, payment),
    refund: (payment, order) => refundPayment(calls, payment, order),
    lookAtRefund: (payment, order) => lookAtRefund(calls, payment, order),
    waitMs: calls.waitMs,
    newsSince: (sinceMs) => listNewsSince(calls, sinceMs),
    booksSince: (sinceMs) => listBooksSince(calls, sinceMs),
    isLive: /^[a-z]+_live_/.test(options.secretKey),
    newsIn: (event) => newsIn(calls, event),
  };
}
