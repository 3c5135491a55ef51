import type { ChildProcess } from "node:child_process";
import { once } from "node:events";

import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { Admin, Producer, stringSerializers } from "@platformatic/kafka";
import { SMTPServer } from "smtp-server";

import type { BookingConfirmed } from "../../domain/events.ts";
import { localKeys } from "../../local/local-keys.ts";
import { createDatabase } from "../../tests/databases.ts";
import type { TestDatabase } from "../../tests/databases.ts";
import type { EventTopics } from "../../tests/event-topics.ts";
import { createEventTopics } from "../../tests/event-topics.ts";
import { eventually } from "../../tests/eventually.ts";
import { freePort } from "../../tests/free-port.ts";
import type { TestBroker } from "../../tests/kafka-broker.ts";
import { startBroker } from "../../tests/kafka-broker.ts";
import { launch } from "../../tests/launch.ts";
import { plantConfirmed } from "../../tests/plant-confirmed.ts";

// Notifiers die and meet in the worst moments; their Kafka is their own, their mail server takes its time when it is told to.

let broker: TestBroker;
let database: TestDatabase;
let topics: EventTopics;
let mail: Awaited<ReturnType<typeof startMailServer>>;
const notifiers = new Set<ChildProcess>();

beforeAll(async () => {
  [broker, database, mail] = await Promise.all([
    startBroker(),
    createDatabase(),
    startMailServer(),
  ]);
}, 120_000);
afterAll(async () => {
  mail?.close();
  await database?.drop();
  await broker?.close();
}, 30_000);
afterEach(async () => {
  mail.goOn();
  for (const notifier of notifiers) await kill(notifier);
  await topics.close();
}, 30_000);

/** Each test has topics, and so a consumer group, of its own. */
async function begin(): Promise<void> {
  topics = await createEventTopics([broker.address]);
}

async function startNotifier(): Promise<ChildProcess> {
  const environment = {
    ...localKeys,
    DATABASE_URL: database.url,
    KAFKA_BROKERS: broker.address,
    KAFKA_TOPIC_PREFIX: topics.topicPrefix,
    SMTP_URL: `smtp://127.0.0.1:${mail.port}`,
    PUBLIC_URL: "http://127.0.0.1:4000",
    LOG_LEVEL: "warn",
  };
  const notifier = await launch("workers/notifier/main.ts", environment, await freePort());
  notifiers.add(notifier);
  return notifier;
}

async function kill(notifier: ChildProcess): Promise<void> {
  notifiers.delete(notifier);
  if (notifier.exitCode !== null || notifier.signalCode !== null) return;
  notifier.kill("SIGKILL");
  await once(notifier, "exit");
}

async function arrives(event: BookingConfirmed, waitMsMax = 20_000): Promise<void> {
  await eventually(async () => mail.countOf(event) > 0, waitMsMax);
}

/** How many events the group has done. */
async function committed(): Promise<number> {
  const admin = new Admin({ clientId: "test", bootstrapBrokers: [broker.address] });
  try {
    const groupId = `${topics.topicPrefix}notifier`;
    const [group] = await admin.listConsumerGroupOffsets({ groups: [groupId] });
    const partitions = group?.topics.flatMap((topic) => topic.partitions) ?? [];
    return partitions.reduce((sum, one) => sum + Math.max(0, Number(one.committedOffset)), 0);
  } finally {
    await admin.close();
  }
}

test("a notifier dies between the mail and its offset: it gets the event again, and sends no second mail", async () => {
  await begin();
  const event = await plantConfirmed(database.pool);
  const first = await startNotifier();
  mail.hold();
  await topics.publish([event]);
  await eventually(async () => mail.held() === 1, 20_000);
  broker.link.cut();
  mail.goOn();
  await eventually(async () => {
    const { rowCount } = await database.pool.query(
      "select 1 from deliveries where event_id = $1 and sent_at is not null",
      [event.eventId],
    );
    return rowCount === 1;
  });
  await kill(first);
  broker.link.mend();
  expect(await committed()).toBe(0);

  await startNotifier();
  const next = await plantConfirmed(database.pool);
  await topics.publish([next]);
  await arrives(next, 30_000);
  await eventually(async () => (await committed()) === 2);
  expect(mail.countOf(event)).toBe(1);
}, 90_000);

