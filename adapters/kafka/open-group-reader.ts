import { setTimeout as delay } from "node:timers/promises";

import { Consumer, ListOffsetTimestamps } from "@platformatic/kafka";

import { within } from "../../platform/within.ts";
import type { KafkaMessage, Positions } from "./fetch-messages.ts";
import { fetchMessages } from "./fetch-messages.ts";

/** One member of a consumer group. When a call fails it is of no more use: close it and open another. */
export type GroupReader = {
  /** The next messages, each partition in its order; none when nothing has come for a moment. */
  read(): Promise<KafkaMessage[]>;
  /** These are done: whoever reads their partitions next begins after them. */
  commit(messages: KafkaMessage[]): Promise<void>;
  /** How many messages of each partition are not done yet, also while one batch takes long. Empty before the first read. */
  behind(): Promise<Map<number, number>>;
  close(): Promise<void>;
};

/** A member that is silent for so long has left, and somebody else reads its partitions. */
const sessionMs = 10_000;
/** Of a broker that lives: it answers in milliseconds, or a link has swallowed the answer. */
const answerMsMax = 10_000;
const joinMsMax = 30_000;
const closeMsMax = 2_000;
const unassignedPauseMs = 500;

/**
 * Joins the group and reads what it is assigned, one batch after the other: the next is fetched when this one is done. The
 * client's own stream reads ahead, and keeps what it has read when its partitions have gone to somebody else.
 */
export async function openGroupReader(options: {
  brokers: string[];
  group: string;
  topic: string;
}): Promise<GroupReader> {
  const { topic } = options;
  const consumer = createConsumer(options);
  let joins = 0;
  let positions: Positions | undefined;
  /** Behind the last commit: what is in hand is not done. */
  let done: Positions = new Map();
  let failure: unknown;
  consumer.on("consumer:group:join", () => {
    joins += 1;
    positions = undefined;
    done = new Map();
  });
  // Said when it could not join again. Without a listener it would end the process.
  consumer.on("error", (error: unknown) => {
    failure = error;
  });

  async function read(): Promise<KafkaMessage[]> {
    if (failure !== undefined) throw failure;
    const joinsBefore = joins;
    const known = positions ?? (await findPositions(consumer, topic));
    if (known.size === 0) await delay(unassignedPauseMs);
    const fetched = known.size === 0 ? undefined : await fetchMessages(consumer, topic, known);
    // A rebalance came in between: what was found and fetched may be somebody else's by now.
    if (joins !== joinsBefore) return [];
    if (positions === undefined) done = new Map(known);
    positions = known;
    return fetched?.take() ?? [];
  }

  async function close(): Promise<void> {
    // A broker that does not answer forgets this member by itself.
    await within(closeMsMax, "leave the group", consumer.close(true)).catch(() => undefined);
  }

  try {
    consumer.topics.track(topic);
    await within(joinMsMax, "join the group", consumer.joinGroup({}));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    read: () => within(answerMsMax, "read from Kafka", read()),
    async commit(messages) {
      const offsets = lastOfEachPartition(messages).map(({ partition, offset, leaderEpoch }) => ({
        ...{ topic, partition, leaderEpoch },
        offset: offset + 1n,
      }));
      await within(answerMsMax, "commit to Kafka", consumer.commit({ offsets }));
      for (const { partition, offset } of offsets) {
        if (done.has(partition)) done.set(partition, offset);
      }
    },
    behind: () => within(answerMsMax, "ask Kafka for ends", countBehind(consumer, topic, done)),
    close,
  };
}

function createConsumer({ brokers, group }: { brokers: string[]; group: string }): Consumer {
  return new Consumer({
    clientId: group,
    groupId: group,
    bootstrapBrokers: brokers,
    sessionTimeout: sessionMs,
    rebalanceTimeout: sessionMs,
    heartbeatInterval: 1_000,
    // A join is answered when all members have come or their sessions are over.
    requestTimeout: sessionMs + 2_000,
    connectTimeout: 3_000,
    retries: 4,
    retryDelay: 500,
  });
}

/** Where to go on in each assigned partition: after what the group has done, or at the beginning. */
async function findPositions(consumer: Consumer, topic: string): Promise<Positions> {
  const assigned = consumer.assignments?.find((one) => one.topic === topic)?.partitions ?? [];
  if (assigned.length === 0) return new Map();
  const [committed, first] = await Promise.all([
    consumer.listCommittedOffsets({ topics: [{ topic, partitions: assigned }] }),
    consumer.listOffsets({ topics: [topic], timestamp: ListOffsetTimestamps.EARLIEST }),
  ]);
  return new Map(
    assigned.map((partition) => {
      const done = committed.get(topic)?.[partition] ?? -1n;
      return [partition, done >= 0n ? done : (first.get(topic)?.[partition] ?? 0n)];
    }),
  );
}

async function countBehind(
  consumer: Consumer,
  topic: string,
  done: Positions,
): Promise<Map<number, number>> {
  const latest = { topics: [topic], timestamp: ListOffsetTimestamps.LATEST };
  const ends = (await consumer.listOffsets(latest)).get(topic);
  return new Map(
    [...done].map(([partition, offset]) => [
      partition,
      Math.max(0, Number((ends?.[partition] ?? offset) - offset)),
    ]),
  );
}

function lastOfEachPartition(messages: KafkaMessage[]): KafkaMessage[] {
  return [...new Map(messages.map((message) => [message.partition, message])).values()];
}
