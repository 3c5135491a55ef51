import { randomUUID } from "node:crypto";
import { once } from "node:events";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { appendToOutbox } from "../tests/append-to-outbox.ts";
import { createDatabase } from "../tests/databases.ts";
import type { TestDatabase } from "../tests/databases.ts";
import type { EventTopics } from "../tests/event-topics.ts";
import { createEventTopics, expired } from "../tests/event-topics.ts";
import { eventually } from "../tests/eventually.ts";
import { freePort } from "../tests/free-port.ts";
import { launch } from "../tests/launch.ts";
import { serverAddress } from "../tests/server-address.ts";

let database: TestDatabase;
let topics: EventTopics;

beforeAll(async () => {
  [database, topics] = await Promise.all([createDatabase(), createEventTopics()]);
});
afterAll(async () => {
  await topics.close();
  await database.drop();
});

async function startRelay() {
  const environment = {
    KAFKA_BROKERS: topics.brokers.join(),
    DATABASE_URL: database.url,
    REDIS_URL: serverAddress("REDIS_URL"),
    KAFKA_TOPIC_PREFIX: topics.topicPrefix,
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

test("the relay is killed between publishing and deleting: the event comes twice under one id, none is lost, and each show's order holds", async () => {
  const seen: { showId: string; eventId: string }[] = [];
  const following = topics.follow("test", async (events) => {
    seen.push(...events.map(({ showId, eventId }) => ({ showId, eventId })));
  });
  const shows = [randomUUID(), randomUUID(), randomUUID()];
  const sent: { showId: string; eventId: string }[] = [];
  async function appendToEach(rounds: number) {
    for (let round = 0; round < rounds; round += 1) {
      const events = shows.map((showId) => expired(showId));
      await appendToOutbox(database.pool, events);
      sent.push(...events);
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
