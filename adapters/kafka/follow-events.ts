import { setTimeout as delay } from "node:timers/promises";

import type { Message, MessagesStream } from "@platformatic/kafka";
import { Consumer, Producer, stringDeserializers, stringSerializers } from "@platformatic/kafka";

import type { DomainEvent, EventTopic } from "../../domain/events.ts";
import type { Logger } from "../../platform/logger.ts";
import { readEvent } from "./read-event.ts";

type KafkaMessage = Message<string, string, string, string>;
type KafkaStream = MessagesStream<string, string, string, string>;

/** Thrown by a handler for an event that no retry will ever help. It is parked, and the next one comes. */
export class UnusableEvent extends Error {}

const batchMax = 500;

/**
 * Follows a topic as a consumer group: hands over events in batches, in the order of each show, and commits their offsets after
 * the effect. So every event arrives at least once and the handler must bear a repetition. A handler that fails is tried
 * again until it succeeds: its store is away, and nothing may be skipped. What cannot be read is parked with its reason in
 * `<topic>.parked`.
 */
export async function followEvents(options: {
  brokers: string[];
  topicPrefix: string;
  group: string;
  topic: EventTopic;
  handle: (events: DomainEvent[]) => Promise<void>;
  logger: Logger;
}): Promise<{ running: Promise<void>; close(): Promise<void> }> {
  const { brokers, logger } = options;
  const group = options.topicPrefix + options.group;
  const topic = options.topicPrefix + options.topic;
  const client = { clientId: group, bootstrapBrokers: brokers, retries: 10, retryDelay: 500 };
  const consumer = new Consumer({
    ...client,
    groupId: group,
    deserializers: stringDeserializers,
    sessionTimeout: 10_000,
    heartbeatInterval: 1_000,
    maxWaitTime: 100,
  });
  const parking = new Producer({ ...client, serializers: stringSerializers });
  const stream = await consumer.consume({
    topics: [topic],
    mode: "committed",
    fallbackMode: "earliest",
    autocommit: false,
  });
  const closing = new AbortController();
  const park = createPark(parking, topic, logger);
  const keepTrying = createKeepTrying(logger, closing.signal);

  const running = (async () => {
    for await (const batch of batches(stream)) {
      let received: Received[] = [];
      await keepTrying(async () => {
        received = await readOrPark(batch, park);
      });
      await handleOrPark(received, options.handle, park, keepTrying);
      // Not done: whoever follows next gets these again.
      if (closing.signal.aborted) return;
      for (const message of lastOfEachPartition(batch)) await message.commit();
    }
  })();

  return {
    running,
    async close() {
      closing.abort();
      // A loop that leaves in the middle has destroyed the stream, which then calls its own closing aborted.
      await stream.close().catch(() => undefined);
      await running.catch(() => undefined);
      await consumer.close(true);
      await parking.close();
    },
  };
}

type Park = (message: KafkaMessage, reason: string) => Promise<void>;

function createPark(
  parking: Producer<string, string, string, string>,
  topic: string,
  logger: Logger,
): Park {
  return async ({ key, value, offset }, reason) => {
    logger.error({ topic, offset: String(offset), reason }, "event parked");
    await parking.send({
      messages: [{ topic: `${topic}.parked`, key, value, headers: { reason } }],
    });
  };
}

type Received = { message: KafkaMessage; event: DomainEvent };

/** Parks what cannot be read: once, and not again with every try of the handler. */
async function readOrPark(batch: KafkaMessage[], park: Park): Promise<Received[]> {
  const received: Received[] = [];
  for (const message of batch) {
    const event = readEvent(message.value);
    if (typeof event === "string") await park(message, event);
    else if (event !== undefined) received.push({ message, event });
  }
  return received;
}

/** A batch that holds an unusable event is done one by one, so that only that event is parked. */
async function handleOrPark(
  received: Received[],
  handle: (events: DomainEvent[]) => Promise<void>,
  park: Park,
  keepTrying: KeepTrying,
): Promise<void> {
  const [only] = received;
  if (only === undefined) return;
  let unusable: UnusableEvent | undefined;
  await keepTrying(async () => {
    try {
      await handle(received.map(({ event }) => event));
    } catch (error) {
      if (!(error instanceof UnusableEvent)) throw error;
      unusable = error;
    }
  });
  if (unusable === undefined) return;
  const { message: reason } = unusable;
  if (received.length === 1) return keepTrying(() => park(only.message, reason));
  for (const each of received) await handleOrPark([each], handle, park, keepTrying);
}

/** What has arrived so far, up to a limit: one event when little happens, hundreds when much does. */
async function* batches(stream: KafkaStream): AsyncGenerator<KafkaMessage[]> {
  let batch: KafkaMessage[] = [];
  for await (const message of stream as AsyncIterable<KafkaMessage>) {
    batch.push(message);
    if (stream.readableLength > 0 && batch.length < batchMax) continue;
    yield batch;
    batch = [];
  }
}

/** Resolves when the work is done, or when the follower is closing. */
type KeepTrying = (work: () => Promise<void>) => Promise<void>;

function createKeepTrying(logger: Logger, signal: AbortSignal): KeepTrying {
  return async (work) => {
    for (let attempt = 0; !signal.aborted; attempt += 1) {
      try {
        await work();
        return;
      } catch (error) {
        logger.warn({ err: error, attempt }, "events not applied; they are tried again");
        await delay(Math.min(100 * 2 ** attempt, 5_000), undefined, { signal }).catch(
          () => undefined,
        );
      }
    }
  };
}

function lastOfEachPartition(batch: KafkaMessage[]): Iterable<KafkaMessage> {
  return new Map(batch.map((message) => [message.partition, message])).values();
}
