import { Counter } from "prom-client";

import { createVarnish } from "../adapters/cdn/create-varnish.ts";
import { followEvents } from "../adapters/kafka/follow-events.ts";
import { changesOf } from "../domain/catalogue-change.ts";
import { showIds, titleIds, venueIds } from "../domain/ids.ts";
import { readConfig } from "../platform/config.ts";
import { runUntilSignal } from "../platform/lifecycle.ts";
import { createLogger } from "../platform/logger.ts";
import { optionalSettings } from "../platform/optional-settings.ts";

const config = readConfig(
  "KAFKA_BROKERS",
  "KAFKA_TOPIC_PREFIX",
  "CDN_PURGE_URL",
  "CDN_PURGE_SECRET",
  "LISTEN_HOST",
  "HEALTH_PORT",
  "LOG_LEVEL",
);
const settings = optionalSettings(
  { CDN_PURGE_URL: config.CDN_PURGE_URL, CDN_PURGE_SECRET: config.CDN_PURGE_SECRET },
  "CDN_PURGE_URL",
  "CDN_PURGE_SECRET",
);
if (settings === undefined) throw new Error("Without CDN_PURGE_URL there is nothing to purge");
const logger = createLogger("cdn-purger", config.LOG_LEVEL);
const cdn = createVarnish({
  urls: settings.CDN_PURGE_URL.split(","),
  secret: settings.CDN_PURGE_SECRET,
});
const purged = new Counter({
  name: "marquee_cdn_purged_total",
  help: "Keys that the CDN has dropped",
});

/** The CDN away: the same batch is tried until it is back. The same keys twice do no harm, so an event that comes again does none. */
const following = followEvents({
  brokers: config.KAFKA_BROKERS,
  topicPrefix: config.KAFKA_TOPIC_PREFIX,
  group: "cdn-purger",
  topic: "catalogue-events",
  logger,
  async handle(events) {
    const changes = changesOf(events);
    const keys = new Set(
      changes.flatMap(({ showId, titleId, venueId }) => [
        showIds.encode(showId),
        titleIds.encode(titleId),
        venueIds.encode(venueId),
      ]),
    );
    await cdn.purge([...keys]);
    purged.inc(keys.size);
  },
});

await runUntilSignal({
  logger,
  health: { host: config.LISTEN_HOST, port: config.HEALTH_PORT },
  running: following.running,
  isReady: async () => following.isReady(),
  closables: [{ name: "kafka", close: () => following.close() }],
});
