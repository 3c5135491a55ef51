import { Producer, ProduceAcks, stringSerializers } from "@platformatic/kafka";

/** An event on its way out: its topic, the show it belongs to, and what it says. */
export type OutgoingEvent = { eventId: string; showId: string; topic: string; payload: object };

export type EventPublisher = {
  /** Resolves when every in-sync replica has all of them. Events of one show stay in order. */
  publish(events: OutgoingEvent[]): Promise<void>;
  close(): Promise<void>;
};

export function createEventPublisher(options: {
  brokers: string[];
  topicPrefix: string;
  component: string;
}): EventPublisher {
  const producer = new Producer({
    clientId: options.component,
    bootstrapBrokers: options.brokers,
    serializers: stringSerializers,
    idempotent: true,
    acks: ProduceAcks.ALL,
    timeout: 10_000,
    retries: 3,
  });
  return {
    async publish(events) {
      await producer.send({
        messages: events.map(({ eventId, showId, topic, payload }) => ({
          topic: options.topicPrefix + topic,
          key: showId,
          value: JSON.stringify(payload),
          headers: { "event-id": eventId },
        })),
      });
    },
    close: () => producer.close(),
  };
}
