import { uuidv7 } from "uuidv7";

import * as bookings from "../adapters/postgres/bookings.ts";
import type { BookingKey } from "../adapters/postgres/holds.ts";
import * as payments from "../adapters/postgres/payments.ts";
import type { Queryable } from "../adapters/postgres/pool.ts";
import { openStrayRefund } from "../adapters/postgres/refunds.ts";
import { DomainError } from "../domain/errors.ts";
import { isPaid } from "../domain/payment.ts";
import type { PaymentFact, PaymentProvider, PaymentProviderName } from "../domain/payment.ts";

export type PaymentDependencies = {
  db: Queryable;
  provider: (name: PaymentProviderName) => PaymentProvider;
};

/** `paid`: whose money is there. `unknown`: a provider does not answer. */
export type SettleOutcome = { outcome: "known"; paid: PaymentFact[] } | { outcome: "unknown" };

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
        const { capturedMinor } = await provider(fact.provider).capture(payment);
        return { outcome: "captured", capturedMinor };
      } catch (error) {
        if (isCode(error, "PAYMENT_DECLINED")) return { outcome: "failed" };
        throw error;
      }
    },

    /** Asks, and changes nothing: which payments of the booking are paid. */
    async findPaidPayments(booking: BookingKey): Promise<SettleOutcome> {
      try {
        const unsettled = await unsettledPayments(db, booking);
        const facts = await Promise.all(
          unsettled.map((payment) => provider(payment.provider).look(payment)),
        );
        return {
          outcome: "known",
          paid: facts.filter((fact) => fact !== "absent").filter(isPaid),
        };
      } catch (error) {
        if (isCode(error, "PAYMENT_PROVIDER_UNAVAILABLE")) return { outcome: "unknown" };
        throw error;
      }
    },

    /**
     * Asks about every payment that might still take money, and closes those that took none. Unknown as long as a provider does
     * not answer, unless money has been found all the same.
     * Safe to run again: asking changes nothing, and voiding twice is voiding once.
     */
    async settlePayments(booking: BookingKey): Promise<SettleOutcome> {
      const paid: PaymentFact[] = [];
      let isUnknown = false;
      for (const payment of await unsettledPayments(db, booking)) {
        try {
          const fact = await settle(payment);
          if (fact !== undefined) paid.push(fact);
        } catch (error) {
          if (!isCode(error, "PAYMENT_PROVIDER_UNAVAILABLE")) throw error;
          isUnknown = true;
        }
      }
      return isUnknown && paid.length === 0 ? { outcome: "unknown" } : { outcome: "known", paid };
    },

    /** Closes every payment, and fails until each provider has answered. What is paid already is returned, not closed. */
    async settleAllPayments(booking: BookingKey): Promise<PaymentFact[]> {
      const settled = await Promise.all((await unsettledPayments(db, booking)).map(settle));
      return settled.filter((fact) => fact !== undefined);
    },

    /**
     * Money that bought nothing goes back: voided if it has not moved, else a refund is opened for all of it.
     * Safe to run again: a void is known by the payment's id, a refund by its cause.
     */
    async returnPayment(fact: PaymentFact): Promise<ReturnOutcome> {
      const payment = await storedPayment(db, fact);
      const booking = await bookings.findBooking(db, fact);
      if (booking !== undefined && bookings.isBoughtWith(booking, fact.paymentId))
        return { outcome: "kept" };
      const from = provider(payment.provider);
      if ((await from.voidPayment(payment)) === "voided") {
        await payments.markPaymentVoided(db, payment);
        return { outcome: "voided" };
      }
      const taken = await from.look(payment);
      if (taken === "absent") throw new Error("A captured payment cannot be absent");
      await payments.recordCapture(db, { ...payment, capturedMinor: taken.amountMinor });
      const refund = await openStrayRefund(db, { ...payment, refundId: uuidv7(), cause: "stray" });
      if (refund.outcome === "in_use") return { outcome: "kept" };
      if (refund.outcome === "open") return { outcome: "refunding", refundId: refund.refundId };
      return { outcome: "refunded" };
    },
  };

  /** Closes a payment at its provider; the fact, if money is there. */
  async function settle(payment: payments.StoredPayment): Promise<PaymentFact | undefined> {
    const from = provider(payment.provider);
    const before = await from.look(payment);
    if (before !== "absent" && isPaid(before)) return before;
    if ((await from.voidPayment(payment)) === "voided") {
      await payments.markPaymentVoided(db, payment);
      return undefined;
    }
    // Paid between the two questions.
    const after = await from.look(payment);
    return after === "absent" ? undefined : after;
  }
}

async function storedPayment(db: Queryable, fact: PaymentFact): Promise<payments.StoredPayment> {
  const payment = await payments.findPayment(db, fact);
  // The row is written before the provider is called, so a fact about a payment without a row is not ours.
  if (payment === undefined) throw new DomainError("PAYMENT_NOT_FOUND");
  return payment;
}

async function unsettledPayments(db: Queryable, booking: BookingKey) {
  const all = await payments.listPayments(db, booking);
  return all.filter(({ status }) => ["creating", "open", "authorised"].includes(status));
}

function isCode(error: unknown, code: DomainError["code"]): boolean {
  return error instanceof DomainError && error.code === code;
}
