import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { promisify } from "node:util";

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Producer, stringSerializers } from "@platformatic/kafka";

import { UnusableEvent } from "../adapters/kafka/follow-events.ts";
import type { EventTopics } from "../tests/event-topics.ts";
import { createEventTopics, expired } from "../tests/event-topics.ts";
import { eventually } from "../tests/eventually.ts";

let topics: EventTopics;
beforeAll(async () => {
  topics = await createEventTopics();
});
afterAll(() => topics.close());

async function run(...args: string[]): Promise<Record<string, unknown>[]> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(import.meta.dirname, "parked-events.ts"), ...args],
    {
      env: {
        KAFKA_BROKERS: topics.brokers.join(),
        KAFKA_TOPIC_PREFIX: topics.topicPrefix,
      },
    },
  );
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

test("what was parked is shown with its reason, comes again when it is replayed, and is parked anew when nothing was mended", async () => {
  const showId = randomUUID();
  const refused = expired(showId);
  const good = expired(showId);
  const producer = new Producer({
    clientId: "test",
    bootstrapBrokers: topics.brokers,
    serializers: stringSerializers,
  });
  await producer.send({ messages: [{ topic: topics.topic, key: showId, value: "not JSON" }] });
  await producer.close();
  await topics.publish([refused, good]);
  let isMended = false;
  const applied: string[] = [];
  const following = topics.follow("group", async (events) => {
    for (const { eventId } of events) {
      if (eventId === refused.eventId && !isMended) throw new UnusableEvent("no such buyer");
    }
    applied.push(...events.map(({ eventId }) => eventId));
  });
  await eventually(async () => applied.includes(good.eventId), 20_000);
  expect(applied).toEqual([good.eventId]);

  const garbage = { group: expect.stringContaining("group"), showId, reason: "not JSON" };
  const parked = [
    expect.objectContaining(garbage),
    expect.objectContaining({ reason: "no such buyer", eventId: refused.eventId, showId }),
  ];
  expect(await eventually(() => listed(2))).toEqual(parked);

  isMended = true;
  expect(await run("replay")).toEqual([{ replayed: 2 }]);
  await eventually(async () => applied.includes(refused.eventId), 20_000);
  expect(applied).toEqual([good.eventId, refused.eventId]);
  expect(await eventually(() => listed(1))).toEqual([expect.objectContaining(garbage)]);

  expect(await run("values")).toEqual([expect.objectContaining({ value: "not JSON" })]);
  expect(await run("discard")).toEqual([{ discarded: 1 }]);
  expect(await run()).toEqual([]);
  await following.close();
}, 90_000);

test("a word that it does not know is refused, and nothing is done", async () => {
  await expect(run("forget")).rejects.toMatchObject({ code: 2 });
});

async function listed(count: number) {
  const lines = await run();
  return lines.length === count && lines;
}
