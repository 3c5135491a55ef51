import type { CapturedPayment, Order, Refund } from "@paypal/paypal-server-sdk";

import type { PaymentFact, ProviderEntry, ProviderPaymentRef } from "../../domain/payment.ts";
import { fromPaypalAmount } from "./amounts.ts";
import { readCapture, readOrder } from "./find-order.ts";
import { factOf, factOfCapture, takenCaptures, unitOf } from "./order-state.ts";
import { readProviderPaymentId, readRefundInvoiceId } from "./payment-identity.ts";
import type { PaypalCalls } from "./paypal-calls.ts";
import { isUnknownToPaypal } from "./paypal-errors.ts";
import { stateOf } from "./refunds.ts";

/**
 * What PayPal says of a payment and its refunds at this moment. Unlike a look, it sets no money aside. An order says everything;
 * when PayPal has forgotten it, the capture is left, and of the refunds those whose ids we know.
 */
export async function readBooksOf(
  calls: PaypalCalls,
  payment: ProviderPaymentRef,
  providerRefundIds: readonly string[],
): Promise<ProviderEntry[]> {
  // The answer to its start was lost, and PayPal finds orders by their ids only.
  if (payment.providerPaymentId === null) return [];
  const { orderId, captureId } = readProviderPaymentId(payment.providerPaymentId);
  try {
    return entriesOfOrder(payment, await readOrder(calls, orderId));
  } catch (error) {
    if (!isUnknownToPaypal(error)) throw error;
  }
  // An order that was never paid is forgotten, and no money can come of it any more.
  if (captureId === undefined) return [];
  const capture = await readCapture(calls, captureId);
  const refunds: Refund[] = [];
  for (const refundId of providerRefundIds) {
    refunds.push(
      await calls.call(({ payments }, options) => payments.getRefund({ refundId }, options)),
    );
  }
  return entriesOfCapture(payment, captureId, { capture, refunds });
}

function entriesOfOrder(payment: ProviderPaymentRef, order: Order): ProviderEntry[] {
  const fact = factOf(order, "");
  if (fact === undefined) return [];
  // All its refunds are told under one name, also where more than one capture has taken money.
  const providerPaymentId = takenCaptures(order)[0]?.id ?? order.id ?? "";
  const refunds = unitOf(order)?.payments?.refunds ?? [];
  return [
    paymentEntry(providerPaymentId, fact),
    ...refunds.map((refund) => refundEntry(payment, providerPaymentId, refund)),
  ];
}

function entriesOfCapture(
  payment: ProviderPaymentRef,
  captureId: string,
  { capture, refunds }: { capture: CapturedPayment; refunds: Refund[] },
): ProviderEntry[] {
  const fact = factOfCapture(capture, "");
  return [
    ...(fact === undefined ? [] : [paymentEntry(captureId, fact)]),
    ...refunds.map((refund) => refundEntry(payment, captureId, refund)),
  ];
}

function paymentEntry(
  providerPaymentId: string,
  { paymentId, bookingId, showId, status, amountMinor, currency }: PaymentFact,
): ProviderEntry {
  const entry = { paymentId, bookingId, showId, status, amountMinor, currency };
  return { kind: "payment", providerPaymentId, ...entry };
}

function refundEntry(
  { showId, bookingId }: ProviderPaymentRef,
  providerPaymentId: string,
  refund: Refund,
): ProviderEntry {
  const made = readRefundInvoiceId(refund.invoiceId);
  return {
    kind: "refund",
    providerPaymentId,
    providerRefundId: refund.id ?? "",
    ours: made === undefined ? undefined : { refundId: made.refundId, showId, bookingId },
    status: stateOf(refund).status,
    ...fromPaypalAmount(refund.amount),
  };
}
