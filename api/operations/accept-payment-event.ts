import type { CheckoutClient } from "../../adapters/checkout/create-checkout-client.ts";
import {
  markPaymentEventSignalled,
  storePaymentEvent,
} from "../../adapters/postgres/payment-events.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import type { PaymentFact } from "../../domain/payment.ts";
import type { Logger } from "../../platform/logger.ts";

/**
 * Keeps a provider's event, then tells the checkout. Once it is kept the provider need not send it again: what could not be
 * told here, workers/payments.ts tells later. A repeated event is known already, so nothing is told twice.
 */
export function createAcceptPaymentEvent(deps: {
  db: Queryable;
  checkouts: Pick<CheckoutClient, "deliverPaymentFact">;
  logger: Logger;
}) {
  return async (fact: PaymentFact): Promise<void> => {
    if ((await storePaymentEvent(deps.db, fact)) === "repeated") return;
    try {
      await deps.checkouts.deliverPaymentFact(fact);
      await markPaymentEventSignalled(deps.db, fact);
    } catch (error) {
      const { eventId, bookingId } = fact;
      deps.logger.warn({ err: error, eventId, bookingId }, "payment event kept, not yet delivered");
    }
  };
}
