import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { uuidv7 } from "uuidv7";

import { createDatabase } from "../../tests/databases.ts";
import type { TestDatabase } from "../../tests/databases.ts";
import { eventually } from "../../tests/eventually.ts";
import { deleteFromOutbox, outboxLag, readOutbox, whileLeading } from "./outbox.ts";
import type { Queryable } from "./pool.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

async function append(db: Queryable, eventId: string, showId: string = randomUUID()) {
  await db.query(
    `insert into outbox (show_id, event_id, topic, payload, created_at)
     values ($1, $2, 'booking-events', '{}', clock_timestamp())`,
    [showId, eventId],
  );
}

/** How many pages the statements of `work` touch; they are done. */
async function pagesTouched(work: (db: Queryable) => Promise<unknown>): Promise<number> {
  let pages = 0;
  const explain = async (query: string | { text: string; values: unknown[] }) => {
    const { text, values } = typeof query === "string" ? { text: query, values: [] } : query;
    const { rows } = await database.pool.query<{ "QUERY PLAN": string }>(
      `explain (analyze, buffers) ${text}`,
      values,
    );
    const [, hit = 0, read = 0] =
      rows
        .map((row) => row["QUERY PLAN"])
        .find((line) => line.includes("Buffers:"))
        ?.match(/shared(?: hit=(\d+))?(?: read=(\d+))?/) ?? [];
    pages += Number(hit ?? 0) + Number(read ?? 0);
    return { rows: [], rowCount: 0 };
  };
  await work({ query: explain } as unknown as Queryable);
  return pages;
}

test("events come in the order of their ids, and only what the broker has is deleted", async () => {
  const { pool } = database;
  const events = Array.from({ length: 6 }, () => ({ showId: randomUUID(), eventId: uuidv7() }));
  for (const { showId, eventId } of events.toReversed()) await append(pool, eventId, showId);
  const first = await readOutbox(pool, 4);
  expect(first).toMatchObject(events.slice(0, 4));
  await deleteFromOutbox(pool, first);
  expect(await readOutbox(pool, 4)).toMatchObject(events.slice(4));
  expect(await outboxLag(pool)).toMatchObject({ waiting: 2 });
});

test("an event with a lower id that commits later is not passed over", async () => {
  const { pool } = database;
  await pool.query("delete from outbox");
  const [early, late] = [uuidv7(), uuidv7()];
  const slow = await pool.connect();
  await slow.query("begin");
  await append(slow, early);
  await append(pool, late);
  const first = await readOutbox(pool, 10);
  expect(first).toMatchObject([{ eventId: late }]);
  await deleteFromOutbox(pool, first);
  await slow.query("commit");
  slow.release();
  expect(await readOutbox(pool, 10)).toMatchObject([{ eventId: early }]);
});

test("with 100,000 events waiting, a batch of 500 reads and deletes little more than its own rows", async () => {
  const { pool } = database;
  await pool.query("delete from outbox");
  // The planner remembers an empty table, as it does when a backlog begins.
  await pool.query("analyze outbox");
  await pool.query(
    `insert into outbox (show_id, event_id, topic, payload, created_at)
     select gen_random_uuid(), uuidv7(), 'booking-events', jsonb_build_object('text', repeat('x', 250)), clock_timestamp()
     from generate_series(1, 100000)`,
  );
  const batch = await readOutbox(pool, 500);
  // Control: without an order that fits, the whole table is read.
  expect(
    await pagesTouched((db) => db.query("select max(payload::text) from outbox")),
  ).toBeGreaterThan(4_000);
  expect(await pagesTouched((db) => readOutbox(db, 500))).toBeLessThan(1_000);
  expect(await pagesTouched((db) => deleteFromOutbox(db, batch))).toBeLessThan(1_000);
  expect(await outboxLag(pool)).toMatchObject({ waiting: 99_500 });
}, 30_000);

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
