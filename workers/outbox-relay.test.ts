import { randomUUID } from "node:crypto";
import { once } from "node:events";

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { uuidv7 } from "uuidv7";

import { followEvents } from "../adapters/kafka/follow-events.ts";
import { createTopics } from "../local/create-topics.ts";
import { createLogger } from "../platform/logger.ts";
import { createDatabase } from "../tests/databases.ts";
import type { TestDatabase } from "../tests/databases.ts";
import { eventually } from "../tests/eventually.ts";
import { freePort } from "../tests/free-port.ts";
import { launch } from "../tests/launch.ts";
import { serverAddress } from "../tests/server-address.ts";

const topicPrefix = `test-${randomUUID()}.`;
let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase();
  await createTopics(serverAddress("KAFKA_BROKERS"), topicPrefix);
});
afterAll(() => database.drop());

async function startRelay() {
  const environment = {
    KAFKA_BROKERS: serverAddress("KAFKA_BROKERS"),
    DATABASE_URL: database.url,
    KAFKA_TOPIC_PREFIX: topicPrefix,
    LOG_LEVEL: "warn",
  };
  const relay = await launch("workers/outbox-relay.ts", environment, await freePort());
  return {
    async kill() {
      relay.kill("SIGKILL");
      await once(relay, "exit");
    },
  };
}

async function append(showId: string): Promise<string> {
  const eventId = uuidv7();
  const bookingId = randomUUID();
  const payload = {
    ...{ schemaVersion: 1, type: "BookingExpired", eventId, showId },
    ...{ bookingId, userId: randomUUID(), seatIds: [] },
  };
  await database.pool.query(
    `insert into outbox (show_id, event_id, topic, payload, created_at)
     values ($1, $2, 'booking-events', $3, clock_timestamp())`,
    [showId, eventId, payload],
  );
  return eventId;
}

test("the relay is killed between publishing and deleting: the event comes twice under one id, none is lost, and each show's order holds", async () => {
  const seen: { showId: string; eventId: string }[] = [];
  const following = followEvents({
    brokers: serverAddress("KAFKA_BROKERS").split(","),
    topicPrefix,
    group: "test",
    topic: "booking-events",
    logger: createLogger("test", "error"),
    onParked: () => undefined,
    async handle(events) {
      seen.push(...events.map(({ showId, eventId }) => ({ showId, eventId })));
    },
  });
  const shows = [randomUUID(), randomUUID(), randomUUID()];
  const sent: { showId: string; eventId: string }[] = [];
  async function appendToEach(rounds: number) {
    for (let round = 0; round < rounds; round += 1) {
      for (const showId of shows) sent.push({ showId, eventId: await append(showId) });
    }
  }
  await appendToEach(20);

  // Its rows are locked, so that the first relay stops exactly before deleting what it has published.
  const lock = await database.pool.connect();
  await lock.query("begin");
  await lock.query("select 1 from outbox for update");
  const first = await startRelay();
  const standby = await startRelay();
  await eventually(async () => seen.length >= sent.length, 30_000);
  const deleting = await eventually(async () => {
    const { rows } = await database.pool.query<{ pid: number }>(
      `select pid from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock' and query like 'delete from outbox%'`,
    );
    return rows[0]?.pid;
  });
  await first.kill();
  // PostgreSQL would finish a statement whose client has gone: this one never came that far.
  await database.pool.query("select pg_terminate_backend($1)", [deleting]);
  await lock.query("rollback");
  lock.release();

  await appendToEach(5);
  await eventually(
    async () => (await database.pool.query("select 1 from outbox")).rowCount === 0,
    30_000,
  );
  await eventually(
    async () => new Set(seen.map(({ eventId }) => eventId)).size === sent.length,
    30_000,
  );
  await standby.kill();
  await following.close();

  expect(seen.length).toBeGreaterThan(sent.length);
  for (const showId of shows) {
    const ids = (list: typeof seen) =>
      list.filter((event) => event.showId === showId).map(({ eventId }) => eventId);
    expect([...new Set(ids(seen))]).toEqual(ids(sent));
  }
});
