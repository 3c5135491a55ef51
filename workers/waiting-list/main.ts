import { followEvents } from "../../adapters/kafka/follow-events.ts";
import { createPool, warnOfIdleErrors } from "../../adapters/postgres/pool.ts";
import { listIdleWaitingLists, listWaitedFor } from "../../adapters/postgres/waiting-offers.ts";
import { connectTemporal } from "../../adapters/temporal/connect.ts";
import { offerLostSeconds } from "../../domain/waiting-list.ts";
import { readConfig } from "../../platform/config.ts";
import { runUntilSignal } from "../../platform/lifecycle.ts";
import { createLogger } from "../../platform/logger.ts";
import { repeat } from "../../platform/repeat.ts";
import { freesSeats } from "./frees-seats.ts";
import { wakeWaitingList } from "./wake-waiting-list.ts";

const config = readConfig(
  "DATABASE_URL",
  "KAFKA_BROKERS",
  "KAFKA_TOPIC_PREFIX",
  "TEMPORAL_ADDRESS",
  "TEMPORAL_NAMESPACE",
  "WAITING_LIST_EVERY_SECONDS",
  "LISTEN_HOST",
  "HEALTH_PORT",
  "LOG_LEVEL",
);
const logger = createLogger("waiting-list", config.LOG_LEVEL);
const pool = createPool({
  databaseUrl: config.DATABASE_URL,
  component: "waiting-list",
  connectionsMax: 4,
  statementMsMax: 20_000,
  onIdleError: warnOfIdleErrors(logger),
});
const { connection, client } = await connectTemporal({
  address: config.TEMPORAL_ADDRESS,
  namespace: config.TEMPORAL_NAMESPACE,
  logger,
});

/** An event may free seats for which people wait: their list is looked at. One statement a batch, none for a batch that frees nothing. */
const following = followEvents({
  brokers: config.KAFKA_BROKERS,
  topicPrefix: config.KAFKA_TOPIC_PREFIX,
  group: "waiting-list",
  topic: "booking-events",
  logger,
  async handle(events) {
    const freed = new Set(events.filter(freesSeats).map(({ showId }) => showId));
    if (freed.size > 0) await wakeAll(await listWaitedFor(pool, [...freed]));
  },
});

/** So many workflows are woken at once. */
const listsMax = 20;

/** What no event tells: a sale that is over, a channel that has closed, a workflow that was terminated, Kafka away. */
const looking = repeat({
  name: "looking at waiting lists",
  everyMs: config.WAITING_LIST_EVERY_SECONDS * 1_000,
  logger,
  async work() {
    for (let after: string | null = null; ;) {
      const order = { after, lostSeconds: offerLostSeconds, limit: listsMax };
      const showIds = await listIdleWaitingLists(pool, order);
      await wakeAll(showIds);
      if (showIds.length < listsMax) return;
      after = showIds.at(-1) ?? null;
    }
  },
});

async function wakeAll(showIds: string[]): Promise<void> {
  await Promise.all(showIds.map((showId) => wakeWaitingList(client, showId)));
}

await runUntilSignal({
  logger,
  health: { host: config.LISTEN_HOST, port: config.HEALTH_PORT },
  running: following.running,
  isReady: async () => following.isReady(),
  closables: [
    { name: "postgres", close: () => pool.end() },
    { name: "temporal", close: () => connection.close() },
    { name: "kafka", close: () => following.close() },
    { name: "looking", close: () => looking.close() },
  ],
});
