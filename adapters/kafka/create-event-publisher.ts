import type { OutgoingMessage } from "./create-sender.ts";
import { createSender } from "./create-sender.ts";

/** An event on its way out: its topic, the show it belongs to, and what it says. */
export type OutgoingEvent = { eventId: string; showId: string; topic: string; payload: object };

/** One call at a time. */
export type EventPublisher = {
  /** Resolves when every in-sync replica has all of them. Events of one show stay in order. */
  publish(events: OutgoingEvent[]): Promise<void>;
  close(): Promise<void>;
};

/** Well below the megabyte that a broker takes at once, though all events of a batch may belong to one partition. */
const sendBytesMax = 512 * 1_024;

export function createEventPublisher(options: {
  brokers: string[];
  topicPrefix: string;
  component: string;
}): EventPublisher {
  const sender = createSender(options);
  return {
    async publish(events) {
      const messages = events.map(({ eventId, showId, topic, payload }) => ({
        topic: options.topicPrefix + topic,
        key: showId,
        value: JSON.stringify(payload),
        headers: { "event-id": eventId },
      }));
      for (const part of partsOf(messages)) await sender.send(part);
    },
    close: () => sender.close(),
  };
}

function partsOf(messages: OutgoingMessage[]): OutgoingMessage[][] {
  const parts: OutgoingMessage[][] = [];
  let bytes = Infinity;
  for (const message of messages) {
    bytes += Buffer.byteLength(message.value ?? "");
    if (bytes > sendBytesMax) {
      parts.push([]);
      bytes = Buffer.byteLength(message.value ?? "");
    }
    parts.at(-1)?.push(message);
  }
  return parts;
}
