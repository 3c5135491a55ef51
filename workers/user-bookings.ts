import { followEvents } from "../adapters/kafka/follow-events.ts";
import { createPool, warnOfIdleErrors } from "../adapters/postgres/pool.ts";
import { changeUserBookings } from "../adapters/postgres/user-bookings.ts";
import { userBookingChanges } from "../domain/user-booking-changes.ts";
import { readConfig } from "../platform/config.ts";
import { runUntilSignal } from "../platform/lifecycle.ts";
import { createLogger } from "../platform/logger.ts";

const config = readConfig(
  "DATABASE_URL",
  "KAFKA_BROKERS",
  "KAFKA_TOPIC_PREFIX",
  "LISTEN_HOST",
  "HEALTH_PORT",
  "LOG_LEVEL",
);
const logger = createLogger("user-bookings", config.LOG_LEVEL);
const pool = createPool({
  databaseUrl: config.DATABASE_URL,
  component: "user-bookings",
  connectionsMax: 2,
  statementMsMax: 5_000,
  onIdleError: warnOfIdleErrors(logger),
});

/** Keeps the list of everybody's own bookings. */
const following = followEvents({
  brokers: config.KAFKA_BROKERS,
  topicPrefix: config.KAFKA_TOPIC_PREFIX,
  group: "user-bookings",
  topic: "booking-events",
  logger,
  handle: (events) => changeUserBookings(pool, userBookingChanges(events)),
});

await runUntilSignal({
  logger,
  health: { host: config.LISTEN_HOST, port: config.HEALTH_PORT },
  running: following.running,
  isReady: async () => following.isReady(),
  closables: [
    { name: "postgres", close: () => pool.end() },
    { name: "kafka", close: () => following.close() },
  ],
});
