import { findPayment, keepCard } from "../adapters/postgres/payments.ts";
import type { Queryable } from "../adapters/postgres/pool.ts";
import { DomainError } from "../domain/errors.ts";
import type { PaymentFact, PaymentProvider, PaymentProviderName } from "../domain/payment.ts";

export type CardDependencies = {
  db: Queryable;
  provider: (name: PaymentProviderName) => PaymentProvider;
};

/**
 * Runs a statement that may refuse with `card_unknown`: the provider is asked for the card then, and it runs again. So a show
 * without a limit for cards costs no question. A provider that does not answer lets the activity fail, which is tried again.
 */
export async function withKnownCard<Outcome extends { outcome: string; reason?: string }>(
  { db, provider }: CardDependencies,
  fact: PaymentFact,
  run: () => Promise<Outcome>,
): Promise<Outcome> {
  const first = await run();
  if (first.reason !== "card_unknown") return first;
  const payment = await findPayment(db, fact);
  if (payment === undefined) throw new DomainError("PAYMENT_NOT_FOUND");
  const card = await provider(payment.provider).cardOf?.(payment);
  await keepCard(db, { ...payment, card });
  return run();
}
