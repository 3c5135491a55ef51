import { uuidv7 } from "uuidv7";

import type { ShowPublished } from "../../domain/events.ts";
import type { Queryable } from "./pool.ts";
import { listShowDocuments } from "./show-documents.ts";

const batchSize = 1_000;

/** Tells the world what these shows are now. Belongs into the transaction that changed them and raised their versions. */
export async function publishShows(db: Queryable, showIds: readonly string[]): Promise<void> {
  for (let start = 0; start < showIds.length; start += batchSize) {
    const documents = await listShowDocuments(db, showIds.slice(start, start + batchSize));
    const events = documents.map(({ version, ...show }): ShowPublished => {
      const { showId } = show;
      return { schemaVersion: 1, type: "ShowPublished", eventId: uuidv7(), showId, version, show };
    });
    await db.query(
      `insert into outbox (show_id, event_id, topic, payload, created_at)
       select show_id, event_id, 'catalogue-events', payload::jsonb, clock_timestamp()
       from unnest($1::uuid[], $2::uuid[], $3::text[]) as event (show_id, event_id, payload)`,
      [
        events.map(({ showId }) => showId),
        events.map(({ eventId }) => eventId),
        events.map((event) => JSON.stringify(event)),
      ],
    );
  }
}
