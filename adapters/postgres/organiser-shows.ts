import { DomainError } from "../../domain/errors.ts";
import type { Queryable } from "./pool.ts";

/** Dates are the venue's own calendar dates, as YYYY-MM-DD, both included. */
export type ShowPeriod = {
  titleId?: string | undefined;
  fromDate?: string | undefined;
  toDate?: string | undefined;
  /** The last show of the page before. */
  after?: string | undefined;
};

export type OrganiserShow = {
  showId: string;
  titleId: string;
  title: string;
  venue: string;
  hall: string;
  timeZone: string;
  startsAtMs: number;
  status: "scheduled" | "cancelled";
  currency: string;
};

/** So many shows, or shows with so many seats together: what one answer about sales has to look through. */
const pageShowsMax = 100;
const pageSeatsMax = 200_000;

/** A page of an organisation's shows, past ones too, by their starts. */
export async function listOrganiserShows(
  db: Queryable,
  { organiserId, titleId, fromDate, toDate, after }: ShowPeriod & { organiserId: string },
): Promise<{ shows: OrganiserShow[]; isLast: boolean }> {
  if (after !== undefined) await requireShow(db, after);
  const { rows } = await db.query<OrganiserShow & { seatsBefore: number }>(
    `select page.*, (sum("seatCount") over (order by "startsAtMs", "showId") - "seatCount")::integer as "seatsBefore"
     from (
       select show.show_id as "showId", title.title_id as "titleId", title.name as title, venue.name as venue,
           hall.name as hall, venue.time_zone as "timeZone", show.status, show.currency,
           floor(extract(epoch from show.starts_at) * 1000)::float8 as "startsAtMs", layout.seat_count as "seatCount"
         from shows show
         join titles title on title.title_id = show.title_id
         join halls hall on hall.hall_id = show.hall_id
         join venues venue on venue.venue_id = hall.venue_id
         join layouts layout on layout.layout_hash = show.layout_hash
         where venue.organiser_id = $1
           and ($2::uuid is null or show.title_id = $2)
           and ($3::date is null or (show.starts_at >= $3::date - 1
             and (show.starts_at at time zone venue.time_zone)::date >= $3::date))
           and ($4::date is null or (show.starts_at < $4::date + 2
             and (show.starts_at at time zone venue.time_zone)::date <= $4::date))
           and ($5::uuid is null or (show.starts_at, show.show_id) > (select starts_at, show_id from shows where show_id = $5))
         order by show.starts_at, show.show_id
         limit ${pageShowsMax + 1}
     ) page
     order by "startsAtMs", "showId"`,
    [organiserId, titleId ?? null, fromDate ?? null, toDate ?? null, after ?? null],
  );
  const shows = rows.slice(0, pageShowsMax).filter(({ seatsBefore }) => seatsBefore < pageSeatsMax);
  return {
    shows: shows.map(({ showId, titleId: ofTitle, title, venue, hall, ...show }) => ({
      ...{ showId, titleId: ofTitle, title, venue, hall, timeZone: show.timeZone },
      ...{ startsAtMs: show.startsAtMs, status: show.status, currency: show.currency },
    })),
    isLast: shows.length === rows.length,
  };
}

/** The titles of an organisation by name, a thousand at the most. */
export async function listOrganiserTitles(
  db: Queryable,
  organiserId: string,
): Promise<{ titleId: string; name: string }[]> {
  const { rows } = await db.query<{ titleId: string; name: string }>(
    `select title_id as "titleId", name from titles where organiser_id = $1 order by name, title_id limit 1000`,
    [organiserId],
  );
  return rows;
}

async function requireShow(db: Queryable, showId: string): Promise<void> {
  const { rowCount } = await db.query("select 1 from shows where show_id = $1", [showId]);
  if (rowCount === 0) throw new DomainError("CURSOR_INVALID");
}
