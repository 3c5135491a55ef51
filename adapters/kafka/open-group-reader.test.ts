import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Admin } from "@platformatic/kafka";

import type { BookingExpired, DomainEvent } from "../../domain/events.ts";
import type { EventTopics } from "../../tests/event-topics.ts";
import { createEventTopics, expired } from "../../tests/event-topics.ts";
import { eventually } from "../../tests/eventually.ts";

let topics: EventTopics;
let admin: Admin;
beforeAll(async () => {
  topics = await createEventTopics();
  admin = new Admin({ clientId: "test", bootstrapBrokers: topics.brokers });
});
afterAll(async () => {
  await topics.close();
  await admin.close();
});

test("topics that were made this moment: each event arrives at once, and stands in its topic once", async () => {
  for (let round = 0; round < 3; round += 1) {
    const fresh = await createEventTopics();
    const sent = Array.from({ length: 300 }, () => expired(randomUUID()));
    const seen: string[] = [];
    const following = fresh.follow("fresh", async (events) => {
      seen.push(...idsOf(events));
    });
    await fresh.publish(sent);
    await eventually(async () => seen.length >= sent.length, 20_000);
    await following.close();
    await fresh.close();
    expect(seen.toSorted()).toEqual(idsOf(sent).toSorted());
    expect(await countIn(fresh.topic)).toBe(sent.length);
  }
}, 60_000);

test("a second follower joins in the middle of a batch, and then the first one dies: no event is lost, and each show keeps its order", async () => {
  const showIds = Array.from({ length: 20 }, () => randomUUID());
  const isOurs = (event: DomainEvent) => showIds.some((showId) => showId === event.showId);
  const sent: BookingExpired[] = [];
  async function publishRound() {
    const round = showIds.map((showId) => expired(showId));
    sent.push(...round);
    await topics.publish(round);
  }
  const handled = { first: [] as DomainEvent[], second: [] as DomainEvent[] };
  const isAllHandled = async () =>
    new Set(idsOf([...handled.first, ...handled.second])).size === sent.length;
  const pause = Promise.withResolvers<void>();

  await publishRound();
  const first = topics.follow("rebalance", async (events) => {
    handled.first.push(...events.filter(isOurs));
    if (events.some(isOurs)) await pause.promise;
  });
  await eventually(async () => handled.first.length > 0, 20_000);
  // What the first one has in hand is not committed: the second one gets its share of it too.
  const second = topics.follow("rebalance", async (events) => {
    handled.second.push(...events.filter(isOurs));
  });
  await eventually(async () => handled.second.length > 0, 20_000);
  await publishRound();
  pause.resolve();
  await publishRound();
  await eventually(isAllHandled, 20_000);

  await first.close();
  await publishRound();
  await eventually(isAllHandled, 20_000);
  await second.close();
  for (const list of [handled.first, handled.second]) {
    for (const showId of showIds) {
      const order = new Set(idsOf(list.filter((event) => event.showId === showId)));
      expect([...order]).toEqual(idsOf(sent).filter((eventId) => order.has(eventId)));
    }
  }
}, 90_000);

test("a handler that takes longer than a session lasts keeps its place in the group: its events are handled once", async () => {
  const showId = randomUUID();
  const [slowOne, later] = [expired(showId), expired(showId)];
  await topics.publish([slowOne]);
  const handledBy: string[] = [];
  const startedAt = Date.now();
  const slow = topics.follow("slow", async (events) => {
    if (!idsOf(events).includes(slowOne.eventId)) return;
    handledBy.push("slow");
    await eventually(async () => Date.now() > startedAt + 15_000, 30_000);
    handledBy.push("slow is done");
  });
  await eventually(async () => handledBy.length === 2, 30_000);
  const other = topics.follow("slow", async (events) => {
    if (idsOf(events).includes(slowOne.eventId)) handledBy.push("other");
    if (idsOf(events).includes(later.eventId)) handledBy.push("later");
  });
  await slow.close();
  await topics.publish([later]);
  await eventually(async () => handledBy.includes("later"), 20_000);
  await other.close();
  expect(handledBy).toEqual(["slow", "slow is done", "later"]);
}, 90_000);

test("events that the broker has deleted before they were read: the follower goes on with the oldest that is left", async () => {
  const showId = randomUUID();
  const seen: string[] = [];
  const handle = async (events: DomainEvent[]) => {
    seen.push(...idsOf(events.filter((event) => event.showId === showId)));
  };
  const [first, gone, left] = [expired(showId), expired(showId), expired(showId)];
  await topics.publish([first]);
  const before = topics.follow("deleted", handle);
  await eventually(async () => seen.length > 0, 20_000);
  await before.close();
  // In one record batch, which the broker keeps and sends as a whole.
  await topics.publish([gone, left]);
  await deleteAllButLast(topics.topic);
  const after = topics.follow("deleted", handle);
  await eventually(async () => seen.includes(left.eventId), 20_000);
  await after.close();
  expect(seen).toEqual([first.eventId, left.eventId]);
}, 60_000);

function idsOf(events: DomainEvent[]): string[] {
  return events.map(({ eventId }) => eventId);
}

async function endsOf(topic: string) {
  const partitions = [0, 1, 2, 3].map((partitionIndex) => ({ partitionIndex, timestamp: -1n }));
  const [found] = await admin.listOffsets({ topics: [{ name: topic, partitions }] });
  return found?.partitions ?? [];
}

async function countIn(topic: string): Promise<number> {
  return (await endsOf(topic)).reduce((sum, { offset }) => sum + Number(offset), 0);
}

/** The last event of each partition stays. */
async function deleteAllButLast(name: string): Promise<void> {
  const partitions = (await endsOf(name))
    .filter(({ offset }) => offset > 0n)
    .map(({ partitionIndex, offset }) => ({ partition: partitionIndex, offset: offset - 1n }));
  await admin.deleteRecords({ topics: [{ name, partitions }] });
}
