import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { uuidv7 } from "uuidv7";

import { createDatabase } from "../../tests/databases.ts";
import type { TestDatabase } from "../../tests/databases.ts";
import { eventually } from "../../tests/eventually.ts";
import { deleteFromOutbox, outboxLag, readOutbox, whileLeading } from "./outbox.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

test("events come in the order of their ids, and only what the broker has is deleted", async () => {
  const { pool } = database;
  const events = Array.from({ length: 6 }, () => ({ showId: randomUUID(), eventId: uuidv7() }));
  for (const { showId, eventId } of events.toReversed()) {
    await pool.query(
      `insert into outbox (show_id, event_id, topic, payload, created_at)
       values ($1, $2, 'booking-events', '{}', clock_timestamp())`,
      [showId, eventId],
    );
  }
  const first = await readOutbox(pool, 4);
  expect(first).toMatchObject(events.slice(0, 4));
  await deleteFromOutbox(pool, first);
  expect(await readOutbox(pool, 4)).toMatchObject(events.slice(4));
  expect(await outboxLag(pool)).toMatchObject({ waiting: 2 });
});

test("one process leads at a time; when its connection dies it is told, and another follows", async () => {
  const { pool } = database;
  const started: string[] = [];
  const lead = (name: string) =>
    whileLeading(pool, async (lost) => {
      started.push(name);
      await new Promise<void>((resolve) => {
        lost.addEventListener("abort", () => resolve());
      });
    });
  const first = lead("first");
  await eventually(async () => started.length > 0);
  await lead("second");
  expect(started).toEqual(["first"]);

  await pool.query(
    `select pg_terminate_backend(pid) from pg_locks
     where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`,
  );
  await first;
  // The server says goodbye before it lets go of the lock, so the next one may come a moment too early, as relays do.
  await eventually(async () => {
    await whileLeading(pool, async () => {
      started.push("third");
    });
    return started.length > 1;
  });
  expect(started).toEqual(["first", "third"]);
});
