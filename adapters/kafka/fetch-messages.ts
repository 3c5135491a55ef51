import type { Consumer, RecordsBatch } from "@platformatic/kafka";
import { findErrorBy, IS_CONTROL, ListOffsetTimestamps } from "@platformatic/kafka";

export type KafkaMessage = {
  partition: number;
  offset: bigint;
  leaderEpoch: number;
  /** When it was sent, as epoch milliseconds. */
  atMs: number;
  key: string;
  value: string;
  headers: Record<string, string>;
};

/** The offset to read next, of each partition. */
export type Positions = Map<number, bigint>;

type FetchResponse = Awaited<ReturnType<Consumer["fetch"]>>;

/** How long a broker waits for news before it answers that there are none. */
const newsWaitMs = 100;
/** One batch in memory. A broker sends at least one record batch, so that larger ones pass too. */
const readBytesMax = 256 * 1_024;

/** The messages after these positions, each partition in its order. `take` hands them over and moves the positions behind them. */
export async function fetchMessages(
  consumer: Consumer,
  topic: string,
  positions: Positions,
): Promise<{ take(): KafkaMessage[] }> {
  try {
    const responses = await fetchFromLeaders(consumer, topic, positions);
    return { take: () => responses.flatMap((response) => takeMessages(response, positions)) };
  } catch (error) {
    const isOutOfRange =
      error instanceof Error && findErrorBy(error, "apiId", "OFFSET_OUT_OF_RANGE") !== null;
    if (!isOutOfRange) throw error;
    await mendPositions(consumer, topic, positions);
    return { take: () => [] };
  }
}

/** One request to each broker that leads one of the partitions. */
async function fetchFromLeaders(
  consumer: Consumer,
  topic: string,
  positions: Positions,
): Promise<FetchResponse[]> {
  const metadata = await consumer.metadata({ topics: [topic] });
  const found = metadata.topics.get(topic);
  if (found === undefined) throw new Error(`There is no topic ${topic}`);
  const byLeader = Map.groupBy(
    positions,
    ([partition]) => found.partitions[partition]?.leader ?? -1,
  );
  return Promise.all(
    [...byLeader].map(([node, wanted]) => {
      const partitions = wanted.map(([partition, fetchOffset]) => ({
        ...{ partition, fetchOffset, partitionMaxBytes: readBytesMax },
        ...{ currentLeaderEpoch: -1, lastFetchedEpoch: -1 },
      }));
      return consumer.fetch({
        ...{ node, maxWaitTime: newsWaitMs, maxBytes: readBytesMax },
        topics: [{ topicId: found.id, partitions }],
      });
    }),
  );
}

/** A position that the broker has no longer, or not any more after a loss, begins anew: rather again than never. */
async function mendPositions(
  consumer: Consumer,
  topic: string,
  positions: Positions,
): Promise<void> {
  const [first, end] = await Promise.all([
    consumer.listOffsets({ topics: [topic], timestamp: ListOffsetTimestamps.EARLIEST }),
    consumer.listOffsets({ topics: [topic], timestamp: ListOffsetTimestamps.LATEST }),
  ]);
  for (const [partition, position] of positions) {
    const from = first.get(topic)?.[partition] ?? 0n;
    const to = end.get(topic)?.[partition] ?? 0n;
    if (position < from || position > to) positions.set(partition, from);
  }
}

function takeMessages(response: FetchResponse, positions: Positions): KafkaMessage[] {
  const partitions = response.responses.flatMap((one) => one.partitions);
  return partitions.flatMap(({ partitionIndex: partition, records }) => {
    const position = positions.get(partition);
    const last = records?.at(-1);
    if (position === undefined || records == null || last === undefined) return [];
    positions.set(partition, last.firstOffset + BigInt(last.lastOffsetDelta) + 1n);
    // A broker sends whole batches, also when the position is in the middle of the first.
    return messagesIn(partition, records).filter(({ offset }) => offset >= position);
  });
}

function messagesIn(partition: number, batches: RecordsBatch[]): KafkaMessage[] {
  return batches
    .filter(({ attributes }) => (attributes & IS_CONTROL) === 0)
    .flatMap(({ firstOffset, firstTimestamp, partitionLeaderEpoch, records }) =>
      records.map((record) => ({
        partition,
        offset: firstOffset + BigInt(record.offsetDelta),
        leaderEpoch: partitionLeaderEpoch,
        atMs: Number(firstTimestamp + record.timestampDelta),
        key: text(record.key),
        value: text(record.value),
        headers: Object.fromEntries(record.headers.map(([key, value]) => [text(key), text(value)])),
      })),
    );
}

function text(bytes: Buffer | null): string {
  return bytes?.toString("utf8") ?? "";
}