test("two notifiers have the same event in hand at once: one sends the mail, the other waits for it", async () => {
  await begin();
  const event = await plantConfirmed(database.pool);
  const logs = [readLog(await startNotifier()), readLog(await startNotifier())];
  mail.hold();
  // In every partition, as if each had it while a rebalance moves them.
  await publishUnderKeys(event, ["a", "b", "c", "d", "e", "f", "g", "h"]);
  await eventually(async () => mail.held() > 0, 20_000);
  await eventually(
    async () => logs.some((log) => log().includes("Another notifier is sending")),
    20_000,
  );
  mail.goOn();
  await eventually(async () => (await committed()) === 8, 30_000);
  expect(mail.countOf(event)).toBe(1);
}, 90_000);

test("a notifier dies while it sends: nobody knows whether the mail went out, so it goes out again under the same id", async () => {
  await begin();
  const event = await plantConfirmed(database.pool);
  const first = await startNotifier();
  mail.hold();
  await topics.publish([event]);
  await eventually(async () => mail.held() === 1, 20_000);
  await kill(first);
  mail.goOn();
  expect(mail.countOf(event)).toBe(1);
  await startNotifier();
  await eventually(async () => mail.countOf(event) === 2, 60_000);
  await eventually(async () => (await committed()) === 1);
}, 120_000);

test("a mailbox that is full for long: its mail is parked, and the next one of its partition is sent", async () => {
  await begin();
  const full = await plantConfirmed(database.pool);
  const next = await plantConfirmed(database.pool);
  mail.postpone(full.userId);
  // It has been tried for ten minutes.
  await database.pool.query(
    "insert into deliveries (show_id, event_id, channel, attempts) values ($1, $2, 'mail', 119)",
    [full.showId, full.eventId],
  );
  await startNotifier();
  await publishUnderKeys(full, ["same"]);
  await publishUnderKeys(next, ["same"]);
  await arrives(next);
  expect(mail.countOf(full)).toBe(0);
}, 60_000);

test("a notifier is asked to stop while Kafka swallows its questions: it ends within the time to drain", async () => {
  await begin();
  const notifier = await startNotifier();
  broker.link.swallow();
  const askedAt = performance.now();
  notifier.kill("SIGTERM");
  const [exitCode] = (await once(notifier, "exit")) as [number | null];
  expect(exitCode).toBe(0);
  expect(performance.now() - askedAt).toBeLessThan(8_000);
}, 60_000);

async function publishUnderKeys(event: BookingConfirmed, keys: string[]): Promise<void> {
  const producer = new Producer({
    clientId: "test",
    bootstrapBrokers: [broker.address],
    serializers: stringSerializers,
  });
  const value = JSON.stringify(event);
  await producer.send({ messages: keys.map((key) => ({ topic: topics.topic, key, value })) });
  await producer.close();
}

/** What a notifier says from now on. */
function readLog({ stdout, stderr }: ChildProcess): () => string {
  let output = "";
  for (const stream of [stdout, stderr]) {
    stream?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  }
  return () => output;
}

/** Counts mails by event; holds back its answer between `hold` and `goOn`, when the mail itself has come. */
async function startMailServer() {
  const came: string[] = [];
  const postponed = new Set<string>();
  let gate = Promise.withResolvers<void>();
  let waiting = 0;
  gate.resolve();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onRcptTo({ address }, _session, callback) {
      const isPostponed = [...postponed].some((userId) => address.includes(userId));
      callback(
        isPostponed ? Object.assign(new Error("Mailbox full"), { responseCode: 452 }) : null,
      );
    },
    onData(stream, _session, callback) {
      let text = "";
      stream.on("data", (chunk: Buffer) => (text += chunk.toString()));
      stream.on("end", () => {
        came.push(/^Message-ID:\s+<([^.]+)[^>]*@marquee>/im.exec(text)?.[1] ?? "");
        waiting += 1;
        void gate.promise.then(() => {
          waiting -= 1;
          callback();
        });
      });
    },
  });
  server.on("error", () => undefined);
  const port = await freePort();
  await new Promise<void>((resolve) => {
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    port,
    countOf: ({ eventId }: BookingConfirmed) => came.filter((id) => id === eventId).length,
    held: () => waiting,
    hold() {
      gate = Promise.withResolvers<void>();
    },
    goOn: () => gate.resolve(),
    postpone: (userId: string) => void postponed.add(userId),
    close: () => server.close(),
  };
}
