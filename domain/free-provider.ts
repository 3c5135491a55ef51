import type { PaymentFact, PaymentProvider, ProviderPaymentRef } from "./payment.ts";

/** Who is asked about a booking that costs nothing: it is paid as soon as it is asked for, and there is nothing to give back. */
export const freeProvider: PaymentProvider = {
  name: "free",
  start: async ({ paymentId }) => ({ providerPaymentId: paymentId, status: "captured" }),
  look: async (payment) => freeFact(payment),
  capture: async () => ({ capturedMinor: 0 }),
  voidPayment: async () => "voided",
  refund: async () => ({ status: "succeeded", providerRefundId: null }),
  lookAtRefund: async () => ({ status: "succeeded", providerRefundId: null }),
};

function freeFact({ paymentId, bookingId, showId, currency }: ProviderPaymentRef): PaymentFact {
  return {
    eventId: `asked:${paymentId}:captured`,
    provider: "free",
    paymentId,
    bookingId,
    showId,
    status: "captured",
    amountMinor: 0,
    currency,
  };
}
