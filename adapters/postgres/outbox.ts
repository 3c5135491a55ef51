import type { EventTopic } from "../../domain/events.ts";
import type { Pool, Queryable } from "./pool.ts";

export type OutboxEvent = { eventId: string; showId: string; topic: EventTopic; payload: object };

/**
 * The oldest events, of all shows. Ids follow the row locks of what they report, so their order is the order of the commits
 * for each seat and each booking. An id that becomes visible late is not missed: rows go by being deleted, not by a cursor.
 */
export async function readOutbox(db: Queryable, limit: number): Promise<OutboxEvent[]> {
  const { rows } = await db.query<OutboxEvent>({
    name: "read_outbox",
    text: `select event_id as "eventId", show_id as "showId", topic, payload from outbox order by event_id limit $1`,
    values: [limit],
  });
  return rows;
}

/**
 * The broker has these. Said three times: the shows for a sharded database, the ids, and their range, without which a planner that
 * remembers an empty outbox reads all of a sudden backlog, with each batch.
 */
export async function deleteFromOutbox(
  db: Queryable,
  events: { showId: string; eventId: string }[],
): Promise<void> {
  const eventIds = events.map(({ eventId }) => eventId).toSorted();
  await db.query({
    name: "delete_from_outbox",
    text: `delete from outbox
      where show_id = any($1::uuid[]) and event_id = any($2::uuid[]) and event_id between $3 and $4`,
    values: [events.map(({ showId }) => showId), eventIds, eventIds[0], eventIds.at(-1)],
  });
}

/** A backlog is counted up to here: what is more is as bad, and counting it would take ever longer. */
const countedMax = 100_000;

/** How many events wait, and how old the oldest is. */
export async function outboxLag(db: Queryable): Promise<{ waiting: number; oldestMs: number }> {
  const { rows } = await db.query<{ waiting: number; oldestMs: number }>({
    name: "outbox_lag",
    text: `select (select count(*)::integer from (select 1 from outbox limit $1) as counted) as waiting,
       coalesce((select extract(epoch from clock_timestamp() - created_at) * 1000
         from outbox order by event_id limit 1), 0)::float8 as "oldestMs"`,
    values: [countedMax],
  });
  return rows[0] ?? { waiting: 0, oldestMs: 0 };
}

/**
 * Runs `work` while this process leads: one relay at a time keeps the order, others stand by. The lock belongs to a connection
 * of its own and ends with it, so a dead leader is followed at once. Advisory locks are local to one node and barred from
 * requests; this is neither. `signal` is aborted when the connection breaks.
 */
export async function whileLeading(
  pool: Pool,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const client = await pool.connect();
  const lost = new AbortController();
  client.on("error", () => lost.abort());
  try {
    const { rows } = await client.query<{ leads: boolean }>(
      "select pg_try_advisory_lock($1) as leads",
      [relayLock],
    );
    if (rows[0]?.leads === true) await work(lost.signal);
  } finally {
    // Closed rather than given back: the lock must not outlive its leader in the pool.
    client.release(true);
  }
}

const relayLock = 7_265_379;
