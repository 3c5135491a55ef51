import type { Queryable } from "./pool.ts";

type Delivery = { showId: string; eventId: string; channel: "mail" | "sms" };

/** Longer than a mail takes. Who has begun and is not done by then has died. */
const claimSeconds = 30;

/**
 * Notes the try, and claims it: two notifiers have the same event in hand while its partition goes from one to the other.
 * `attempts` counts this try too.
 */
export async function beginDelivery(
  db: Queryable,
  { showId, eventId, channel }: Delivery,
): Promise<{ outcome: "begun"; attempts: number } | { outcome: "sent" } | { outcome: "claimed" }> {
  const { rows: begun } = await db.query<{ attempts: number }>(
    `insert into deliveries (show_id, event_id, channel, attempts, begun_at) values ($1, $2, $3, 1, now())
     on conflict (show_id, event_id, channel) do update
       set attempts = deliveries.attempts + excluded.attempts, begun_at = excluded.begun_at
       where deliveries.sent_at is null
         and (deliveries.begun_at is null or deliveries.begun_at < excluded.begun_at - make_interval(secs => $4))
     returning attempts`,
    [showId, eventId, channel, claimSeconds],
  );
  const [row] = begun;
  if (row !== undefined) return { outcome: "begun", attempts: row.attempts };
  const { rowCount } = await db.query(
    `select 1 from deliveries
      where show_id = $1 and event_id = $2 and channel = $3 and sent_at is not null`,
    [showId, eventId, channel],
  );
  return { outcome: rowCount === 1 ? "sent" : "claimed" };
}

export async function markDelivered(db: Queryable, delivery: Delivery): Promise<void> {
  await db.query(
    "update deliveries set sent_at = now() where show_id = $1 and event_id = $2 and channel = $3",
    [delivery.showId, delivery.eventId, delivery.channel],
  );
}

/** It was not sent: the next try need not wait. */
export async function abandonDelivery(db: Queryable, delivery: Delivery): Promise<void> {
  await db.query(
    `update deliveries set begun_at = null
      where show_id = $1 and event_id = $2 and channel = $3 and sent_at is null`,
    [delivery.showId, delivery.eventId, delivery.channel],
  );
}

/** It was noted as sent before it was, and has certainly not gone out. */
export async function retractDelivery(db: Queryable, delivery: Delivery): Promise<void> {
  await db.query(
    `update deliveries set begun_at = null, sent_at = null
      where show_id = $1 and event_id = $2 and channel = $3`,
    [delivery.showId, delivery.eventId, delivery.channel],
  );
}
