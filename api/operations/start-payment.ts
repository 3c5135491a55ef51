import { uuidv7 } from "uuidv7";

import type { CheckoutClient } from "../../adapters/checkout/create-checkout-client.ts";
import {
  listPayments,
  markPaymentStarted,
  markPaymentVoided,
  openPayment,
} from "../../adapters/postgres/payments.ts";
import type { StoredPayment } from "../../adapters/postgres/payments.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import { paymentAttemptsMax } from "../../domain/booking.ts";
import { DomainError, isDomainError } from "../../domain/errors.ts";
import { freeProvider } from "../../domain/free-provider.ts";
import type { Money } from "../../domain/money.ts";
import { isPaid } from "../../domain/payment.ts";
import type { PaymentProvider, PaymentProviderName, PaymentStart } from "../../domain/payment.ts";
import { readBooking } from "./read-booking.ts";
import type { OwnBooking } from "./read-booking.ts";
import { tellPaymentFact } from "./tell-payment-fact.ts";

export type StartedPayment = PaymentStart & {
  paymentId: string;
  provider: PaymentProviderName;
  amount: Money;
};

export type PaymentWish = OwnBooking & {
  provider?: PaymentProviderName | undefined;
  /** Of where the buyer is, when that is known and counted. */
  networkDigest?: Buffer | undefined;
};

type Deps = {
  db: Queryable;
  /** In the order in which they are tried. */
  providers: PaymentProvider[];
  checkouts: Pick<CheckoutClient, "deliverPaymentFact" | "extend">;
};

/**
 * Starts paying a live hold, or goes on with the attempt that is open: with the provider that the buyer wishes, else with the
 * first that answers. What an earlier provider may still hold open is closed here if possible; if not, its row stays open, and
 * the checkout asks about it before it ends.
 */
export function createStartPayment(deps: Deps) {
  return async ({ provider: wish, ...own }: PaymentWish): Promise<StartedPayment> => {
    await readBooking(deps.db, own);
    const candidates = deps.providers.filter(({ name }) => name === (wish ?? name));
    if (candidates.length === 0) {
      throw new DomainError("PAYMENT_PROVIDER_NOT_OFFERED", { provider: wish });
    }
    let lastError: unknown = new DomainError("PAYMENT_PROVIDER_UNAVAILABLE");
    for (const provider of candidates) {
      await closeOthers(deps, own, provider.name);
      try {
        return await startWith(deps, own, provider);
      } catch (error) {
        if (!isDomainError(error, "PAYMENT_PROVIDER_UNAVAILABLE")) throw error;
        lastError = error;
      }
    }
    await keepHold(deps, own);
    throw lastError;
  };
}

async function startWith(
  deps: Deps,
  { bookingId, showId, userId, networkDigest }: Omit<PaymentWish, "provider">,
  wanted: PaymentProvider,
): Promise<StartedPayment> {
  // The row first: no charge can exist that the database has not heard of.
  const opened = await openPayment(deps.db, {
    bookingId,
    showId,
    userId,
    paymentId: uuidv7(),
    provider: wanted.name,
    attemptsMax: paymentAttemptsMax,
    networkDigest,
  });
  if (opened.outcome === "refused") throw new DomainError(opened.code);
  const provider = opened.provider === "free" ? freeProvider : wanted;
  const { paymentId, amountMinor, currency } = opened;
  const payment = { paymentId, bookingId, showId, amountMinor, currency };
  const started = await provider.start(payment);
  const { providerPaymentId } = started;
  await markPaymentStarted(deps.db, { showId, paymentId, providerPaymentId });
  if (provider === freeProvider) {
    const fact = await freeProvider.look({ ...payment, providerPaymentId });
    if (fact !== "absent") await tellPaymentFact(deps, fact);
  }
  return { ...started, paymentId, provider: provider.name, amount: { amountMinor, currency } };
}

/** The buyer has changed their mind, or we have: what was begun elsewhere must not be paid as well. */
async function closeOthers(deps: Deps, own: OwnBooking, chosen: PaymentProviderName) {
  const payments = await listPayments(deps.db, own);
  const others = payments.filter(({ provider, status }) => provider !== chosen && isOpen(status));
  for (const payment of others) {
    try {
      await closePayment(deps, payment);
    } catch (error) {
      if (!isDomainError(error, "PAYMENT_PROVIDER_UNAVAILABLE")) throw error;
    }
  }
}

async function closePayment(deps: Deps, payment: StoredPayment): Promise<void> {
  const provider = deps.providers.find(({ name }) => name === payment.provider);
  const fact = await provider?.look(payment);
  if (fact === undefined) return;
  if (fact !== "absent" && isPaid(fact)) {
    await tellPaymentFact(deps, fact);
    throw new DomainError("PAYMENT_ALREADY_AUTHORISED");
  }
  // Captured in between: then its news is on the way, and the row stays open for the checkout to ask about.
  if ((await provider?.voidPayment(payment)) === "voided") {
    await markPaymentVoided(deps.db, payment);
  }
}

/** Nobody can be paid at the moment. The seats stay with the buyer a little longer, as far as the cap allows. */
async function keepHold(deps: Deps, { showId, bookingId }: OwnBooking): Promise<void> {
  try {
    await deps.checkouts.extend({ showId, bookingId, requestId: uuidv7(), by: "outage" });
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
  }
}

function isOpen(status: StoredPayment["status"]): boolean {
  return status === "creating" || status === "open" || status === "authorised";
}
