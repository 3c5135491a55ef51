import type { PaymentFact } from "../../domain/payment.ts";
import type { Queryable } from "./pool.ts";

/** Keeps what a provider told us, before anybody acts on it. The same event again is "repeated". */
export async function storePaymentEvent(
  db: Queryable,
  fact: PaymentFact,
): Promise<"stored" | "repeated"> {
  const { rowCount } = await db.query({
    name: "store_payment_event",
    text: `insert into payment_events
       (show_id, provider, event_id, payment_id, booking_id, status, amount_minor, currency, received_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, now())
     on conflict (show_id, provider, event_id) do nothing`,
    values: [
      fact.showId,
      fact.provider,
      fact.eventId,
      fact.paymentId,
      fact.bookingId,
      fact.status,
      fact.amountMinor,
      fact.currency,
    ],
  });
  return rowCount === 1 ? "stored" : "repeated";
}

type EventKey = Pick<PaymentFact, "showId" | "provider" | "eventId">;

/** The checkout has it; nobody drives this event again. */
export async function markPaymentEventSignalled(db: Queryable, event: EventKey): Promise<void> {
  await db.query({
    name: "mark_payment_event_signalled",
    text: `update payment_events set signalled_at = now()
      where show_id = $1 and provider = $2 and event_id = $3 and signalled_at is null`,
    values: [event.showId, event.provider, event.eventId],
  });
}

export type UnsignalledPaymentEvent = {
  fact: PaymentFact;
  /** As PostgreSQL writes it, to the microsecond: with the event's key its place in the list. */
  receivedAt: string;
  /** By the clock of PostgreSQL, as `receivedAt` is. */
  ageMs: number;
};

/**
 * Events that no checkout has heard of yet, oldest first, older than `ageMs` so that the webhook's own try goes first; of those
 * behind `after` where that is given.
 */
export async function listUnsignalledPaymentEvents(
  db: Queryable,
  options: { ageMs: number; limit: number; after?: UnsignalledPaymentEvent | undefined },
): Promise<UnsignalledPaymentEvent[]> {
  const { ageMs, limit, after = beforeAll } = options;
  const { showId, provider, eventId } = after.fact;
  type Row = PaymentFact & Omit<UnsignalledPaymentEvent, "fact">;
  const { rows } = await db.query<Row>(
    `select event_id as "eventId", provider, payment_id as "paymentId", booking_id as "bookingId",
       show_id as "showId", status, amount_minor::float8 as "amountMinor", currency,
       received_at::text as "receivedAt",
       (extract(epoch from now() - received_at) * 1000)::float8 as "ageMs"
     from payment_events
     where signalled_at is null and received_at < now() - make_interval(secs => $1)
       and (received_at, show_id, provider, event_id) > ($2::timestamptz, $3::uuid, $4, $5)
     order by received_at, show_id, provider, event_id
     limit $6`,
    [ageMs / 1_000, after.receivedAt, showId, provider, eventId, limit],
  );
  return rows.map(({ receivedAt, ageMs, ...fact }) => ({ fact, receivedAt, ageMs }));
}

const beforeAll = {
  receivedAt: "-infinity",
  fact: { showId: "00000000-0000-0000-0000-000000000000", provider: "", eventId: "" },
};

/** Counted up to 10,000, which are some fifty pages of an index. The age is by the clock of PostgreSQL, 0 where all were heard. */
export async function paymentEventLag(
  db: Queryable,
): Promise<{ unheard: number; oldestMs: number }> {
  const { rows } = await db.query<{ unheard: number; oldestMs: number }>({
    name: "payment_event_lag",
    text: `select count(*)::integer as unheard,
       coalesce(extract(epoch from now() - min(received_at)) * 1000, 0)::float8 as "oldestMs"
     from (select received_at from payment_events where signalled_at is null order by received_at limit $1) as waiting`,
    values: [10_000],
  });
  return rows[0] ?? { unheard: 0, oldestMs: 0 };
}

/**
 * For how long payments of the last ten minutes wait for a checkout to hear of them, in ms: as the twenty-first oldest has, since some may
 * be there that cannot be told at all. 0 where no more than twenty wait.
 */
export async function unheardPaymentsMs(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ waitedMs: number }>({
    name: "unheard_payments",
    text: `select (extract(epoch from now() - received_at) * 1000)::float8 as "waitedMs"
       from payment_events
       where signalled_at is null and received_at > now() - interval '10 minutes'
       order by received_at offset 20 limit 1`,
  });
  return rows[0]?.waitedMs ?? 0;
}
