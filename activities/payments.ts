import * as bookings from "../adapters/postgres/bookings.ts";
import type { BookingKey } from "../adapters/postgres/holds.ts";
import * as payments from "../adapters/postgres/payments.ts";
import type { Queryable } from "../adapters/postgres/pool.ts";
import { DomainError } from "../domain/errors.ts";
import type {
  PaymentFact,
  PaymentProvider,
  PaymentProviderName,
  ProviderPaymentRef,
} from "../domain/payment.ts";

export type PaymentDependencies = {
  db: Queryable;
  provider: (name: PaymentProviderName) => PaymentProvider;
};

export type SettleOutcome =
  { outcome: "paid"; fact: PaymentFact } | { outcome: "none" | "unknown" };

/** Money, as activities. Each key that a provider sees comes from the payment's identity, so a second run moves nothing. */
export function createPaymentActivities({ db, provider }: PaymentDependencies) {
  /** Voids what has not moved and refunds what has; done when the provider has accepted it. */
  async function giveBack(payment: payments.StoredPayment): Promise<"voided" | "refunded"> {
    const from = provider(payment.provider);
    if ((await from.voidPayment(payment)) === "voided") {
      await payments.markPaymentVoided(db, payment);
      return "voided";
    }
    const { paymentId: refundId, amountMinor } = payment;
    const { status } = await from.refund(payment, { refundId, attempt: 1, amountMinor });
    if (status === "failed") throw new DomainError("PAYMENT_PROVIDER_UNAVAILABLE");
    await payments.markPaymentRefunded(db, payment);
    return "refunded";
  }

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
        if (error instanceof DomainError && error.code === "PAYMENT_DECLINED") {
          return { outcome: "failed" };
        }
        throw error;
      }
    },

    /**
     * Asks about every payment that might still take money, and closes those that took none.
     * Safe to run again: asking changes nothing, and voiding twice is voiding once.
     */
    async settlePayments(booking: BookingKey): Promise<SettleOutcome> {
      try {
        for (const payment of await unsettledPayments(db, booking)) {
          const fact = await provider(payment.provider).look(payment);
          if (fact !== "absent" && (fact.status === "authorised" || fact.status === "captured")) {
            return { outcome: "paid", fact };
          }
          await giveBack(payment);
        }
        return { outcome: "none" };
      } catch (error) {
        if (error instanceof DomainError && error.code === "PAYMENT_PROVIDER_UNAVAILABLE") {
          return { outcome: "unknown" };
        }
        throw error;
      }
    },

    /** Safe to run again: void and refund are known by the payment's id; money that bought tickets is never returned here. */
    async returnPayment(fact: PaymentFact): Promise<{ outcome: "voided" | "refunded" | "kept" }> {
      const booking = await bookings.findBooking(db, fact);
      if (booking?.status === "ticketed" && booking.paymentId === fact.paymentId) {
        return { outcome: "kept" };
      }
      return { outcome: await giveBack(await storedPayment(db, fact)) };
    },

    /** Safe to run again: it starts with the payments that are still unsettled. Fails until the provider has answered for all. */
    async returnPayments(booking: BookingKey): Promise<void> {
      for (const payment of await unsettledPayments(db, booking)) await giveBack(payment);
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

async function storedPayment(
  db: Queryable,
  fact: PaymentFact,
): Promise<payments.StoredPayment & ProviderPaymentRef> {
  const payment = await payments.findPayment(db, fact);
  // The row is written before the provider is called, so a fact about a payment without a row is not ours.
  if (payment === undefined) throw new DomainError("PAYMENT_NOT_FOUND");
  return payment;
}

async function unsettledPayments(db: Queryable, booking: BookingKey) {
  const all = await payments.listPayments(db, booking);
  return all.filter(({ status }) => ["creating", "open", "authorised"].includes(status));
}
