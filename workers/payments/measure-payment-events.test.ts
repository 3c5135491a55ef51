import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { register } from "prom-client";

import {
  markPaymentEventSignalled,
  storePaymentEvent,
} from "../../adapters/postgres/payment-events.ts";
import type { PaymentFact } from "../../domain/payment.ts";
import { createLogger } from "../../platform/logger.ts";
import { createDatabase } from "../../tests/databases.ts";
import type { TestDatabase } from "../../tests/databases.ts";
import { measurePaymentEvents } from "./measure-payment-events.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
}, 60_000);
afterAll(() => database.drop());

async function plant(ageSeconds: number): Promise<PaymentFact> {
  const fact: PaymentFact = {
    ...{ eventId: `evt_${randomUUID()}`, provider: "stripe", status: "authorised" },
    ...{ paymentId: randomUUID(), bookingId: randomUUID(), showId: randomUUID() },
    ...{ amountMinor: 2_200, currency: "GBP" },
  };
  await storePaymentEvent(database.pool, fact);
  await database.pool.query(
    "update payment_events set received_at = now() - make_interval(secs => $2) where event_id = $1",
    [fact.eventId, ageSeconds],
  );
  return fact;
}

/** It begins at once, and ends what it has begun. */
async function measure() {
  await measurePaymentEvents({
    db: database.pool,
    logger: createLogger("measure", "silent"),
  }).close();
  return {
    unheard: await valueOf("marquee_payment_events_unheard"),
    oldestSeconds: await valueOf("marquee_payment_events_oldest_seconds"),
  };
}

async function valueOf(name: string): Promise<number | undefined> {
  return (await register.getSingleMetric(name)?.get())?.values[0]?.value;
}

test("payments that no checkout has heard of are counted, with the age of the oldest, until they are heard", async () => {
  const heard = await plant(900);
  const waiting = [await plant(30), await plant(300)];
  await markPaymentEventSignalled(database.pool, heard);
  const { unheard, oldestSeconds } = await measure();
  expect(unheard).toBe(2);
  expect(oldestSeconds).toBeGreaterThanOrEqual(300);
  expect(oldestSeconds).toBeLessThan(360);
  for (const fact of waiting) await markPaymentEventSignalled(database.pool, fact);
  expect(await measure()).toEqual({ unheard: 0, oldestSeconds: 0 });
});
