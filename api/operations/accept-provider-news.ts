import type { CheckoutClient } from "../../adapters/checkout/create-checkout-client.ts";
import {
  markPaymentEventSignalled,
  storePaymentEvent,
} from "../../adapters/postgres/payment-events.ts";
import { findPayment, markPaymentDisputed } from "../../adapters/postgres/payments.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import { findRefund } from "../../adapters/postgres/refunds.ts";
import type { PaymentFact, PaymentProvider, ProviderNews } from "../../domain/payment.ts";
import { isKnown } from "../../domain/refund.ts";
import type { Logger } from "../../platform/logger.ts";

type Deps = {
  db: Queryable;
  checkouts: Pick<CheckoutClient, "deliverPaymentFact" | "driveRefund">;
  providers: PaymentProvider[];
  logger: Logger;
};

type NewsOf<Kind extends ProviderNews["kind"]> = Extract<ProviderNews, { kind: Kind }>;

/**
 * What a provider tells us by itself. News of a payment is kept first; once it is, the provider need not send it again. An
 * approval and news of a refund are hints: whoever is concerned asks the provider. If that cannot be started this throws, and
 * the provider tells again; the checkout and the refund ask by themselves before they end.
 */
export function createAcceptProviderNews(deps: Deps) {
  return async (news: ProviderNews): Promise<void> => {
    switch (news.kind) {
      case "payment":
        return acceptPaymentFact(deps, news.fact);
      case "approval":
        return acceptApproval(deps, news);
      case "refund":
        return acceptRefundNews(deps, news);
      case "dispute":
        return markPaymentDisputed(deps.db, news);
    }
  };
}

/**
 * Kept, then told to the checkout: what could not be told here, or has to wait, workers/payments/ tells later. A repeated event is
 * known already, so nothing is told twice.
 */
async function acceptPaymentFact(
  { db, checkouts, logger }: Deps,
  fact: PaymentFact,
): Promise<void> {
  if ((await storePaymentEvent(db, fact)) === "repeated") return;
  try {
    const delivery = await checkouts.deliverPaymentFact(fact);
    if (delivery === "heard") await markPaymentEventSignalled(db, fact);
  } catch (error) {
    const { eventId, bookingId } = fact;
    logger.warn({ err: error, eventId, bookingId }, "payment event kept, not yet delivered");
  }
}

/** No money is set aside for a payment that is over: its buyer was too late. */
async function acceptApproval(deps: Deps, approval: NewsOf<"approval">): Promise<void> {
  const payment = await findPayment(deps.db, approval);
  if (payment === undefined || !["creating", "open"].includes(payment.status)) return;
  const provider = deps.providers.find(({ name }) => name === payment.provider);
  const fact = await provider?.look(payment);
  if (fact === undefined || fact === "absent" || fact.status === "open") return;
  await acceptPaymentFact(deps, fact);
}

async function acceptRefundNews(deps: Deps, news: NewsOf<"refund">): Promise<void> {
  const refund = await findRefund(deps.db, news);
  if (refund !== undefined && !isKnown(refund, news)) await deps.checkouts.driveRefund(refund);
}
