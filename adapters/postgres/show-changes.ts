import type { Pool, Queryable } from "./pool.ts";
import { withTransaction } from "./pool.ts";
import { publishShows } from "./publish-shows.ts";

/**
 * Cancels a show and tells the world, once: from this commit on nobody can hold, confirm or revive a booking of it. A statement
 * that had begun before may still slip by; whoever cancels looks again for what it left. Repeatable.
 */
export async function cancelShow(pool: Pool, showId: string): Promise<void> {
  await withTransaction(pool, async (tx) => {
    const { rowCount } = await tx.query(
      `update shows set status = 'cancelled', version = version + 1 where show_id = $1 and status = 'scheduled'`,
      [showId],
    );
    if (rowCount === 1) await publishShows(tx, [showId]);
  });
}

/** Where a page of a show's bookings begins: behind this booking, in the order of their ids. Null is the beginning. */
export type BookingPage = { showId: string; after: string | null; limit: number };

/** Bookings that are still held: their checkouts are under way. */
export async function listHeldBookings(db: Queryable, page: BookingPage): Promise<string[]> {
  return listBookings(db, page, "booking.status = 'held'");
}

/**
 * Bookings with tickets that a cancelled show still owes a refund for. `withOpened`: also those whose refund is opened and not
 * paid out, because the process that opened it may have died before it could send it.
 */
export async function listOwedBookings(
  db: Queryable,
  { withOpened, ...page }: BookingPage & { withOpened: boolean },
): Promise<string[]> {
  const opened = `booking.status = 'refunded' and exists (select 1 from refunds
    where show_id = $1 and booking_id = booking.booking_id and cause = 'show_cancelled'
      and status in ('requested', 'pending'))`;
  const owed = "booking.status = 'ticketed'";
  return listBookings(db, page, withOpened ? `${owed} or (${opened})` : owed);
}

async function listBookings(
  db: Queryable,
  { showId, after, limit }: BookingPage,
  condition: string,
): Promise<string[]> {
  const { rows } = await db.query<{ bookingId: string }>(
    `select booking.booking_id as "bookingId" from bookings booking
      where booking.show_id = $1 and booking.booking_id > $2 and (${condition})
      order by booking.booking_id
      limit $3`,
    [showId, after ?? beforeFirst, limit],
  );
  return rows.map(({ bookingId }) => bookingId);
}

/** Smaller than every booking's id. */
export const beforeFirst = "00000000-0000-0000-0000-000000000000";
