import { Admin } from "@platformatic/kafka";

import { eventTopics } from "../domain/events.ts";

/** Every topic of events, and beside it one for events that a consumer could not apply. Safe to run again. */
export async function createTopics(brokers: string, prefix = ""): Promise<void> {
  const admin = new Admin({ clientId: "marquee-local", bootstrapBrokers: brokers.split(",") });
  try {
    const existing = await admin.listTopics();
    const create = async (wanted: string[], configs: { name: string; value: string }[]) => {
      const topics = wanted.filter((topic) => !existing.includes(topic));
      if (topics.length === 0) return;
      await admin.createTopics({ topics, partitions: 4, replicas: 1, configs });
    };
    const topics = eventTopics.map((topic) => prefix + topic);
    await create(topics, []);
    // What was parked goes when somebody replays or discards it, and not with time.
    await create(
      topics.map((topic) => `${topic}.parked`),
      [{ name: "retention.ms", value: "-1" }],
    );
  } finally {
    await admin.close();
  }
}
