import type { CheckoutClient } from "../../adapters/checkout/create-checkout-client.ts";
import {
  listUnsignalledPaymentEvents,
  markPaymentEventSignalled,
} from "../../adapters/postgres/payment-events.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import type { Logger } from "../../platform/logger.ts";
import { repeat } from "../../platform/repeat.ts";

/** Tells checkouts what a webhook could not: the API was killed in between, or the checkout service was away. */
export function redrivePaymentFacts(deps: {
  db: Queryable;
  checkouts: Pick<CheckoutClient, "deliverPaymentFact">;
  logger: Logger;
}) {
  return repeat({
    everyMs: 1_000,
    logger: deps.logger,
    name: "redriving payment events",
    async work() {
      const facts = await listUnsignalledPaymentEvents(deps.db, { ageMs: 2_000, limit: 20 });
      // Each on its own: one that cannot be delivered does not keep the others waiting.
      const results = await Promise.allSettled(
        facts.map(async (fact) => {
          await deps.checkouts.deliverPaymentFact(fact);
          await markPaymentEventSignalled(deps.db, fact);
        }),
      );
      const failed = results.filter(({ status }) => status === "rejected").length;
      if (failed > 0) throw new Error(`${failed} of ${facts.length} payment events not delivered`);
    },
  });
}
