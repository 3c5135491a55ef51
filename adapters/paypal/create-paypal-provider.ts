import type { PaymentProvider } from "../../domain/payment.ts";
import { readBooksOf } from "./books-of.ts";
import { listBooksSince } from "./books-since.ts";
import { capturePayment, voidPayment } from "./move-money.ts";
import { lookAtPayment, startPayment } from "./orders.ts";
import { createPaypalCalls } from "./paypal-calls.ts";
import type { PaypalCallOptions } from "./paypal-calls.ts";
import { lookAtRefund, refundPayment } from "./refunds.ts";

/**
 * PayPal as a payment provider. Nothing is kept in here but an access token: what is true of a payment is at PayPal, under keys
 * made from the payment's identity, so that every call may be repeated by anybody at any time.
 */
export function createPaypalProvider(options: PaypalCallOptions): PaymentProvider {
  const calls = createPaypalCalls(options);
  return {
    name: "paypal",
    start: (input) => startPayment(calls, input),
    look: (payment) => lookAtPayment(calls, payment),
    capture: (payment) => capturePayment(calls, payment),
    voidPayment: (payment) => voidPayment(calls, payment),
    refund: (payment, order) => refundPayment(calls, payment, order),
    lookAtRefund: (payment, order) => lookAtRefund(calls, payment, order),
    booksSince: (sinceMs) => listBooksSince(calls, sinceMs),
    booksOf: (payment, providerRefundIds) => readBooksOf(calls, payment, providerRefundIds),
  };
}
