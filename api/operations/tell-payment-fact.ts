import type {
  CheckoutClient,
  FactDelivery,
} from "../../adapters/checkout/create-checkout-client.ts";
import { storePaymentEvent } from "../../adapters/postgres/payment-events.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import type { PaymentFact } from "../../domain/payment.ts";

/** Tells a checkout what we asked the provider ourselves. What has to wait is kept, and workers/payments/ tells it later. */
export async function tellPaymentFact(
  deps: { db: Queryable; checkouts: Pick<CheckoutClient, "deliverPaymentFact"> },
  fact: PaymentFact,
): Promise<FactDelivery> {
  const delivery = await deps.checkouts.deliverPaymentFact(fact);
  if (delivery === "waits") await storePaymentEvent(deps.db, fact);
  return delivery;
}
