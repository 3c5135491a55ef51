import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { refundTickets } from "../../adapters/postgres/refunds.ts";
import { DomainError } from "../../domain/errors.ts";
import type { PaymentFact, ProviderNews } from "../../domain/payment.ts";
import { countStatements } from "../../tests/count-statements.ts";
import { createDatabase } from "../../tests/databases.ts";
import type { TestDatabase } from "../../tests/databases.ts";
import { plantShow } from "../../tests/plant-show.ts";
import { sellBooking } from "../../tests/sell-booking.ts";
import { createReadNews } from "./read-news.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
}, 60_000);
afterAll(() => database.drop());

/** A provider that lists the same events each time, as Stripe does of the last minutes. */
function reading(news: ProviderNews[], driveRefund = async () => undefined as void) {
  return createReadNews({
    db: database.pool,
    checkouts: { driveRefund },
    stripe: { newsSince: async () => news },
    paypal: undefined,
  });
}

function paid(): PaymentFact {
  return {
    ...{ eventId: `evt_${randomUUID()}`, provider: "stripe", status: "authorised" },
    ...{ paymentId: randomUUID(), bookingId: randomUUID(), showId: randomUUID() },
    ...{ amountMinor: 2_200, currency: "GBP" },
  };
}

test("an event that is listed again costs no statement", async () => {
  const read = reading([paid(), paid()].map((fact) => ({ kind: "payment", fact })));
  const first = await countStatements(database.pool, read);
  expect([...first.values()].map(({ calls }) => calls)).toEqual([2]);
  expect([...(await countStatements(database.pool, read))]).toEqual([]);
});

test("a refund whose workflow could not be told is told the next time, and what comes behind it is kept", async () => {
  const showId = await plantShow(database.pool);
  const booking = await sellBooking(database.pool, { showId, seatIds: ["A1"] });
  const refund = await refundTickets(database.pool, {
    ...booking,
    ...{ cause: "buyer:one", withFees: true },
  });
  if (refund.outcome === "refused") throw new Error(refund.code);
  const { refundId } = refund;
  const fact = paid();
  let isAway = true;
  const driven: string[] = [];
  const read = reading(
    [
      {
        ...{ kind: "refund", provider: "stripe", status: "pending", refundId, showId },
        ...{ eventId: `evt_${randomUUID()}`, paymentId: fact.paymentId },
        bookingId: booking.bookingId,
      },
      { kind: "payment", fact },
    ],
    async () => {
      if (isAway) throw new DomainError("UNAVAILABLE");
      driven.push(refundId);
    },
  );
  await expect(read()).rejects.toMatchObject({ code: "UNAVAILABLE" });
  isAway = false;
  await read();
  await read();
  const { rows } = await database.pool.query(
    "select event_id from payment_events where event_id = $1",
    [fact.eventId],
  );
  expect([driven, rows]).toEqual([[refundId], [{ event_id: fact.eventId }]]);
});
