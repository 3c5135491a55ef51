import type { BookingKey, ReleaseOutcome } from "./holds.ts";
import { onlyRow } from "./only-row.ts";
import type { Queryable } from "./pool.ts";

/** `heldUntil` is PostgreSQL's own text, to the microsecond: the next page begins behind it. */
export type OverdueHold = BookingKey & { heldUntil: string };

/**
 * Holds of all shows whose end and grace are over, the longest overdue first. Two that ended in the same microsecond may be parted
 * by the end of a page: the second is found by the next sweep.
 */
export async function listOverdueHolds(
  db: Queryable,
  page: { graceSeconds: number; after: string | null; limit: number },
): Promise<OverdueHold[]> {
  const { rows } = await db.query<OverdueHold>(
    `select show_id as "showId", booking_id as "bookingId", held_until::text as "heldUntil"
     from bookings
     where status = 'held' and held_until > coalesce($1::timestamptz, '-infinity')
       and held_until <= clock_timestamp() - make_interval(secs => $2)
     order by held_until
     limit $3`,
    [page.after, page.graceSeconds, page.limit],
  );
  return rows;
}

/** As the release, save that a hold within its grace, and what is no hold any more, is `kept`. Repeatable. */
export async function sweepHold(
  db: Queryable,
  hold: BookingKey & { graceSeconds: number; paymentsSettled: boolean },
): Promise<ReleaseOutcome> {
  const { rows } = await db.query<{ swept: ReleaseOutcome }>({
    name: "sweep_hold",
    text: "select sweep_hold($1, $2, $3, $4) as swept",
    values: [hold.showId, hold.bookingId, hold.graceSeconds, hold.paymentsSettled],
  });
  return onlyRow(rows).swept;
}
