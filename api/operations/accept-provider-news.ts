import type { CheckoutClient } from "../../adapters/checkout/create-checkout-client.ts";
import {
  markPaymentEventSignalled,
  storePaymentEvent,
} from "../../adapters/postgres/payment-events.ts";
import { findPayment } from "../../adapters/postgres/payments.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import type { PaymentFact, PaymentProvider, ProviderNews } from "../../domain/payment.ts";
import type { Logger } from "../../platform/logger.ts";

type Deps = {
  db: Queryable;
  checkouts: Pick<CheckoutClient, "deliverPaymentFact">;
  providers: PaymentProvider[];
  logger: Logger;
};

/**
 * What a provider tells us by itself. News of a payment is kept first; once it is, the provider need not send it again. An approval
 * is a hint: the provider is asked, which sets the money aside. If it does not answer this throws, and tells again; the
 * checkout asks by itself before its hold ends.
 */
export function createAcceptProviderNews(deps: Deps) {
  return async (news: ProviderNews): Promise<void> => {
    if (news.kind === "payment") return acceptPaymentFact(deps, news.fact);
    if (news.kind === "approval") return acceptApproval(deps, news);
  };
}

/**
 * Kept, then told to the checkout: what could not be told here, workers/payments.ts tells later. A repeated event is known
 * already, so nothing is told twice.
 */
async function acceptPaymentFact(
  { db, checkouts, logger }: Deps,
  fact: PaymentFact,
): Promise<void> {
  if ((await storePaymentEvent(db, fact)) === "repeated") return;
  try {
    await checkouts.deliverPaymentFact(fact);
    await markPaymentEventSignalled(db, fact);
  } catch (error) {
    const { eventId, bookingId } = fact;
    logger.warn({ err: error, eventId, bookingId }, "payment event kept, not yet delivered");
  }
}

/** No money is set aside for a payment that is over: its buyer was too late. */
async function acceptApproval(
  deps: Deps,
  approval: Extract<ProviderNews, { kind: "approval" }>,
): Promise<void> {
  const payment = await findPayment(deps.db, approval);
  if (payment === undefined || !["creating", "open"].includes(payment.status)) return;
  const provider = deps.providers.find(({ name }) => name === payment.provider);
  const fact = await provider?.look(payment);
  if (fact === undefined || fact === "absent" || fact.status === "open") return;
  await acceptPaymentFact(deps, fact);
}
