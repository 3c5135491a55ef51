import { Gauge } from "prom-client";

import { paymentEventLag } from "../../adapters/postgres/payment-events.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import type { Logger } from "../../platform/logger.ts";
import { repeat } from "../../platform/repeat.ts";

/** Says how many payments no checkout has heard of, and how long the oldest has waited. */
export function measurePaymentEvents({ db, logger }: { db: Queryable; logger: Logger }) {
  return repeat({
    everyMs: 10_000,
    logger,
    name: "measuring payment events",
    async work() {
      const lag = await paymentEventLag(db);
      unheard.set(lag.unheard);
      oldest.set(lag.oldestMs / 1_000);
    },
  });
}

const unheard = new Gauge({
  name: "marquee_payment_events_unheard",
  help: "Payment events that no checkout has heard of yet, up to 10,000",
});
const oldest = new Gauge({
  name: "marquee_payment_events_oldest_seconds",
  help: "Age of the oldest payment event that no checkout has heard of yet",
});
