import { Counter } from "prom-client";

import { createElastic } from "../adapters/elasticsearch/create-elastic.ts";
import { putShows } from "../adapters/elasticsearch/put-shows.ts";
import { followEvents, UnusableEvents } from "../adapters/kafka/follow-events.ts";
import { createPool, warnOfIdleErrors } from "../adapters/postgres/pool.ts";
import { readConfig } from "../platform/config.ts";
import { runUntilSignal } from "../platform/lifecycle.ts";
import { createLogger } from "../platform/logger.ts";
import { keepIndex } from "./keep-index.ts";
import { watchAvailability } from "./watch-availability.ts";

const config = readConfig(
  "DATABASE_URL",
  "KAFKA_BROKERS",
  "KAFKA_TOPIC_PREFIX",
  "ELASTICSEARCH_URL",
  "SEARCH_INDEX",
  "LISTEN_HOST",
  "HEALTH_PORT",
  "LOG_LEVEL",
);
const logger = createLogger("search-indexer", config.LOG_LEVEL);
const pool = createPool({
  databaseUrl: config.DATABASE_URL,
  component: "search-indexer",
  connectionsMax: 3,
  statementMsMax: 10_000,
  onIdleError: warnOfIdleErrors(logger),
});
// A batch takes a fraction of a second. What has not answered after ten is taken for away, and asked again.
const elastic = createElastic({ url: config.ELASTICSEARCH_URL, requestMsMax: 10_000 });
const alias = config.SEARCH_INDEX;
const events = { brokers: config.KAFKA_BROKERS, topicPrefix: config.KAFKA_TOPIC_PREFIX, logger };

const indexed = new Counter({ name: "marquee_shows_indexed_total", help: "Shows written" });
const renewed = new Counter({
  name: "marquee_availability_changes_total",
  help: "Times that a show was published because its seats had become few, had sold out or come back, or for a step of five per cent",
});

const keeping = keepIndex({ elastic, alias, pool, logger });
const following = followEvents({
  ...events,
  group: "search-indexer",
  topic: "catalogue-events",
  async handle(batch) {
    const shows = batch.filter((event) => event.type === "ShowPublished");
    if (shows.length === 0) return;
    const refused = await putShows(elastic, alias, shows);
    indexed.inc(shows.length - refused.length);
    if (refused.length === 0) return;
    throw new UnusableEvents(new Map(refused.map(({ show, reason }) => [show, reason])));
  },
});
const availability = watchAvailability({
  ...events,
  pool,
  changed: (count) => renewed.inc(count),
});

await runUntilSignal({
  logger,
  health: { host: config.LISTEN_HOST, port: config.HEALTH_PORT },
  running: Promise.all([following.running, availability.running]),
  isReady: async () => keeping.isThere() && following.isReady() && availability.isReady(),
  status: () => [
    keeping.isThere() ? "the index is there" : "the index is away, or being built",
    following.status(),
    availability.status(),
  ],
  closables: [
    { name: "postgres", close: () => pool.end() },
    { name: "elasticsearch", close: () => elastic.close() },
    { name: "availability", close: () => availability.close() },
    { name: "kafka", close: () => following.close() },
    { name: "index", close: () => keeping.close() },
  ],
});
