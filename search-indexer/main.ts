import { Counter } from "prom-client";

import { createElastic } from "../adapters/elasticsearch/create-elastic.ts";
import { BadShow, ensureShowIndex, putShows } from "../adapters/elasticsearch/show-index.ts";
import { followEvents, UnusableEvent } from "../adapters/kafka/follow-events.ts";
import { readConfig } from "../platform/config.ts";
import { runUntilSignal } from "../platform/lifecycle.ts";
import { createLogger } from "../platform/logger.ts";

const config = readConfig(
  "KAFKA_BROKERS",
  "KAFKA_TOPIC_PREFIX",
  "ELASTICSEARCH_URL",
  "SEARCH_INDEX",
  "LISTEN_HOST",
  "HEALTH_PORT",
  "LOG_LEVEL",
);
const logger = createLogger("search-indexer", config.LOG_LEVEL);
const elastic = createElastic({ url: config.ELASTICSEARCH_URL, requestMsMax: 30_000 });
const alias = config.SEARCH_INDEX;
await ensureShowIndex(elastic, alias);

const indexed = new Counter({ name: "marquee_shows_indexed_total", help: "Shows written" });
const following = followEvents({
  brokers: config.KAFKA_BROKERS,
  topicPrefix: config.KAFKA_TOPIC_PREFIX,
  group: "search-indexer",
  topic: "catalogue-events",
  logger,
  async handle(events) {
    const shows = events.filter((event) => event.type === "ShowPublished");
    if (shows.length === 0) return;
    await putShows(elastic, alias, shows).catch((error: unknown) => {
      throw error instanceof BadShow ? new UnusableEvent(error.message) : error;
    });
    indexed.inc(shows.length);
  },
});

await runUntilSignal({
  logger,
  health: { host: config.LISTEN_HOST, port: config.HEALTH_PORT },
  running: following.running,
  isReady: async () => following.isReady(),
  closables: [
    { name: "elasticsearch", close: () => elastic.close() },
    { name: "kafka", close: () => following.close() },
  ],
});
