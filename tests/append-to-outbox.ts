import type { Queryable } from "../adapters/postgres/pool.ts";
import type { DomainEvent } from "../domain/events.ts";

/** Writes booking events as the sale does. Their order is that of their ids. */
export async function appendToOutbox(db: Queryable, events: DomainEvent[]): Promise<void> {
  await db.query(
    `insert into outbox (show_id, event_id, topic, payload, created_at)
     select show_id, event_id, 'booking-events', payload::jsonb, clock_timestamp()
     from unnest($1::uuid[], $2::uuid[], $3::text[]) as event (show_id, event_id, payload)`,
    [
      events.map(({ showId }) => showId),
      events.map(({ eventId }) => eventId),
      events.map((event) => JSON.stringify(event)),
    ],
  );
}
