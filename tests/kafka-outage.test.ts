import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { followEvents } from "../adapters/kafka/follow-events.ts";
import { publishShows } from "../adapters/postgres/publish-shows.ts";
import type { BookingConfirmed, BookingExpired, DomainEvent } from "../domain/events.ts";
import { createLogger } from "../platform/logger.ts";
import { appendToOutbox } from "./append-to-outbox.ts";
import { expired } from "./event-topics.ts";
import { eventually } from "./eventually.ts";
import type { TestBroker } from "./kafka-broker.ts";
import { startBroker } from "./kafka-broker.ts";
import { plantConfirmed } from "./plant-confirmed.ts";
import { serverAddress } from "./server-address.ts";
import type { System } from "./system.ts";
import { startSystem } from "./system.ts";

// A Kafka of their own goes away under the processes that publish and follow events.

const house = ["relay", "notifier", "indexer"] as const;

let broker: TestBroker;
let system: System;

beforeAll(async () => {
  broker = await startBroker();
  system = await startSystem([...house, "inbox"], { KAFKA_BROKERS: broker.address });
}, 120_000);
afterAll(async () => {
  await system?.close();
  await broker?.close();
}, 30_000);

async function mailsFor({ eventId }: BookingConfirmed): Promise<number> {
  const response = await fetch(`${system.addresses.inbox}/api/messages`);
  const { messages } = (await response.json()) as { messages: { messageId: string }[] };
  return messages.filter(({ messageId }) => messageId.includes(eventId)).length;
}

async function isIndexed({ showId }: BookingConfirmed): Promise<boolean> {
  const { ok } = await fetch(
    `${serverAddress("ELASTICSEARCH_URL")}/${system.namespace}/_doc/${showId}`,
  );
  return ok;
}

/** A confirmed booking of a show that is published too. */
async function happen(): Promise<BookingConfirmed> {
  const event = await plantConfirmed(system.database.pool);
  await publishShows(system.database.pool, [event.showId]);
  return event;
}

async function arrives(event: BookingConfirmed, waitMsMax: number): Promise<void> {
  await eventually(async () => (await mailsFor(event)) > 0 && (await isIndexed(event)), waitMsMax);
}

async function outboxIsEmpty(): Promise<boolean> {
  const { rowCount } = await system.database.pool.query("select 1 from outbox");
  return rowCount === 0;
}

async function until(isSo: () => Promise<boolean>, waitMsMax: number): Promise<void> {
  await eventually(isSo, waitMsMax);
}

test("Kafka is killed and away: nobody dies, everybody says so; it comes back: what waited is published and applied once", async () => {
  const before = await happen();
  await arrives(before, 30_000);
  const pids = house.map((name) => system.pid(name));

  await broker.kill();
  const diedAt = Date.now();
  const during = await happen();
  for (const name of house) await until(async () => !(await system.isReady(name)), 60_000);
  // Longer than any retry of the client lasts: from here on only our own loops can bring them back.
  await until(async () => Date.now() > diedAt + 45_000, 60_000);
  expect(house.map((name) => system.pid(name))).toEqual(pids);
  expect(await outboxIsEmpty()).toBe(false);

  await broker.start();
  await arrives(during, 60_000);
  const after = await happen();
  await arrives(after, 10_000);
  await until(outboxIsEmpty, 10_000);
  for (const name of house) await until(() => system.isReady(name), 10_000);
  expect(house.map((name) => system.pid(name))).toEqual(pids);
  for (const event of [before, during, after]) expect(await mailsFor(event)).toBe(1);
}, 240_000);

test("every connection to Kafka breaks: it is made again within seconds, and each mail is sent once", async () => {
  const before = await happen();
  broker.link.cut();
  broker.link.mend();
  const after = await happen();
  await arrives(before, 15_000);
  await arrives(after, 15_000);
  for (const event of [before, after]) expect(await mailsFor(event)).toBe(1);
}, 60_000);

test("answers of Kafka are swallowed on the way: nobody waits for them for long, and each mail is sent once", async () => {
  const before = await happen();
  broker.link.swallow();
  const after = await happen();
  await arrives(before, 28_000);
  await arrives(after, 28_000);
  for (const event of [before, after]) expect(await mailsFor(event)).toBe(1);
}, 90_000);

test("connections break again and again while events are published: what arrives is what was written, each show in its order", async () => {
  const showIds: string[] = Array.from({ length: 5 }, () => randomUUID());
  const written: BookingExpired[] = [];
  async function write(rounds: number): Promise<void> {
    const events = Array.from({ length: rounds }, () => showIds.map((id) => expired(id))).flat();
    await appendToOutbox(system.database.pool, events);
    written.push(...events);
  }
  const arrived: DomainEvent[] = [];
  const idsIn = (events: DomainEvent[], showId?: string) => [
    ...new Set(
      events
        .filter((event) => showId === undefined || event.showId === showId)
        .map(({ eventId }) => eventId),
    ),
  ];
  const following = followEvents({
    brokers: [broker.address],
    topicPrefix: `${system.namespace}.`,
    group: "diff",
    topic: "booking-events",
    logger: createLogger("test", "silent"),
    async handle(events) {
      arrived.push(...events.filter(({ showId }) => showIds.includes(showId)));
    },
  });
  for (let round = 0; round < 6; round += 1) {
    const before = idsIn(arrived).length;
    await write(100);
    // Some have come and others are on their way.
    await eventually(async () => idsIn(arrived).length > before, 30_000);
    broker.link.cut();
    await write(20);
    broker.link.mend();
  }
  await eventually(async () => idsIn(arrived).length === written.length, 60_000);
  await following.close();
  for (const showId of showIds) expect(idsIn(arrived, showId)).toEqual(idsIn(written, showId));
}, 120_000);
