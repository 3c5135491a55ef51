import type {
  CheckoutClient,
  FactDelivery,
} from "../../adapters/checkout/create-checkout-client.ts";
import {
  listUnsignalledPaymentEvents,
  markPaymentEventSignalled,
} from "../../adapters/postgres/payment-events.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import type { PaymentFact } from "../../domain/payment.ts";
import type { Logger } from "../../platform/logger.ts";
import { repeat } from "../../platform/repeat.ts";

type Dependencies = {
  db: Queryable;
  checkouts: Pick<CheckoutClient, "deliverPaymentFact">;
};

/**
 * Tells checkouts what a webhook could not: the API was killed in between, the checkout service was away, or had no time. The oldest
 * first, until it has none again.
 */
export function redrivePaymentFacts({ logger, ...deps }: Dependencies & { logger: Logger }) {
  return repeat({
    everyMs: 1_000,
    logger,
    name: "redriving payment events",
    async work() {
      for (let part = 0; part < partsMax; part += 1) {
        if ((await tellOldest(deps)) < partSize) return;
      }
    },
  });
}

/** As many as may be on their way at once; and a thousand in all before it looks whether it is to end. */
const partSize = 20;
const partsMax = 50;

/** How many were heard. Throws when it is not known of some whether they were. */
async function tellOldest(deps: Dependencies): Promise<number> {
  const facts = await listUnsignalledPaymentEvents(deps.db, { ageMs: 2_000, limit: partSize });
  const [oldest, ...others] = facts;
  if (oldest === undefined) return 0;
  // If one has to wait the others need not ask.
  const [first] = await Promise.allSettled([tell(deps, oldest)]);
  if (first.status === "fulfilled" && first.value === "waits") return 0;
  // Each on its own: one that cannot be delivered does not keep the others waiting.
  const results = [first, ...(await Promise.allSettled(others.map((fact) => tell(deps, fact))))];
  const failed = results.filter(({ status }) => status === "rejected").length;
  if (failed > 0) throw new Error(`${failed} of ${facts.length} payment events not delivered`);
  return results.filter((result) => result.status === "fulfilled" && result.value === "heard")
    .length;
}

async function tell({ db, checkouts }: Dependencies, fact: PaymentFact): Promise<FactDelivery> {
  const delivery = await checkouts.deliverPaymentFact(fact);
  if (delivery === "heard") await markPaymentEventSignalled(db, fact);
  return delivery;
}
