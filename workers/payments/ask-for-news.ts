import type { CheckoutClient } from "../../adapters/checkout/create-checkout-client.ts";
import { storePaymentEvent } from "../../adapters/postgres/payment-events.ts";
import { listOpenPayments, markPaymentDisputed } from "../../adapters/postgres/payments.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import { findRefund } from "../../adapters/postgres/refunds.ts";
import { isPaid } from "../../domain/payment.ts";
import type { PaymentProvider, ProviderNews } from "../../domain/payment.ts";
import { isKnown } from "../../domain/refund.ts";
import type { Logger } from "../../platform/logger.ts";
import { repeat } from "../../platform/repeat.ts";

type Deps = {
  db: Queryable;
  checkouts: Pick<CheckoutClient, "driveRefund">;
  logger: Logger;
  stripe: PaymentProvider;
  paypal: PaymentProvider | undefined;
};

/**
 * For webhooks that never come. Stripe keeps a list of its events; PayPal has none in its client, so each payment that waits for
 * its buyer is asked about. What is learned of payments is kept, and the redrive delivers it.
 */
export function askForNews(deps: Deps) {
  const acted = rememberRecent(10_000);
  // After a restart: an hour covers any pause that Stripe's own retries have not.
  let askedUntilMs = Date.now() - 3_600_000;
  return repeat({
    everyMs: 60_000,
    logger: deps.logger,
    name: "asking providers for news",
    async work() {
      const startedAtMs = Date.now();
      const news = (await deps.stripe.newsSince?.(askedUntilMs - 60_000)) ?? [];
      for (const each of news) await act(deps, each, acted);
      askedUntilMs = startedAtMs;
      if (deps.paypal !== undefined) await askAboutOpenPayments(deps, deps.paypal);
    },
  });
}

async function act(
  { db, checkouts }: Deps,
  news: ProviderNews,
  acted: { isNew(id: string): boolean },
): Promise<void> {
  if (news.kind === "payment") await storePaymentEvent(db, news.fact);
  if (news.kind === "dispute") await markPaymentDisputed(db, news);
  if (news.kind === "refund" && acted.isNew(news.eventId)) {
    const refund = await findRefund(db, news);
    if (refund !== undefined && !isKnown(refund, news)) await checkouts.driveRefund(refund);
  }
}

async function askAboutOpenPayments({ db }: Deps, provider: PaymentProvider): Promise<void> {
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
    isNew(id: string): boolean {
      if (ids.has(id)) return false;
      ids.add(id);
      const [oldest] = ids;
      if (ids.size > idsMax && oldest !== undefined) ids.delete(oldest);
      return true;
    },
  };
}
