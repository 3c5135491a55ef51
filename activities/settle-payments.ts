import type { BookingKey } from "../adapters/postgres/holds.ts";
import * as payments from "../adapters/postgres/payments.ts";
import type { Queryable } from "../adapters/postgres/pool.ts";
import { DomainError, isDomainError } from "../domain/errors.ts";
import { isPaid } from "../domain/payment.ts";
import type { PaymentFact } from "../domain/payment.ts";
import type { PaymentDependencies } from "./payments.ts";

/** `paid`: whose money is there. `unknown`: a provider does not answer. */
export type SettleOutcome = { outcome: "known"; paid: PaymentFact[] } | { outcome: "unknown" };

/** What became of payments that were begun, as activities: the providers are asked, and what took no money is closed. */
export function createSettleActivities({ db, provider }: PaymentDependencies) {
  return {
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
        if (isDomainError(error, "PAYMENT_PROVIDER_UNAVAILABLE")) return { outcome: "unknown" };
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
          if (!isDomainError(error, "PAYMENT_PROVIDER_UNAVAILABLE")) throw error;
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
    // Paid between the two questions, or not decided yet.
    const after = await from.look(payment);
    if (after !== "absent" && isPaid(after)) return after;
    throw new DomainError("PAYMENT_PROVIDER_UNAVAILABLE", { provider: payment.provider });
  }
}

async function unsettledPayments(db: Queryable, booking: BookingKey) {
  const all = await payments.listPayments(db, booking);
  return all.filter(({ status }) => ["creating", "open", "authorised"].includes(status));
}
