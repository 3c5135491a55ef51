import type { CheckoutClient } from "../../adapters/checkout/create-checkout-client.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import { listIdleRefunds } from "../../adapters/postgres/refunds.ts";
import type { Logger } from "../../platform/logger.ts";
import { repeat } from "../../platform/repeat.ts";

/** A workflow leaves its refund alone for a day at the most. One that was never sent may have no workflow yet. */
const idle = { sentAgeMs: 25 * 3_600_000, ageMs: 30_000, limit: 20 };

/** Starts the workflows of refunds that were never told of: the process that opened them was killed before it could. */
export function redriveRefunds(deps: {
  db: Queryable;
  checkouts: Pick<CheckoutClient, "driveRefund">;
  logger: Logger;
}) {
  return repeat({
    everyMs: 10_000,
    logger: deps.logger,
    name: "redriving refunds",
    async work() {
      const refunds = await listIdleRefunds(deps.db, idle);
      await Promise.all(refunds.map((refund) => deps.checkouts.driveRefund(refund)));
    },
  });
}
