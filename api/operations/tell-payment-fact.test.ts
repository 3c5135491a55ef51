import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";

import { listUnsignalledPaymentEvents } from "../../adapters/postgres/payment-events.ts";
import { DomainError } from "../../domain/errors.ts";
import type { PaymentFact } from "../../domain/payment.ts";
import { countStatements } from "../../tests/count-statements.ts";
import { createDatabase } from "../../tests/databases.ts";
import type { TestDatabase } from "../../tests/databases.ts";
import { tellPaymentFact } from "./tell-payment-fact.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
}, 60_000);
beforeEach(() => database.pool.query("truncate payment_events"));
afterAll(() => database.drop());

const paymentId = randomUUID();
const fact: PaymentFact = {
  ...{ eventId: `asked:${paymentId}:authorised`, provider: "stripe", status: "authorised" },
  ...{ paymentId, bookingId: randomUUID(), showId: randomUUID() },
  ...{ amountMinor: 2_200, currency: "GBP" },
};

async function kept(): Promise<PaymentFact[]> {
  const events = await listUnsignalledPaymentEvents(database.pool, { ageMs: 0, limit: 10 });
  return events.map((event) => event.fact);
}

test("a payment of which nobody knows whether the checkout heard it is kept once, and whoever asked hears so", async () => {
  const checkouts = {
    async deliverPaymentFact(): Promise<never> {
      throw new DomainError("UNAVAILABLE");
    },
  };
  for (const _ of ["the first time", "the second time"]) {
    const told = tellPaymentFact({ db: database.pool, checkouts }, fact);
    await expect(told).rejects.toMatchObject({ code: "UNAVAILABLE" });
  }
  expect(await kept()).toEqual([fact]);
});

test("a payment that was heard costs no statement", async () => {
  const checkouts = { deliverPaymentFact: async () => "heard" as const };
  const statements = await countStatements(database.pool, () =>
    tellPaymentFact({ db: database.pool, checkouts }, fact),
  );
  expect([...statements]).toEqual([]);
});
