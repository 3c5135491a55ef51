import { randomUUID } from "node:crypto";

import { Admin, Consumer, stringDeserializers } from "@platformatic/kafka";

import type { Text } from "./find-personal-data.ts";

/** Every message of every topic whose name begins with the prefix: key, value and headers. */
export async function readTopics(brokers: string[], prefix: string): Promise<Text[]> {
  const client = { clientId: `reader-${randomUUID()}`, bootstrapBrokers: brokers };
  const admin = new Admin(client);
  const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(prefix));
  const waiting = await countMessages(admin, topics);
  await admin.close();
  const texts: Text[] = [];
  if (waiting === 0) return texts;

  const consumer = new Consumer({
    ...client,
    groupId: client.clientId,
    deserializers: stringDeserializers,
    maxWaitTime: 100,
  });
  const stream = await consumer.consume({ topics, mode: "earliest", autocommit: false });
  let read = 0;
  for await (const { topic, key, value, headers } of stream) {
    const place = topic.slice(prefix.length);
    const contents = [key, value, ...[...headers].flat()];
    texts.push(...contents.map((text) => ({ place, text: String(text) })));
    read += 1;
    if (read === waiting) break;
  }
  await consumer.close(true);
  return texts;
}

async function countMessages(admin: Admin, topics: string[]): Promise<number> {
  const partitions = [0, 1, 2, 3];
  const ends = await admin.listOffsets({
    topics: topics.map((name) => ({
      name,
      partitions: partitions.map((partitionIndex) => ({ partitionIndex, timestamp: -1n })),
    })),
  });
  return ends
    .flatMap(({ partitions: listed }) => listed)
    .reduce((sum, { offset }) => sum + Number(offset), 0);
}
