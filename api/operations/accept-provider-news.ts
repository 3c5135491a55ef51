import type { CheckoutClient } from "../../adapters/checkout/create-checkout-client.ts";
import {
  markPaymentEventSignalled,
  storePaymentEvent,
} from "../../adapters/postgres/payment-events.ts";
import { markPaymentDisputed } from "../../adapters/postgres/payments.ts";
import { findRefund } from "../../adapters/postgres/refunds.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import type { PaymentFact, ProviderNews } from "../../domain/payment.ts";
import { isKnown } from "../../domain/refund.ts";
import type { Logger } from "../../platform/logger.ts";

type Deps = {
  db: Queryable;
  checkouts: Pick<CheckoutClient, "deliverPaymentFact" | "driveRefund">;
  logger: Logger;
};

/**
 * What a provider tells us by itself. News of a payment is kept first; once it is, the provider need not send it again. News of
 * a refund is a hint: the refund's workflow is woken and asks. If it cannot be woken this throws, and the provider tells again.
 */
export function createAcceptProviderNews(deps: Deps) {
  return async (news: ProviderNews): Promise<void> => {
    if (news.kind === "payment") return acceptPaymentFact(deps, news.fact);
    if (news.kind === "dispute") return markPaymentDisputed(deps.db, news);
    const refund = await findRefund(deps.db, news);
    if (refund !== undefined && !isKnown(refund, news)) await deps.checkouts.driveRefund(refund);
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
