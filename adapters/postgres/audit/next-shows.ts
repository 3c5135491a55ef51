import type { Queryable } from "../pool.ts";

/**
 * The next shows behind `after`, in the order of their ids, or the one that is asked for. `last` is null when that was all.
 * Nothing moves any more at a show that began long ago: it is looked at only when it is asked for.
 */
export async function nextShows(
  db: Queryable,
  { showId, after }: { showId?: string; after: string | null },
): Promise<{ showIds: string[]; last: string | null }> {
  if (showId !== undefined) return { showIds: [showId], last: null };
  const { rows } = await db.query<{ showId: string; seats: number }>(
    `select show.show_id as "showId", layout.seat_count as seats
     from shows show
     join layouts layout on layout.layout_hash = show.layout_hash
     where ($1::uuid is null or show.show_id > $1) and show.starts_at > now() - make_interval(days => $3)
     order by show.show_id
     limit $2`,
    [after, showsAtOnce, startedDaysMax],
  );
  const showIds: string[] = [];
  let seats = 0;
  for (const row of rows) {
    seats += row.seats;
    if (showIds.length > 0 && seats > seatsAtOnce) break;
    showIds.push(row.showId);
  }
  const isEnd = showIds.length === rows.length && rows.length < showsAtOnce;
  return { showIds, last: isEnd ? null : (showIds.at(-1) ?? null) };
}

/** Longer than a bank takes to pay a refund out, and than most disputes. */
const startedDaysMax = 60;

/**
 * A hundred thousand seats are one great hall, or two hundred small ones. Such a hall, sold out and with three expired bookings
 * for each seat before, took 2 s for the longest statement and 14 s for all of them on two busy cores.
 */
const seatsAtOnce = 100_000;
const showsAtOnce = 200;
