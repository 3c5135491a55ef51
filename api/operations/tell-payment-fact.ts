import type {
  CheckoutClient,
  FactDelivery,
} from "../../adapters/checkout/create-checkout-client.ts";
import { storePaymentEvent } from "../../adapters/postgres/payment-events.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import type { PaymentFact } from "../../domain/payment.ts";

/**
 * Tells a checkout what we asked the provider ourselves. What has to wait, or of which nobody knows whether it was heard, is kept, and
 * workers/payments/ tells it later. Not kept before it is told, as a webhook's news is: the provider knows it still, and is asked again
 * by the buyer and by the checkout before its end; to keep and to mark it would be two commits for each who asks.
 */
export async function tellPaymentFact(
  deps: { db: Queryable; checkouts: Pick<CheckoutClient, "deliverPaymentFact"> },
  fact: PaymentFact,
): Promise<FactDelivery> {
  try {
    const delivery = await deps.checkouts.deliverPaymentFact(fact);
    if (delivery === "waits") await storePaymentEvent(deps.db, fact);
    return delivery;
  } catch (error) {
    // What cannot be kept either is asked for again.
    await storePaymentEvent(deps.db, fact).catch(() => undefined);
    throw error;
  }
}
