import type { ShowDocument } from "../../domain/events.ts";
import type { Queryable } from "./pool.ts";
import { titlePosterColumn } from "./posters.ts";

/** The search documents of these shows, in the order of their ids. The one place that says what a document is made of. */
export async function listShowDocuments(
  db: Queryable,
  showIds: string[],
): Promise<(ShowDocument & { version: number })[]> {
  const { rows } = await db.query<ShowDocument & { version: number }>(
    `select ${showDocumentColumns}, show.version::float8 as version
     ${showDocumentTables}
     where show.show_id = any($1::uuid[])
     order by show.show_id`,
    [showIds],
  );
  return rows;
}

/** Prices are what a buyer pays: fees are in them. */
export const showDocumentColumns = `
  show.show_id as "showId", title.title_id as "titleId", title.name as title, title.genre, title.language, show.format,
  title.people, title.synopsis, title.duration_minutes as "durationMinutes", title.age_rating as "ageRating",
  ${titlePosterColumn} as poster,
  venue.venue_id as "venueId", venue.name as "venueName", hall.name as "hallName", venue.city, venue.country,
  venue.time_zone as "timeZone", venue.latitude, venue.longitude,
  floor(extract(epoch from show.starts_at) * 1000)::float8 as "startsAtMs",
  to_char(show.starts_at at time zone venue.time_zone, 'YYYY-MM-DD') as "localDate",
  to_char(show.starts_at at time zone venue.time_zone, 'HH24:MI') as "localTime",
  floor(extract(epoch from show.sales_open_at) * 1000)::float8 as "salesOpenAtMs",
  floor(extract(epoch from show.sales_close_at) * 1000)::float8 as "salesCloseAtMs",
  show.status,
  coalesce((select min(amount_minor + fee_minor) from show_prices where show_id = show.show_id), 0)::float8
    as "priceFromMinor",
  coalesce((select max(amount_minor + fee_minor) from show_prices where show_id = show.show_id), 0)::float8
    as "priceToMinor",
  show.currency, layout.seat_count as "seatCount", show.availability, show.sold_percent as "soldPercent"`;

export const showDocumentTables = `
  from shows show
  join titles title on title.title_id = show.title_id
  join halls hall on hall.hall_id = show.hall_id
  join venues venue on venue.venue_id = hall.venue_id
  join layouts layout on layout.layout_hash = show.layout_hash`;

/** The ids of all shows, in pages. */
export async function listShowIds(
  db: Queryable,
  { after, limit }: { after: string | undefined; limit: number },
): Promise<string[]> {
  const { rows } = await db.query<{ showId: string }>(
    `select show_id as "showId" from shows
     where ($1::uuid is null or show_id > $1) order by show_id limit $2`,
    [after ?? null, limit],
  );
  return rows.map(({ showId }) => showId);
}

export async function countShows(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    "select count(*)::integer as count from shows",
  );
  return rows[0]?.count ?? 0;
}
