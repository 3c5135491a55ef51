import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { createDatabase } from "../../tests/databases.ts";
import type { TestDatabase } from "../../tests/databases.ts";
import { plantShow } from "../../tests/plant-show.ts";
import { sellBooking } from "../../tests/sell-booking.ts";
import {
  findTicketsByTails,
  listDoorChanges,
  listDoorTickets,
  readDoorCursor,
} from "./door-tickets.ts";
import type { Queryable } from "./pool.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase();
}, 60_000);
afterAll(() => database.drop());

test("what is typed is found by an index, not by reading every ticket of the show", async () => {
  const { pool } = database;
  const showId = await plantShow(pool);
  const { bookingId } = await sellBooking(pool, { showId, seatIds: ["A1"] });
  const { rows } = await pool.query<{ id: string }>(
    `insert into tickets (show_id, ticket_id, booking_id, seat_id, user_id, issued_at)
     select $1, uuidv7(), $2, 'B' || number, $3, now() from generate_series(1, 20000) as number
     returning ticket_id as id`,
    [showId, bookingId, randomUUID()],
  );
  await pool.query("analyze tickets");
  const ticketId = rows[7]?.id ?? "";
  const asked = { showId, tails: [ticketId.slice(-10)] };
  expect(await findTicketsByTails(pool, asked)).toMatchObject([{ ticketId, seatId: "B8" }]);

  const plan: string[] = [];
  const explain = async (text: string, values: unknown[]) => {
    const told = await pool.query<{ "QUERY PLAN": string }>(`explain ${text}`, values);
    plan.push(...told.rows.map((row) => row["QUERY PLAN"]));
    return { rows: [] };
  };
  await findTicketsByTails({ query: explain } as unknown as Queryable, asked);
  expect(plan.join("\n")).toMatch(/tickets_by_tail/);
  expect(plan.join("\n")).not.toMatch(/Filter/);
});

/** A show of so many tickets, all sold, every other used and every tenth void since an hour. */
async function plantEvening(db: Queryable, tickets: number): Promise<string> {
  const showId = await plantShow(db);
  const { bookingId } = await sellBooking(db, { showId, seatIds: ["A1"] });
  await db.query(
    `insert into tickets (show_id, ticket_id, booking_id, seat_id, user_id, issued_at, status, voided_at)
     select $1, uuidv7('-1 hour'), $2, 'B' || number, $2, now(), case number % 10 when 0 then 'void' else 'live' end,
       case number % 10 when 0 then now() - interval '1 hour' end
     from generate_series(1, $3::integer) as number`,
    [showId, bookingId, tickets],
  );
  await db.query(
    `insert into entries (show_id, ticket_id, gate, device_id, scan_id, user_id, scanned_at, entered_at, was_offline)
     select show_id, ticket_id, 'main', user_id, gen_random_uuid(), user_id, now(), now() - interval '1 hour', false
     from tickets where show_id = $1 and status = 'live' and right(seat_id, 1) in ('1', '3', '5', '7', '9')`,
    [showId],
  );
  return showId;
}

/** Rows of tickets and entries that were read so far, once this connection has said what it did. */
async function countReads(client: Queryable): Promise<number> {
  await client.query("select pg_stat_force_next_flush()");
  const { rows } = await client.query<{ reads: number }>(
    `select sum(coalesce(idx_tup_fetch, 0) + seq_tup_read)::float8 as reads from pg_stat_user_tables
     where relname in ('tickets', 'entries', 'undone_entries')`,
  );
  return rows[0]?.reads ?? Number.NaN;
}

test("what has changed at the door of a show of 20,000 tickets is read without the others", async () => {
  const client = await database.pool.connect();
  try {
    const showId = await plantEvening(client, 20_000);
    await client.query("vacuum analyze");
    const sinceMs = Date.now() - 600_000;
    const before = await countReads(client);
    expect(await readDoorCursor(client, { showId, settledMs: 10_000 })).toBeGreaterThan(sinceMs);
    // The one that was sold just now.
    expect(await listDoorChanges(client, { showId, sinceMs })).toHaveLength(1);
    expect((await countReads(client)) - before).toBeLessThan(20);
  } finally {
    client.release();
  }
});

test("control: a reading of all tickets is counted", async () => {
  const client = await database.pool.connect();
  try {
    const showId = await plantEvening(client, 200);
    const before = await countReads(client);
    await listDoorTickets(client, showId);
    expect((await countReads(client)) - before).toBeGreaterThan(200);
  } finally {
    client.release();
  }
});

test("a ticket that became void when nobody wrote down when is told each time", async () => {
  const db = database.pool;
  const showId = await plantShow(db);
  await sellBooking(db, { showId, seatIds: ["A1"] });
  await db.query("update tickets set status = 'void' where show_id = $1", [showId]);
  const sinceMs = Date.now() + 60_000;
  expect(await listDoorChanges(db, { showId, sinceMs })).toMatchObject([
    { seatId: "A1", state: "void" },
  ]);
});

test("every function that makes tickets void says when: scanners hear of it by the time alone", async () => {
  const { rows } = await database.pool.query<{ name: string; says: string[] }>(
    `select proname as name, regexp_match(prosrc, $1) as says from pg_proc where prosrc ~ $1 order by proname`,
    ["update tickets [^;]*set status = 'void'[^;]*;"],
  );
  expect(rows.map(({ name }) => name)).toEqual(["accept_transfer", "move_seats", "refund_tickets"]);
  for (const { says } of rows) expect(says[0]).toContain("voided_at = clock_timestamp()");
});

test("scanners go on from the last change, and from ten seconds after it once they are over", async () => {
  const db = database.pool;
  const showId = await plantShow(db);
  const cursor = () => readDoorCursor(db, { showId, settledMs: 10_000 });
  expect(await cursor()).toBe(0);
  await sellBooking(db, { showId, seatIds: ["A1"] });
  const sold = await cursor();
  const voidAt = async (ago: string) => {
    const { rows } = await db.query<{ atMs: number }>(
      `update tickets set status = 'void', voided_at = now() + $2::interval where show_id = $1
       returning ceil(extract(epoch from voided_at) * 1000)::float8 as "atMs"`,
      [showId, ago],
    );
    return rows[0]?.atMs ?? Number.NaN;
  };
  expect(await voidAt("1 minute")).toBe(await cursor());
  await db.query("update tickets set ticket_id = uuidv7('-1 hour') where show_id = $1", [showId]);
  expect((await voidAt("-11 seconds")) + 10_000).toBe(await cursor());
  expect(await cursor()).toBeLessThan(sold + 10_000);
});
