import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import {
  Admin,
  Consumer,
  Producer,
  stringDeserializers,
  stringSerializers,
} from "@platformatic/kafka";

import type { DomainEvent } from "../../domain/events.ts";
import type { EventTopics } from "../../tests/event-topics.ts";
import { createEventTopics, expired } from "../../tests/event-topics.ts";
import { eventually } from "../../tests/eventually.ts";
import { UnusableEvent, UnusableEvents } from "./follow-events.ts";

let topics: EventTopics;
beforeAll(async () => {
  topics = await createEventTopics();
});
afterAll(() => topics.close());

test("events of one show arrive in the order of their publishing, more bytes than a broker takes at once", async () => {
  const showId = randomUUID();
  const sent = Array.from({ length: 40 }, () => expired(showId, "A".repeat(50_000)));
  await topics.publish(sent);
  const seen: string[] = [];
  const following = topics.follow("order", async (events) => {
    seen.push(...events.filter((event) => event.showId === showId).map(({ eventId }) => eventId));
  });
  await eventually(async () => seen.length >= sent.length, 20_000);
  await following.close();
  expect(seen).toEqual(sent.map(({ eventId }) => eventId));
});

test("what cannot be used is parked with its reason, and what comes after it in the partition is handled", async () => {
  const showId = randomUUID();
  const producer = new Producer({
    clientId: "test",
    bootstrapBrokers: topics.brokers,
    serializers: stringSerializers,
  });
  const refused = expired(showId);
  const incomplete = { schemaVersion: 1, type: "BookingConfirmed", eventId: "1", showId };
  const tooNew = { ...expired(showId), schemaVersion: 2 };
  const unheardOf = { ...expired(showId), type: "SomethingNew" };
  const values = ["not JSON", incomplete, tooNew, unheardOf, refused].map((value) =>
    typeof value === "string" ? value : JSON.stringify(value),
  );
  const { topic } = topics;
  await producer.send({ messages: values.map((value) => ({ topic, key: showId, value })) });
  await producer.close();
  const last = expired(showId);
  await topics.publish([last]);

  const seen: DomainEvent[] = [];
  let failures = 2;
  const following = topics.follow("poison", async (events) => {
    // Parked is parked once, however often the handler has to be tried.
    failures -= 1;
    if (failures >= 0) throw new Error("the store is away");
    if (events.some(({ eventId }) => eventId === refused.eventId)) {
      throw new UnusableEvent("refused by the handler");
    }
    seen.push(...events.filter((event) => event.showId === showId));
  });
  await eventually(async () => seen.some(({ eventId }) => eventId === last.eventId), 20_000);
  await following.close();

  expect(seen).toEqual([last]);
  expect(await readParked(4)).toEqual([
    "not JSON",
    expect.stringContaining("BookingConfirmed: invalid_type at /bookingId"),
    expect.stringContaining("/schemaVersion"),
    "refused by the handler",
  ]);
});

test("a handler that names what it cannot use has done the rest: that alone is parked, and nothing is handed over again", async () => {
  // The shared topic has unreadable events, which this follower would park too.
  const fresh = await createEventTopics();
  const showId = randomUUID();
  const sent = Array.from({ length: 5 }, () => expired(showId));
  const [, bad] = sent;
  const batches: string[][] = [];
  await fresh.publish(sent);
  const following = fresh.follow("named", async (events) => {
    const ours = events.filter((event) => event.showId === showId);
    batches.push(ours.map(({ eventId }) => eventId));
    const refused = ours.filter(({ eventId }) => eventId === bad?.eventId);
    if (refused.length === 0) return;
    throw new UnusableEvents(new Map(refused.map((event) => [event, "does not fit"])));
  });
  await eventually(async () => batches.flat().length >= sent.length, 20_000);
  await eventually(async () => (await countParked(fresh)) === 1);
  await following.close();
  await fresh.close();
  expect(batches.flat()).toEqual(sent.map(({ eventId }) => eventId));
});

test("a follower says how far it is behind, also while its store is away, and that it is not when it has caught up", async () => {
  const fresh = await createEventTopics();
  await fresh.publish(Array.from({ length: 30 }, () => expired(randomUUID())));
  let isAway = true;
  const following = fresh.follow("lag", async () => {
    if (isAway) throw new Error("the store is away");
  });
  await eventually(
    async () => following.status().includes(": 30 events behind, the oldest for"),
    20_000,
  );
  isAway = false;
  await eventually(async () => following.status().endsWith(": 0 events behind"), 20_000);
  expect(following.isReady()).toBe(true);
  await following.close();
  await fresh.close();
}, 60_000);

test("a handler whose store is away gets the same events again, and nothing is skipped", async () => {
  const showId = randomUUID();
  const sent = [expired(showId), expired(showId)];
  await topics.publish(sent);
  const seen: string[] = [];
  let failures = 2;
  const following = topics.follow("retry", async (events) => {
    if (failures > 0) {
      failures -= 1;
      throw new Error("the store is away");
    }
    seen.push(...events.filter((event) => event.showId === showId).map(({ eventId }) => eventId));
  });
  await eventually(async () => seen.length >= sent.length, 20_000);
  await following.close();
  expect(seen).toEqual(sent.map(({ eventId }) => eventId));
});

test("a consumer that ended before its effect gets the event again; after its effect it does not", async () => {
  const group = "restart";
  const showId = randomUUID();
  const first = expired(showId);
  await topics.publish([first]);
  let tries = 0;
  const failing = topics.follow(group, async (events) => {
    if (!events.some(({ eventId }) => eventId === first.eventId)) return;
    tries += 1;
    throw new Error("dies before the effect");
  });
  await eventually(async () => tries > 0, 20_000);
  await failing.close();

  const seen: string[] = [];
  const handle = async (events: DomainEvent[]) => {
    seen.push(...events.filter((event) => event.showId === showId).map(({ eventId }) => eventId));
  };
  const second = topics.follow(group, handle);
  await eventually(async () => seen.length > 0, 20_000);
  await second.close();

  const next = expired(showId);
  await topics.publish([next]);
  const third = topics.follow(group, handle);
  await eventually(async () => seen.includes(next.eventId), 20_000);
  await third.close();
  expect(seen).toEqual([first.eventId, next.eventId]);
});

/** In every partition of what is parked, since the topic was made. */
async function countParked({ brokers, topic }: EventTopics): Promise<number> {
  const admin = new Admin({ clientId: "test", bootstrapBrokers: brokers });
  const partitions = [0, 1, 2, 3].map((partitionIndex) => ({ partitionIndex, timestamp: -1n }));
  const [found] = await admin.listOffsets({
    topics: [{ name: `${topic}.parked`, partitions }],
  });
  await admin.close();
  return (found?.partitions ?? []).reduce((sum, { offset }) => sum + Number(offset), 0);
}

async function readParked(count: number): Promise<string[]> {
  const consumer = new Consumer({
    clientId: "test",
    groupId: `${topics.topicPrefix}parked`,
    bootstrapBrokers: topics.brokers,
    deserializers: stringDeserializers,
    maxWaitTime: 100,
  });
  const stream = await consumer.consume({
    topics: [`${topics.topic}.parked`],
    mode: "earliest",
  });
  const reasons: string[] = [];
  for await (const message of stream) {
    reasons.push(message.headers.get("reason") ?? "");
    if (reasons.length === count) break;
  }
  await stream.close();
  await consumer.close(true);
  return reasons;
}
