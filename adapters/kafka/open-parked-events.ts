import { Admin, Consumer, ListOffsetTimestamps } from "@platformatic/kafka";

import { eventTopics } from "../../domain/events.ts";
import { createSender } from "./create-sender.ts";
import type { KafkaMessage, Positions } from "./fetch-messages.ts";
import { fetchMessages } from "./fetch-messages.ts";

export type ParkedEvent = {
  topic: string;
  /** The consumer group that could not apply it, and why. */
  group: string;
  reason: string;
  parkedAtMs: number;
  /** Where it stood in its topic. */
  partition: string;
  offset: string;
  message: KafkaMessage;
};

/** What was put aside, from all topics. It waits until it is replayed or discarded, however long that takes. */
export type ParkedEvents = {
  /** In batches, each partition in its order. */
  list(): AsyncGenerator<ParkedEvent[]>;
  /**
   * Publishes them again, as they came, behind what is in their topics now. Every consumer of a topic gets them, as any event may
   * come twice; what still cannot be applied is parked anew. Answers with how many there were.
   */
  replay(): Promise<number>;
  /** Forgets them. Answers with how many there were. */
  discard(): Promise<number>;
  close(): Promise<void>;
};

export function openParkedEvents(options: {
  brokers: string[];
  topicPrefix: string;
}): ParkedEvents {
  const client = { clientId: "parked-events", bootstrapBrokers: options.brokers };
  const admin = new Admin(client);
  // It joins no group; the client wants a name.
  const consumer = new Consumer({ ...client, groupId: "parked-events" });
  const sender = createSender({ brokers: options.brokers, component: "parked-events" });
  const topics = eventTopics.map((topic) => options.topicPrefix + topic);
  consumer.topics.trackAll(...topics.map((topic) => `${topic}.parked`));

  /** What is there now; what a replay parks anew comes behind it. */
  async function* readParked(topic: string): AsyncGenerator<ParkedEvent[]> {
    const parkedTopic = `${topic}.parked`;
    const list = (timestamp: bigint) => consumer.listOffsets({ topics: [parkedTopic], timestamp });
    const first = await list(ListOffsetTimestamps.EARLIEST);
    const ends = (await list(ListOffsetTimestamps.LATEST)).get(parkedTopic) ?? [];
    const positions: Positions = new Map(first.get(parkedTopic)?.entries());
    const isBeforeEnd = ([partition, offset]: [number, bigint]) => offset < (ends[partition] ?? 0n);
    for (;;) {
      const unread = new Map([...positions].filter(isBeforeEnd));
      if (unread.size === 0) return;
      const messages = (await fetchMessages(consumer, parkedTopic, unread)).take();
      for (const [partition, offset] of unread) positions.set(partition, offset);
      const parked = messages.filter(({ partition, offset }) => isBeforeEnd([partition, offset]));
      if (parked.length > 0) yield parked.map((message) => describe(topic, message));
    }
  }

  /** Each batch is done before it is deleted, so that one that was broken off is done again. */
  async function settleAll(settle: (batch: ParkedEvent[]) => Promise<void>): Promise<number> {
    let count = 0;
    for (const topic of topics) {
      for await (const batch of readParked(topic)) {
        await settle(batch);
        const ends = new Map(batch.map(({ message }) => [message.partition, message.offset + 1n]));
        const partitions = [...ends].map(([partition, offset]) => ({ partition, offset }));
        await admin.deleteRecords({ topics: [{ name: `${topic}.parked`, partitions }] });
        count += batch.length;
      }
    }
    return count;
  }

  return {
    async *list() {
      for (const topic of topics) yield* readParked(topic);
    },
    replay: () => settleAll((batch) => sender.send(batch.map(asItCame))),
    discard: () => settleAll(async () => undefined),
    async close() {
      await Promise.all([sender.close(), consumer.close(true), admin.close()]);
    },
  };
}

function describe(topic: string, message: KafkaMessage): ParkedEvent {
  const { group = "", reason = "", partition = "", offset = "" } = message.headers;
  return { topic, group, reason, partition, offset, parkedAtMs: message.atMs, message };
}

function asItCame({ topic, message }: ParkedEvent) {
  const { group: _, reason: __, partition: ___, offset: ____, ...headers } = message.headers;
  return { topic, key: message.key, value: message.value, headers };
}
