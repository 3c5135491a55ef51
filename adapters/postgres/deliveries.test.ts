import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { createDatabase } from "../../tests/databases.ts";
import type { TestDatabase } from "../../tests/databases.ts";
import { abandonDelivery, beginDelivery, markDelivered } from "./deliveries.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

function newDelivery() {
  return { showId: randomUUID(), eventId: randomUUID(), channel: "mail" } as const;
}

test("of twenty who want to send the same mail at once, one does", async () => {
  const delivery = newDelivery();
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, () => beginDelivery(database.pool, delivery)),
  );
  expect(outcomes.filter(({ outcome }) => outcome === "begun")).toHaveLength(1);
  expect(outcomes.filter(({ outcome }) => outcome === "claimed")).toHaveLength(19);
});

test("a mail that was sent is not sent again", async () => {
  const delivery = newDelivery();
  await beginDelivery(database.pool, delivery);
  await markDelivered(database.pool, delivery);
  expect(await beginDelivery(database.pool, delivery)).toEqual({ outcome: "sent" });
});

test("a mail that could not be sent is tried again at once, and its tries are counted", async () => {
  const delivery = newDelivery();
  await beginDelivery(database.pool, delivery);
  await abandonDelivery(database.pool, delivery);
  expect(await beginDelivery(database.pool, delivery)).toEqual({ outcome: "begun", attempts: 2 });
});

test("who died while sending is followed when the claim is old", async () => {
  const delivery = newDelivery();
  await beginDelivery(database.pool, delivery);
  await age(delivery.eventId, 25);
  expect(await beginDelivery(database.pool, delivery)).toEqual({ outcome: "claimed" });
  await age(delivery.eventId, 10);
  expect(await beginDelivery(database.pool, delivery)).toEqual({ outcome: "begun", attempts: 2 });
});

async function age(eventId: string, seconds: number): Promise<void> {
  await database.pool.query(
    "update deliveries set begun_at = begun_at - make_interval(secs => $2) where event_id = $1",
    [eventId, seconds],
  );
}
