import type { DomainEvent, EventTopic } from "../../domain/events.ts";
import { createKeepTrying } from "../../platform/keep-trying.ts";
import type { KeepTrying } from "../../platform/keep-trying.ts";
import type { Logger } from "../../platform/logger.ts";
import { repeat } from "../../platform/repeat.ts";
import { within } from "../../platform/within.ts";
import { createEventLag } from "./create-event-lag.ts";
import { createSender } from "./create-sender.ts";
import type { KafkaMessage } from "./fetch-messages.ts";
import type { GroupReader } from "./open-group-reader.ts";
import { openGroupReader } from "./open-group-reader.ts";
import { createParking } from "./parking.ts";
import type { Park } from "./parking.ts";
import { readEvent } from "./read-event.ts";

/** Thrown by a handler for an event that no retry will ever help. It is parked, and the next one comes. */
export class UnusableEvent extends Error {}

/** Thrown by a handler that has applied all events of a batch but these, which no retry will ever help. They alone are parked. */
export class UnusableEvents extends Error {
  readonly refused: ReadonlyMap<DomainEvent, string>;
  constructor(refused: ReadonlyMap<DomainEvent, string>) {
    super(`${refused.size} events cannot be applied`);
    this.refused = refused;
  }
}

export type Following = {
  /** Ends with `close`: whatever is away is tried until it is back. */
  running: Promise<void>;
  /** True while events are read and applied. */
  isReady(): boolean;
  /** For people who look after it: how far it is behind. */
  status(): string;
  close(): Promise<void>;
};

/** With the signal a handler may stop between two events: the whole batch comes again. */
type Handle = (events: DomainEvent[], signal: AbortSignal) => Promise<void>;

const closeMsMax = 3_000;
const measureEveryMs = 5_000;

/**
 * Follows a topic as a consumer group: hands over events in batches, in the order of each show, and commits their offsets after
 * the effect. So every event arrives at least once and the handler must bear a repetition. A handler that fails is tried
 * again until it succeeds: its store is away, and nothing may be skipped. While Kafka is away it is tried for as long as that
 * takes. What cannot be read or applied is parked with its reason.
 */
export function followEvents(options: {
  brokers: string[];
  topicPrefix: string;
  group: string;
  topic: EventTopic;
  handle: Handle;
  logger: Logger;
}): Following {
  const { brokers, logger } = options;
  const group = options.topicPrefix + options.group;
  const topic = options.topicPrefix + options.topic;
  const closing = new AbortController();
  const { signal } = closing;
  const reading = createKeepTrying({ name: "reading events", logger, signal });
  const applying = createKeepTrying({ name: "applying events", logger, signal });
  const sender = createSender({ brokers, component: `${group}-parking` });
  const park = createParking(sender, { group, topic, logger });
  const lag = createEventLag({ group, topic });
  let reader: GroupReader | undefined;
  let hasRead = false;

  /** Until Kafka fails, or the follower is closed. */
  async function follow(works: () => void): Promise<void> {
    reader = await openGroupReader({ brokers, group, topic });
    try {
      while (!signal.aborted) {
        const messages = await reader.read();
        hasRead = true;
        works();
        lag.inHand(messages);
        await apply(messages, {
          handle: (events) => options.handle(events, signal),
          park,
          applying,
        });
        // Not done: whoever follows next gets these again.
        if (signal.aborted) return;
        if (messages.length > 0) await reader.commit(messages);
        lag.done();
      }
    } finally {
      await reader.close();
    }
  }

  const running = reading.run(follow);
  const measuring = repeat({
    name: "measuring how far behind",
    everyMs: measureEveryMs,
    logger,
    work: async () => {
      if (reader !== undefined && hasRead) lag.behind(await reader.behind());
    },
  });
  return {
    running,
    isReady: () => hasRead && !reading.isFailing && !applying.isFailing,
    status: () => lag.describe(),
    async close() {
      closing.abort();
      await measuring.close();
      // A handler in the middle of its work may take longer than that.
      await within(closeMsMax, "end the last batch", running).catch(() => undefined);
      await reader?.close();
      await sender.close();
    },
  };
}

type Work = { handle: (events: DomainEvent[]) => Promise<void>; park: Park; applying: KeepTrying };
type Received = { message: KafkaMessage; event: DomainEvent };

async function apply(messages: KafkaMessage[], work: Work): Promise<void> {
  const received: Received[] = [];
  for (const message of messages) {
    const event = readEvent(message.value);
    // Parked once, and not again with every try of the handler.
    if (typeof event === "string") await work.applying.run(() => work.park(message, event));
    else if (event !== undefined) received.push({ message, event });
  }
  await handleOrPark(received, work);
}

/** A batch that holds an unusable event is done one by one, so that only that event is parked. */
async function handleOrPark(received: Received[], work: Work): Promise<void> {
  const [only] = received;
  if (only === undefined) return;
  let unusable: UnusableEvent | UnusableEvents | undefined;
  await work.applying.run(async () => {
    try {
      await work.handle(received.map(({ event }) => event));
    } catch (error) {
      if (!(error instanceof UnusableEvent || error instanceof UnusableEvents)) throw error;
      unusable = error;
    }
  });
  if (unusable === undefined) return;
  if (unusable instanceof UnusableEvents) return parkAll(received, unusable.refused, work);
  const { message: reason } = unusable;
  if (received.length === 1) return work.applying.run(() => work.park(only.message, reason));
  for (const each of received) await handleOrPark([each], work);
}

async function parkAll(
  received: Received[],
  refused: ReadonlyMap<DomainEvent, string>,
  { applying, park }: Work,
): Promise<void> {
  for (const { message, event } of received) {
    const reason = refused.get(event);
    if (reason !== undefined) await applying.run(() => park(message, reason));
  }
}
