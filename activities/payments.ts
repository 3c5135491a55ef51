import * as payments from "../adapters/postgres/payments.ts";
import type { Queryable } from "../adapters/postgres/pool.ts";
import { openStrayRefund } from "../adapters/postgres/refunds.ts";
import { DomainError, isDomainError } from "../domain/errors.ts";
import type { PaymentFact, PaymentProvider, PaymentProviderName } from "../domain/payment.ts";

export type PaymentDependencies = {
  db: Queryable;
  provider: (name: PaymentProviderName) => PaymentProvider;
};

/** `kept`: the payment has bought tickets. `refunding`: the refund is opened, and has yet to be driven. */
export type ReturnOutcome =
  { outcome: "voided" | "kept" | "refunded" } | { outcome: "refunding"; refundId: string };

/** Money, as activities. Each key that a provider sees comes from the payment's identity, so a second run moves nothing. */
export function createPaymentActivities({ db, provider }: PaymentDependencies) {
  return {
    /** Safe to run again: the provider knows the capture by the payment's id. */
    async capturePayment(
      fact: PaymentFact,
    ): Promise<{ outcome: "captured"; capturedMinor: number } | { outcome: "failed" }> {
      try {
        const payment = await storedPayment(db, fact);
        const captured = await provider(fact.provider).capture(payment);
        await keepProviderPaymentId(db, payment, captured);
        return { outcome: "captured", capturedMinor: captured.capturedMinor };
      } catch (error) {
        if (isDomainError(error, "PAYMENT_DECLINED")) return { outcome: "failed" };
        throw error;
      }
    },

    /**
     * Money that bought nothing goes back: voided if it has not moved, else a refund is opened for all of it.
     * Safe to run again: a void is known by the payment's id, a refund by its cause.
     */
    async returnPayment(fact: PaymentFact): Promise<ReturnOutcome> {
      const payment = await storedPayment(db, fact);
      // Decided before it is done: a lost attempt to buy with it may still come.
      if ((await payments.returnPayment(db, payment)) === "kept") return { outcome: "kept" };
      const from = provider(payment.provider);
      if ((await from.voidPayment(payment)) === "voided") {
        await payments.markPaymentVoided(db, payment);
        return { outcome: "voided" };
      }
      const taken = await from.look(payment);
      if (taken === "absent") throw new Error("A captured payment cannot be absent");
      await payments.recordCapture(db, { ...payment, capturedMinor: taken.amountMinor });
      const refund = await openStrayRefund(db, { ...payment, cause: "stray" });
      if (refund.outcome === "in_use") return { outcome: "kept" };
      if (refund.outcome === "open") return { outcome: "refunding", refundId: refund.refundId };
      return { outcome: "refunded" };
    },
  };
}

/** Kept before the tickets are issued: without it their money may have no way back. */
async function keepProviderPaymentId(
  db: Queryable,
  payment: payments.StoredPayment,
  { providerPaymentId }: { providerPaymentId?: string },
): Promise<void> {
  if (providerPaymentId === undefined) return;
  await payments.keepProviderPaymentId(db, { ...payment, providerPaymentId });
}

async function storedPayment(db: Queryable, fact: PaymentFact): Promise<payments.StoredPayment> {
  const payment = await payments.findPayment(db, fact);
  // The row is written before the provider is called, so a fact about a payment without a row is not ours.
  if (payment === undefined) throw new DomainError("PAYMENT_NOT_FOUND");
  return payment;
}
