import { Admin } from "@platformatic/kafka";

import { eventTopics } from "../domain/events.ts";

/** Every topic of events, and beside it one for events that a consumer could not apply. Safe to run again. */
export async function createTopics(brokers: string, prefix = ""): Promise<void> {
  const admin = new Admin({ clientId: "marquee-local", bootstrapBrokers: brokers.split(",") });
  try {
    const existing = await admin.listTopics();
    const topics = eventTopics
      .flatMap((topic) => [prefix + topic, `${prefix}${topic}.parked`])
      .filter((topic) => !existing.includes(topic));
    if (topics.length > 0) await admin.createTopics({ topics, partitions: 4, replicas: 1 });
  } finally {
    await admin.close();
  }
}
