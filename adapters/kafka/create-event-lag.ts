import { Gauge } from "prom-client";

import type { KafkaMessage } from "./fetch-messages.ts";

/** How far one follower is behind its topic, as metrics and in a line for people. */
export type EventLag = {
  /** These are being applied. */
  inHand(messages: readonly KafkaMessage[]): void;
  done(): void;
  /** Events that are not done, by partition: those that this process reads. */
  behind(partitions: ReadonlyMap<number, number>): void;
  /** `catalogue-events: 12 events behind, the oldest for 3 s`. */
  describe(): string;
};

export function createEventLag({ group, topic }: { group: string; topic: string }): EventLag {
  let oldestAtMs: number | undefined;
  let known: ReadonlyMap<number, number> = new Map();
  const oldestSeconds = () =>
    oldestAtMs === undefined ? 0 : Math.max(0, Date.now() - oldestAtMs) / 1_000;
  oldestOf.set(`${group} ${topic}`, () => eventsOldest.set({ group, topic }, oldestSeconds()));

  return {
    inHand(messages) {
      if (messages.length > 0) oldestAtMs = Math.min(...messages.map(({ atMs }) => atMs));
    },
    done() {
      oldestAtMs = undefined;
    },
    behind(partitions) {
      // Another process reads those that are gone.
      for (const partition of known.keys()) eventsBehind.remove({ group, topic, partition });
      for (const [partition, count] of partitions) {
        eventsBehind.set({ group, topic, partition }, count);
      }
      known = partitions;
    },
    describe() {
      const count = [...known.values()].reduce((sum, each) => sum + each, 0);
      const age = oldestSeconds() < 1 ? "" : `, the oldest for ${Math.round(oldestSeconds())} s`;
      return `${topic}: ${count} events behind${age}`;
    },
  };
}

const eventsBehind = new Gauge({
  name: "marquee_events_behind",
  help: "Events of a partition that its follower has not applied yet, as of some seconds ago",
  labelNames: ["group", "topic", "partition"],
});

/** Worked out when it is asked for, so that it grows while a store is away and no batch is done. */
const eventsOldest = new Gauge({
  name: "marquee_events_oldest_seconds",
  help: "Age of the oldest event that a follower has in hand; 0: it has done all that it has read",
  labelNames: ["group", "topic"],
  collect: () => {
    for (const set of oldestOf.values()) set();
  },
});
const oldestOf = new Map<string, () => void>();
