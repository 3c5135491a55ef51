import type { Queryable } from "./pool.ts";

type Delivery = { showId: string; eventId: string; channel: "mail" };

/** Notes the try. False when the message has been sent already. */
export async function beginDelivery(db: Queryable, delivery: Delivery): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into deliveries (show_id, event_id, channel, attempts) values ($1, $2, $3, 1)
     on conflict (show_id, event_id, channel) do update set attempts = deliveries.attempts + excluded.attempts
       where deliveries.sent_at is null`,
    [delivery.showId, delivery.eventId, delivery.channel],
  );
  return rowCount === 1;
}

export async function markDelivered(db: Queryable, delivery: Delivery): Promise<void> {
  await db.query(
    "update deliveries set sent_at = now() where show_id = $1 and event_id = $2 and channel = $3",
    [delivery.showId, delivery.eventId, delivery.channel],
  );
}
