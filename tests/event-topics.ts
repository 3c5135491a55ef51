import { randomUUID } from "node:crypto";

import { uuidv7 } from "uuidv7";

import type { EventPublisher } from "../adapters/kafka/create-event-publisher.ts";
import { createEventPublisher } from "../adapters/kafka/create-event-publisher.ts";
import type { Following } from "../adapters/kafka/follow-events.ts";
import { followEvents } from "../adapters/kafka/follow-events.ts";
import type { BookingExpired, DomainEvent } from "../domain/events.ts";
import { createTopics } from "../local/create-topics.ts";
import { createLogger } from "../platform/logger.ts";
import { serverAddress } from "./server-address.ts";

/** The topics of events once more, for one test file: with a publisher, and followers of `booking-events`. */
export type EventTopics = {
  brokers: string[];
  topicPrefix: string;
  topic: string;
  publish(events: DomainEvent[]): Promise<void>;
  follow(group: string, handle: (events: DomainEvent[]) => Promise<void>): Following;
  close(): Promise<void>;
};

export async function createEventTopics(
  brokers = serverAddress("KAFKA_BROKERS").split(","),
): Promise<EventTopics> {
  const topicPrefix = `test-${randomUUID()}.`;
  const publisher = createEventPublisher({ brokers, topicPrefix, component: "test" });
  const logger = createLogger("test", "silent");
  await createTopics(brokers.join(), topicPrefix);
  return {
    brokers,
    topicPrefix,
    topic: `${topicPrefix}booking-events`,
    publish: (events) => publishAll(publisher, events),
    follow: (group, handle) =>
      followEvents({
        ...{ brokers, topicPrefix, group, topic: "booking-events", handle, logger },
      }),
    close: () => publisher.close(),
  };
}

async function publishAll(publisher: EventPublisher, events: DomainEvent[]): Promise<void> {
  await publisher.publish(
    events.map((payload) => ({
      eventId: payload.eventId,
      showId: payload.showId,
      topic: "booking-events",
      payload,
    })),
  );
}

export function expired(showId: string, seatId = "A1"): BookingExpired {
  return {
    schemaVersion: 1,
    type: "BookingExpired",
    eventId: uuidv7(),
    showId,
    bookingId: randomUUID(),
    userId: randomUUID(),
    seatIds: [seatId],
  };
}
