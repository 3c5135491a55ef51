import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";

import type { FactDelivery } from "../../adapters/checkout/create-checkout-client.ts";
import { storePaymentEvent } from "../../adapters/postgres/payment-events.ts";
import { DomainError } from "../../domain/errors.ts";
import { createLogger } from "../../platform/logger.ts";
import { createDatabase } from "../../tests/databases.ts";
import type { TestDatabase } from "../../tests/databases.ts";
import { eventually } from "../../tests/eventually.ts";
import { redrivePaymentFacts } from "./redrive-payment-facts.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
}, 60_000);
beforeEach(() => database.pool.query("truncate payment_events"));
afterAll(() => database.drop());

/** Events of that age, named one after the other, the first one the oldest. */
async function plant(names: string[], { ageSeconds }: { ageSeconds: number }): Promise<string[]> {
  for (const eventId of names) {
    await storePaymentEvent(database.pool, {
      ...{ eventId, provider: "stripe", status: "authorised", amountMinor: 2_200, currency: "GBP" },
      ...{ paymentId: randomUUID(), bookingId: randomUUID(), showId: randomUUID() },
    });
  }
  await database.pool.query(
    `update payment_events set received_at = now() - make_interval(secs => $2) + array_position($1, event_id) * interval '1 ms'
     where event_id = any($1)`,
    [names, ageSeconds],
  );
  return names;
}

const named = (name: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${name} ${index}`);

/** A checkout service that keeps what it heard; `answer` may throw. */
function start(answer: (eventId: string, mayWait: boolean | undefined) => FactDelivery) {
  const heard: string[] = [];
  const lines: string[] = [];
  const redrive = redrivePaymentFacts({
    db: database.pool,
    checkouts: {
      async deliverPaymentFact({ eventId }, how) {
        const delivery = answer(eventId, how?.mayWait);
        if (delivery === "heard") heard.push(eventId);
        return delivery;
      },
    },
    logger: createLogger("redrive", "warn", { write: (line) => void lines.push(line) }),
  });
  return { redrive, heard, lines };
}

/** It begins at once, and ends what it has begun. */
async function runOnce(answer: (eventId: string, mayWait: boolean | undefined) => FactDelivery) {
  const { redrive, heard, lines } = start(answer);
  await redrive.close();
  return { heard, lines, isFailing: redrive.isFailing() };
}

function heardUnlessBad(eventId: string): FactDelivery {
  if (eventId.startsWith("bad")) throw new DomainError("UNAVAILABLE");
  return "heard";
}

test("one event that cannot be told keeps none behind it from being told in the same run, and is reported", async () => {
  await plant(["bad"], { ageSeconds: 12 });
  const good = await plant(named("good", 45), { ageSeconds: 11 });
  const { heard, lines, isFailing } = await runOnce(heardUnlessBad);
  expect(heard.toSorted()).toEqual(good.toSorted());
  expect(lines).toEqual([expect.stringContaining("1 of 46 payment events not delivered")]);
  expect(isFailing).toBe(false);
});

test("more events at the head than are told at a time, none of which can be told, are passed by", async () => {
  await plant(named("bad", 25), { ageSeconds: 12 });
  await plant(["good"], { ageSeconds: 11 });
  const { redrive, heard } = start(heardUnlessBad);
  try {
    await eventually(async () => heard.includes("good"));
  } finally {
    await redrive.close();
  }
  expect(heard).toEqual(["good"]);
}, 30_000);

test("what could not be told is told again when the list is through", async () => {
  const late = await plant(named("bad", 25), { ageSeconds: 12 });
  let failures = 0;
  const { redrive, heard } = start(() => {
    failures += 1;
    if (failures <= 25) throw new DomainError("UNAVAILABLE");
    return "heard";
  });
  try {
    await eventually(async () => heard.length === 25);
  } finally {
    await redrive.close();
  }
  expect(heard.toSorted()).toEqual(late.toSorted());
}, 30_000);

test("a checkout service that is away is asked for one part of the list, and the worker says that it fails", async () => {
  await plant(named("bad", 60), { ageSeconds: 12 });
  const { redrive, lines } = start(heardUnlessBad);
  try {
    await eventually(async () => redrive.isFailing());
  } finally {
    await redrive.close();
  }
  expect(lines).toEqual([expect.stringContaining("20 of 20 payment events not delivered")]);
});

test("without room, what has waited for twenty seconds is told all the same, twenty in a run and the oldest first", async () => {
  const oldest = await plant(named("oldest", 20), { ageSeconds: 23 });
  await plant(named("old", 5), { ageSeconds: 22 });
  const { heard } = await runOnce((_, mayWait) => (mayWait === false ? "heard" : "waits"));
  expect(heard.toSorted()).toEqual(oldest.toSorted());
});

test("without room, one of the others is asked and the rest wait", async () => {
  const old = await plant(["old"], { ageSeconds: 21 });
  await plant(named("young", 5), { ageSeconds: 15 });
  const asked: string[] = [];
  const { heard } = await runOnce((eventId, mayWait) => {
    asked.push(eventId);
    return mayWait === false ? "heard" : "waits";
  });
  expect(heard).toEqual(old);
  expect(asked).toEqual(["old", "old"]);
  asked.length = 0;
  await runOnce((eventId) => {
    asked.push(eventId);
    return "waits";
  });
  expect(asked).toEqual(["young 0"]);
});
