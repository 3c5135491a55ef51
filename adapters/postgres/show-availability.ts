import type { Availability, SeatCounts } from "../../domain/availability.ts";
import { availabilityOf, soldPercentOf } from "../../domain/availability.ts";
import { onlyRow } from "./only-row.ts";
import type { Pool, Queryable } from "./pool.ts";
import { withTransaction } from "./pool.ts";
import { publishShows } from "./publish-shows.ts";

/**
 * Counts the seats of these shows, in one statement, and writes and publishes what is not as a show says it: most often nothing.
 * Repeatable, by several processes at once, and in any order: what is written is counted under the lock of the show's row. Returns
 * the shows that have changed.
 */
export async function renewAvailability(pool: Pool, showIds: readonly string[]): Promise<string[]> {
  const changed: string[] = [];
  for (const counted of await countSeats(pool, showIds)) {
    if (isAsSaid(counted)) continue;
    if (await renewOne(pool, counted.showId)) changed.push(counted.showId);
  }
  return changed;
}

/**
 * Shows that have not begun, in pages, in the order of their ids: for looking at all of them, one page after the other. A page ends
 * with the show that brings its seats to `seatsMax`; an empty one comes after the last.
 */
export async function listComingShowIds(
  db: Queryable,
  { after, showsMax, seatsMax }: { after: string | undefined; showsMax: number; seatsMax: number },
): Promise<string[]> {
  const { rows } = await db.query<{ showId: string }>({
    name: "list_coming_show_ids",
    text: `select show_id as "showId" from (
        select page.show_id, sum(layout.seat_count) over (order by page.show_id) - layout.seat_count as seats_before
          from (select show_id, layout_hash from shows
            where starts_at > now() and ($1::uuid is null or show_id > $1) order by show_id limit $2) page
          join layouts layout on layout.layout_hash = page.layout_hash) counted
      where seats_before < $3
      order by show_id`,
    values: [after ?? null, showsMax, seatsMax],
  });
  return rows.map(({ showId }) => showId);
}

type Counted = SeatCounts & { showId: string; availability: Availability; soldPercent: number };

/** Reads every seat of the shows: 20,000 of them take some milliseconds. Off the way of any request. */
async function countSeats(db: Queryable, showIds: readonly string[]): Promise<Counted[]> {
  const { rows } = await db.query<Counted>({
    name: "count_unsold_seats",
    text: `select show.show_id as "showId", show.availability, show.sold_percent as "soldPercent",
        coalesce(counted.unsold, 0) as unsold, coalesce(counted.sold, 0) as sold
      from shows show
      left join (
        select seat.show_id,
            count(*) filter (where seat.status in ('available', 'held')
              and (seat.channel is null or closed.channel is not null))::integer as unsold,
            count(*) filter (where seat.status = 'booked')::integer as sold
          from show_seats seat
          left join show_channels closed on closed.show_id = seat.show_id and closed.channel = seat.channel
            and closed.closes_at <= now()
          where seat.show_id = any($1::uuid[])
          group by seat.show_id) counted on counted.show_id = show.show_id
      where show.show_id = any($1::uuid[])`,
    values: [showIds],
  });
  return rows;
}

/** The version goes up under the same lock as with every other change of the show, so that no two documents have one version. */
async function renewOne(pool: Pool, showId: string): Promise<boolean> {
  return withTransaction(pool, async (tx) => {
    await tx.query("select 1 from shows where show_id = $1 for no key update", [showId]);
    const counted = onlyRow(await countSeats(tx, [showId]));
    if (isAsSaid(counted)) return false;
    await tx.query(
      `update shows set availability = $2, sold_percent = $3, version = version + 1 where show_id = $1`,
      [showId, availabilityOf(counted), soldPercentOf(counted)],
    );
    await publishShows(tx, [showId]);
    return true;
  });
}

function isAsSaid(counted: Counted): boolean {
  return (
    counted.availability === availabilityOf(counted) &&
    counted.soldPercent === soldPercentOf(counted)
  );
}
