import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";

import { createDatabase } from "../../tests/databases.ts";
import type { TestDatabase } from "../../tests/databases.ts";
import {
  listUnsignalledPaymentEvents,
  markPaymentEventSignalled,
  unheardPaymentsMs,
} from "./payment-events.ts";
import type { UnsignalledPaymentEvent } from "./payment-events.ts";
import type { Queryable } from "./pool.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
}, 60_000);
beforeEach(() => database.pool.query("truncate payment_events"));
afterAll(() => database.drop());

/** Events of as many shows, a second apart, the oldest `ageSeconds` old; `inTwos`: two of them at the same moment. */
async function plant(count: number, { ageSeconds = count, inTwos = false, isHeard = false } = {}) {
  await database.pool.query(
    `insert into payment_events
       (show_id, provider, event_id, payment_id, booking_id, status, amount_minor, currency, received_at, signalled_at)
     select gen_random_uuid(), 'stripe', 'evt_' || gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'authorised', 1100, 'GBP',
       now() - make_interval(secs => $2 - place), case when $3 then now() end
     from (select case when $4 then n / 2 else n end as place from generate_series(0, $1 - 1) as n) as places`,
    [count, ageSeconds, isHeard, inTwos],
  );
}

async function listAll(limit: number): Promise<UnsignalledPaymentEvent[]> {
  const all: UnsignalledPaymentEvent[] = [];
  for (;;) {
    const page = { ageMs: 0, limit, after: all.at(-1) };
    const events = await listUnsignalledPaymentEvents(database.pool, page);
    all.push(...events);
    if (events.length < limit) return all;
  }
}

test("page after page brings each event once, the oldest first, also of one moment", async () => {
  await plant(21, { inTwos: true });
  const events = await listAll(5);
  expect(new Set(events.map(({ fact }) => fact.eventId)).size).toBe(21);
  expect(events).toHaveLength(21);
  const ages = events.map(({ ageMs }) => Math.round(ageMs / 1_000));
  expect(ages).toEqual(ages.toSorted((one, other) => other - one));
});

test("an event is listed when it is old enough by the clock of PostgreSQL, and until it is heard", async () => {
  await plant(2, { ageSeconds: 30 });
  const old = await listUnsignalledPaymentEvents(database.pool, { ageMs: 29_500, limit: 10 });
  expect(old).toHaveLength(1);
  expect(old[0]?.ageMs).toBeGreaterThan(30_000);
  expect(old[0]?.ageMs).toBeLessThan(60_000);
  const [{ fact } = { fact: { showId: "", provider: "stripe" as const, eventId: randomUUID() } }] =
    old;
  await markPaymentEventSignalled(database.pool, fact);
  expect(await listAll(10)).toHaveLength(1);
});

test("a page of a long backlog touches no more of the index than it gives", async () => {
  await plant(20_000);
  await database.pool.query("vacuum analyze payment_events");
  const limit = 20;
  const [first] = await listUnsignalledPaymentEvents(database.pool, { ageMs: 0, limit: 1 });
  for (const after of [undefined, first]) {
    const pages = await pagesTouched((db) =>
      listUnsignalledPaymentEvents(db, { ageMs: 0, limit, after }),
    );
    expect(pages).toBeGreaterThan(0);
    expect(pages).toBeLessThan(50);
  }
});

test("payments wait as the twenty-first oldest does: twenty may be there that nobody can tell, and any number after ten minutes", async () => {
  await plant(30, { ageSeconds: 900 });
  await plant(20, { ageSeconds: 300 });
  await plant(5, { ageSeconds: 300, isHeard: true });
  expect(await unheardPaymentsMs(database.pool)).toBe(0);
  await plant(2, { ageSeconds: 30 });
  const waitedMs = await unheardPaymentsMs(database.pool);
  expect(waitedMs).toBeGreaterThanOrEqual(30_000);
  expect(waitedMs).toBeLessThan(60_000);
});

/** How many pages a statement of `work` touches. */
async function pagesTouched(work: (db: Queryable) => Promise<unknown>): Promise<number> {
  let pages = 0;
  const explain = async (text: string, values: unknown[]) => {
    const { rows } = await database.pool.query<{
      "QUERY PLAN": [{ Plan: Record<string, number> }];
    }>(`explain (analyze, buffers, format json) ${text}`, values);
    const plan = rows[0]?.["QUERY PLAN"][0].Plan;
    pages += (plan?.["Shared Hit Blocks"] ?? 0) + (plan?.["Shared Read Blocks"] ?? 0);
    return { rows: [], rowCount: 0 };
  };
  await work({ query: explain } as unknown as Queryable);
  return pages;
}
