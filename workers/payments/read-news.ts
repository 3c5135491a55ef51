import type { CheckoutClient } from "../../adapters/checkout/create-checkout-client.ts";
import { storePaymentEvent } from "../../adapters/postgres/payment-events.ts";
import { listOpenPayments, markPaymentDisputed } from "../../adapters/postgres/payments.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import { findRefund } from "../../adapters/postgres/refunds.ts";
import { isPaid } from "../../domain/payment.ts";
import type { PaymentProvider, ProviderNews } from "../../domain/payment.ts";
import { isKnown } from "../../domain/refund.ts";

export type NewsDependencies = {
  db: Queryable;
  checkouts: Pick<CheckoutClient, "driveRefund">;
  stripe: Pick<PaymentProvider, "newsSince">;
  paypal: PaymentProvider | undefined;
};

/**
 * Asks providers what they have told us, or have not. Stripe keeps a list of its events; PayPal has none in its client, so each
 * payment that waits for its buyer is asked about. What is learned of payments is kept, and the redrive delivers it. Throws when
 * something could not be done: it is read and done again the next time, and what was done is not.
 */
export function createReadNews(deps: NewsDependencies): () => Promise<void> {
  const done = rememberRecent(10_000);
  // After a restart: an hour covers any pause that Stripe's own retries have not.
  let askedUntilMs = Date.now() - 3_600_000;

  return async () => {
    const startedAtMs = Date.now();
    // Events may be listed a little later than they happened, so each is read twice.
    const news = (await deps.stripe.newsSince?.(askedUntilMs - 60_000)) ?? [];
    for (const each of news) {
      const eventId = each.kind === "payment" ? each.fact.eventId : each.eventId;
      if (done.has(eventId)) continue;
      await act(deps, each);
      done.add(eventId);
    }
    askedUntilMs = startedAtMs;
    if (deps.paypal !== undefined) await askAboutOpenPayments(deps, deps.paypal);
  };
}

async function act({ db, checkouts }: NewsDependencies, news: ProviderNews): Promise<void> {
  if (news.kind === "payment") await storePaymentEvent(db, news.fact);
  if (news.kind === "dispute") await markPaymentDisputed(db, news);
  if (news.kind === "refund") {
    const refund = await findRefund(db, news);
    if (refund !== undefined && !isKnown(refund, news)) await checkouts.driveRefund(refund);
  }
}

async function askAboutOpenPayments(
  { db }: NewsDependencies,
  provider: PaymentProvider,
): Promise<void> {
  const open = await listOpenPayments(db, { provider: provider.name, ageMs: 60_000, limit: 100 });
  for (const payment of open) {
    const fact = await provider.look(payment);
    if (fact !== "absent" && isPaid(fact)) await storePaymentEvent(db, fact);
  }
}

/** Forgets the oldest first. */
function rememberRecent(idsMax: number) {
  const ids = new Set<string>();
  return {
    has: (id: string) => ids.has(id),
    add(id: string): void {
      ids.add(id);
      const [oldest] = ids;
      if (ids.size > idsMax && oldest !== undefined) ids.delete(oldest);
    },
  };
}
