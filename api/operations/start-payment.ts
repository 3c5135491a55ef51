import { uuidv7 } from "uuidv7";

import { markPaymentStarted, openPayment } from "../../adapters/postgres/payments.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import { paymentAttemptsMax } from "../../domain/booking.ts";
import { DomainError } from "../../domain/errors.ts";
import type { Money } from "../../domain/money.ts";
import type { PaymentProvider, PaymentProviderName, PaymentStart } from "../../domain/payment.ts";

export type StartedPayment = PaymentStart & {
  paymentId: string;
  provider: PaymentProviderName;
  amount: Money;
};

/** Starts paying a live hold, or goes on with the attempt that is open. */
export function createStartPayment(deps: { db: Queryable; providers: PaymentProvider[] }) {
  return async (input: {
    bookingId: string;
    showId: string;
    userId: string;
    provider?: PaymentProviderName | undefined;
  }): Promise<StartedPayment> => {
    const provider = deps.providers.find(({ name }) => name === (input.provider ?? name));
    if (provider === undefined) throw new DomainError("PAYMENT_PROVIDER_UNAVAILABLE");

    // The row first: no charge can exist that the database has not heard of.
    const { bookingId, showId, userId } = input;
    const opened = await openPayment(deps.db, {
      bookingId,
      showId,
      userId,
      paymentId: uuidv7(),
      provider: provider.name,
      attemptsMax: paymentAttemptsMax,
    });
    if (opened.outcome === "refused") throw new DomainError(opened.code);

    const { paymentId, amountMinor, currency } = opened;
    const started = await provider.start({ paymentId, bookingId, showId, amountMinor, currency });
    await markPaymentStarted(deps.db, {
      showId,
      paymentId,
      providerPaymentId: started.providerPaymentId,
    });
    return { ...started, paymentId, provider: provider.name, amount: { amountMinor, currency } };
  };
}
