import { DomainError } from "../../domain/errors.ts";
import type { ShowDocument } from "../../domain/events.ts";
import { eveningHour } from "../../domain/show-days.ts";
import type { ShowSearch } from "../../domain/show-search.ts";
import type { Queryable } from "./pool.ts";
import { showDocumentColumns, showDocumentTables } from "./show-documents.ts";

/** Every word of `text` occurs in the title, its people, its genre, the venue or the city. */
export type ShowFilter = Omit<ShowSearch, "sort" | "byTitle"> & {
  titleId?: string | undefined;
  venueId?: string | undefined;
};

export type ShowPage = { shows: ShowDocument[]; nextCursor?: string };

const limitMax = 200;
const wordsMax = 8;

/** Shows that have not begun and are not cancelled, soonest first: what search falls back to while Elasticsearch is away. */
export async function findShows(db: Queryable, filter: ShowFilter): Promise<ShowPage> {
  const limit = Math.min(Math.max(filter.limit, 1), limitMax);
  const after = filter.cursor === undefined ? undefined : decodeCursor(filter.cursor);
  const { rows } = await db.query<ShowDocument>(
    `select ${showDocumentColumns}
     ${showDocumentTables}
     where show.starts_at > now() and show.status = 'scheduled'
       and ($1::text is null or lower(venue.city) = lower($1))
       and ($2::text is null or lower(title.genre) = lower($2))
       -- The first condition lets the index skip what the second decides: no place is a whole day away from UTC.
       and ($3::date is null or (show.starts_at >= $3::date - 1
         and (show.starts_at at time zone venue.time_zone)::date >= $3::date))
       and ($4::date is null or (show.starts_at < $4::date + 2
         and (show.starts_at at time zone venue.time_zone)::date <= $4::date))
       and concat_ws(' ', title.name, array_to_string(title.people, ' '), title.genre, venue.name, venue.city)
         ilike all ($5::text[])
       and ($10::text is null or lower(title.language) = lower($10))
       and ($11::text is null or lower(show.format) = lower($11))
       and ($12::text is null or ${onDay})
       and ($13::float8 is null or ${near})
       and ($19::text is null or show.availability = $19)
       and ($16::text is null or show.currency = $16)
       and ($17::bigint is null or exists (select from show_prices
         where show_id = show.show_id and amount_minor + fee_minor >= $17))
       and ($18::bigint is null or exists (select from show_prices
         where show_id = show.show_id and amount_minor + fee_minor <= $18))
       and ($6::uuid is null or show.title_id = $6)
       and ($7::uuid is null or hall.venue_id = $7)
       -- By its id, the start of the last page's end is as exact as PostgreSQL keeps it.
       and ($8::uuid is null or (show.starts_at, show.show_id) >
         (select starts_at, show_id from shows where show_id = $8))
     order by show.starts_at, show.show_id
     limit $9`,
    [
      filter.city ?? null,
      filter.genre ?? null,
      filter.fromDate ?? null,
      filter.toDate ?? null,
      patternsOf(filter.text ?? ""),
      filter.titleId ?? null,
      filter.venueId ?? null,
      after ?? null,
      limit + 1,
      filter.language ?? null,
      filter.format ?? null,
      filter.day ?? null,
      filter.near?.latitude ?? null,
      filter.near?.longitude ?? null,
      filter.near?.radiusKm ?? null,
      filter.price?.currency ?? null,
      filter.price?.fromMinor ?? null,
      filter.price?.toMinor ?? null,
      filter.availability ?? null,
    ],
  );
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    shows: page,
    ...(rows.length > limit && last !== undefined && { nextCursor: encodeCursor(last.showId) }),
  };
}

const startsLocal = "(show.starts_at at time zone venue.time_zone)";
const nowLocal = "(now() at time zone venue.time_zone)";
const isEvening = `extract(hour from ${startsLocal}) >= ${eveningHour}`;

/** As domain/show-days.ts has it, on the calendar of each venue. */
const onDay = `case $12
  when 'today' then ${startsLocal}::date = ${nowLocal}::date
  when 'tonight' then ${startsLocal}::date = ${nowLocal}::date and ${isEvening}
  when 'tomorrow' then ${startsLocal}::date = ${nowLocal}::date + 1
  else date_trunc('week', ${startsLocal}) = date_trunc('week', ${nowLocal})
    and (extract(isodow from ${startsLocal}) > 5 or (extract(isodow from ${startsLocal}) = 5 and ${isEvening}))
  end`;

/** On a ball of 6,371 km. */
const near = `6371 * acos(least(1, sin(radians($13)) * sin(radians(venue.latitude))
  + cos(radians($13)) * cos(radians(venue.latitude)) * cos(radians(venue.longitude - $14::float8)))) <= $15::float8`;

function patternsOf(text: string): string[] {
  const words = text.split(/\s+/u).filter((word) => word !== "");
  return words.slice(0, wordsMax).map((word) => `%${word.replaceAll(/[\\%_]/g, "\\$&")}%`);
}

/** A cursor is the last show of a page. */
function encodeCursor(showId: string): string {
  return Buffer.from(showId.replaceAll("-", ""), "hex").toString("base64url");
}

function decodeCursor(cursor: string): string {
  const showId = Buffer.from(cursor, "base64url").toString("hex");
  if (!/^[0-9a-f]{32}$/.test(showId)) throw new DomainError("CURSOR_INVALID");
  return showId;
}
