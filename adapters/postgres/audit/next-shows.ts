import type { Queryable } from "../pool.ts";

/** The next shows behind `after`, in the order of their ids, or the one that is asked for. `last` is null when that was all. */
export async function nextShows(
  db: Queryable,
  { showId, after }: { showId?: string; after: string | null },
): Promise<{ showIds: string[]; last: string | null }> {
  if (showId !== undefined) return { showIds: [showId], last: null };
  const { rows } = await db.query<{ showId: string; seats: number }>(
    `select show.show_id as "showId", layout.seat_count as seats
     from shows show
     join layouts layout on layout.layout_hash = show.layout_hash
     where $1::uuid is null or show.show_id > $1
     order by show.show_id
     limit $2`,
    [after, showsAtOnce],
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

/** A hundred thousand seats are one great hall, or two hundred small ones: every statement stays below a second. */
const seatsAtOnce = 100_000;
const showsAtOnce = 200;
