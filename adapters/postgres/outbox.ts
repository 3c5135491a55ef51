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

/** The broker has these. By the whole key: without the show every batch would read the whole backlog once more. */
export async function deleteFromOutbox(
  db: Queryable,
  events: { showId: string; eventId: string }[],
): Promise<void> {
  await db.query({
    name: "delete_from_outbox",
    text: `delete from outbox
      using unnest($1::uuid[], $2::uuid[]) as gone (show_id, event_id)
      where outbox.show_id = gone.show_id and outbox.event_id = gone.event_id`,
    values: [events.map(({ showId }) => showId), events.map(({ eventId }) => eventId)],
  });
}

/** How many events wait and how old the oldest is. */
export async function outboxLag(db: Queryable): Promise<{ waiting: number; oldestMs: number }> {
  const { rows } = await db.query<{ waiting: number; oldestMs: number }>(
    `select count(*)::integer as waiting,
       coalesce(extract(epoch from clock_timestamp() - min(created_at)) * 1000, 0)::float8 as "oldestMs"
     from outbox`,
  );
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
