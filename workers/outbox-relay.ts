import { setTimeout as delay } from "node:timers/promises";

import { Counter, Gauge } from "prom-client";

import { createEventPublisher } from "../adapters/kafka/create-event-publisher.ts";
import {
  deleteFromOutbox,
  outboxLag,
  readOutbox,
  whileLeading,
} from "../adapters/postgres/outbox.ts";
import { createPool, warnOfIdleErrors } from "../adapters/postgres/pool.ts";
import { createCatalogueTeller } from "../adapters/redis/catalogue-feed.ts";
import { createRedis } from "../adapters/redis/create-redis.ts";
import { createShowMetadata } from "../adapters/redis/show-metadata.ts";
import { changesOf } from "../domain/catalogue-change.ts";
import { readConfig } from "../platform/config.ts";
import { runUntilSignal } from "../platform/lifecycle.ts";
import { createLogger } from "../platform/logger.ts";
import { repeat } from "../platform/repeat.ts";
import { within } from "../platform/within.ts";

const config = readConfig(
  "DATABASE_URL",
  "KAFKA_BROKERS",
  "KAFKA_TOPIC_PREFIX",
  "REDIS_URL",
  "LISTEN_HOST",
  "HEALTH_PORT",
  "LOG_LEVEL",
);
const logger = createLogger("outbox-relay", config.LOG_LEVEL);
const pool = createPool({
  databaseUrl: config.DATABASE_URL,
  component: "outbox-relay",
  connectionsMax: 4,
  statementMsMax: 5_000,
  onIdleError: warnOfIdleErrors(logger),
});
const publisher = createEventPublisher({
  brokers: config.KAFKA_BROKERS,
  topicPrefix: config.KAFKA_TOPIC_PREFIX,
  component: "outbox-relay",
});

const redis = createRedis({
  redisUrl: config.REDIS_URL,
  component: "outbox-relay",
  onError: (error) => logger.debug({ err: error }, "redis is away"),
});
const tellProcesses = createCatalogueTeller(redis, createShowMetadata(redis));

const published = new Counter({
  name: "marquee_outbox_published_total",
  help: "Events that the broker has",
});
const waiting = new Gauge({ name: "marquee_outbox_waiting", help: "Events in the outbox" });
const oldest = new Gauge({
  name: "marquee_outbox_oldest_seconds",
  help: "Age of the oldest event in the outbox",
});

/** Two statements a batch, whatever it holds. */
const batchMax = 500;
/** Soon after work came, ever later while nothing comes. */
const idleMsMin = 50;
const idleMsMax = 500;
/** At the end: well within the time that a process has to drain. */
const publishMsMax = 3_000;

const closing = new AbortController();

/** Publishes what the outbox holds, then what comes. A row goes only when the broker has its event. */
const relaying = repeat({
  name: "relaying events",
  everyMs: 500,
  logger,
  work: (works) =>
    whileLeading(pool, async (lost) => {
      let idleMs = idleMsMin;
      while (!lost.aborted && !closing.signal.aborted) {
        const events = await readOutbox(pool, batchMax);
        if (events.length > 0) {
          // Before the CDN hears of it by Kafka and asks the API again: that must not answer from what it has kept.
          await tellProcesses(changesOf(events.map(({ payload }) => payload)));
          await publisher.publish(events);
          await deleteFromOutbox(pool, events);
          published.inc(events.length);
        }
        works();
        idleMs = events.length > 0 ? idleMsMin : Math.min(idleMs * 1.5, idleMsMax);
        if (events.length < batchMax) await delay(idleMs);
      }
    }),
});
const measuring = repeat({
  name: "measuring the outbox",
  everyMs: 5_000,
  logger,
  async work() {
    const lag = await outboxLag(pool);
    waiting.set(lag.waiting);
    oldest.set(lag.oldestMs / 1_000);
  },
});

await runUntilSignal({
  logger,
  health: { host: config.LISTEN_HOST, port: config.HEALTH_PORT },
  isReady: async () => !relaying.isFailing(),
  closables: [
    { name: "postgres", close: () => pool.end() },
    { name: "redis", close: async () => redis.disconnect() },
    { name: "kafka", close: () => publisher.close() },
    { name: "measuring", close: () => measuring.close() },
    {
      name: "relaying",
      close: () => {
        closing.abort();
        // What is on its way may arrive. While Kafka is away the publisher's own close, which comes next, ends the wait.
        return within(publishMsMax, "publish the last batch", relaying.close());
      },
    },
  ],
});
