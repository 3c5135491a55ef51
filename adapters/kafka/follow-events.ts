import { setTimeout as delay } from "node:timers/promises";

import type { Message, MessagesStream } from "@platformatic/kafka";
import { Consumer, Producer, stringDeserializers, stringSerializers } from "@platformatic/kafka";

import type { DomainEvent, EventTopic } from "../../domain/events.ts";
import type { Logger } from "../../platform/logger.ts";

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
  const apply = createApply(park, options.handle);

  const running = (async () => {
    for await (const batch of batches(stream)) {
      await untilDone(() => applyOrPark(batch, apply, park), logger, closing.signal);
      if (closing.signal.aborted) return;
      for (const message of lastOfEachPartition(batch)) await message.commit();
    }
  })();

  return {
    running,
    async close() {
      closing.abort();
      await stream.close();
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

function createApply(park: Park, handle: (events: DomainEvent[]) => Promise<void>) {
  return async (batch: KafkaMessage[]): Promise<void> => {
    const events: DomainEvent[] = [];
    for (const message of batch) {
      const event = readEvent(message.value);
      if (typeof event === "string") await park(message, event);
      else events.push(event);
    }
    if (events.length > 0) await handle(events);
  };
}

/** A batch that holds an unusable event is done one by one, so that only that event is parked. */
async function applyOrPark(
  batch: KafkaMessage[],
  apply: (batch: KafkaMessage[]) => Promise<void>,
  park: Park,
): Promise<void> {
  try {
    await apply(batch);
  } catch (error) {
    if (!(error instanceof UnusableEvent)) throw error;
    const [only] = batch;
    if (batch.length === 1 && only !== undefined) return park(only, error.message);
    for (const message of batch) await applyOrPark([message], apply, park);
  }
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

async function untilDone(
  work: () => Promise<void>,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
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
}

function lastOfEachPartition(batch: KafkaMessage[]): Iterable<KafkaMessage> {
  return new Map(batch.map((message) => [message.partition, message])).values();
}

/** The event, or why it is none. */
function readEvent(text: string): DomainEvent | string {
  try {
    const event = JSON.parse(text) as Partial<DomainEvent> | null;
    if (event?.schemaVersion !== 1) return "unknown schema version";
    if (typeof event.eventId !== "string" || typeof event.showId !== "string") return "no identity";
    return event as DomainEvent;
  } catch {
    return "not JSON";
  }
}
