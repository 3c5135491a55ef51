import type { CataloguePlan, PlannedLayout } from "./catalogue-plan.ts";
import type { Queryable } from "./pool.ts";
import { addPoster, listKnownPosters } from "./posters.ts";

/**
 * Organisers, layouts, posters, venues, halls and titles: inserts what is new and updates what differs. Returns how many rows that were, and
 * the titles and halls whose shows read differently now.
 */
export async function writeReferences(
  db: Queryable,
  plan: CataloguePlan,
): Promise<{ rows: number; titleIds: string[]; hallIds: string[] }> {
  const organisers = await upsertOrganisers(db, plan);
  const layouts = await insertLayouts(db, plan.layouts);
  const posters = await addPosters(db, plan);
  const venueIds = await upsertVenues(db, plan);
  const hallIds = await upsertHalls(db, plan);
  const titleIds = await upsertTitles(db, plan);
  const { rows } = await db.query<{ hallId: string }>(
    `select hall_id as "hallId" from halls where venue_id = any($1::uuid[])`,
    [venueIds],
  );
  return {
    rows: organisers + layouts + posters + venueIds.length + hallIds.length + titleIds.length,
    titleIds,
    hallIds: [...new Set([...hallIds, ...rows.map(({ hallId }) => hallId)])],
  };
}

async function upsertOrganisers(db: Queryable, { organisers }: CataloguePlan): Promise<number> {
  const { rowCount } = await db.query(
    `insert into organisers (organiser_id, key, name)
     select "organiserId", key, name from jsonb_to_recordset($1::jsonb) as item ("organiserId" uuid, key text, name text)
     on conflict (organiser_id) do update set key = excluded.key, name = excluded.name
       where (organisers.key, organisers.name) is distinct from (excluded.key, excluded.name)`,
    [JSON.stringify(organisers)],
  );
  return rowCount ?? 0;
}

async function insertLayouts(db: Queryable, layouts: readonly PlannedLayout[]): Promise<number> {
  let inserted = 0;
  // One at a time: an arena's drawing has megabytes.
  for (const { layoutHash, layout, seatCount } of layouts) {
    const { rowCount } = await db.query(
      `insert into layouts (layout_hash, content, seat_count) values ($1, $2::jsonb, $3)
       on conflict (layout_hash) do nothing`,
      [layoutHash, JSON.stringify(layout), seatCount],
    );
    inserted += rowCount ?? 0;
  }
  return inserted;
}

async function addPosters(db: Queryable, { posters }: CataloguePlan): Promise<number> {
  // A file that comes again brings pictures that are there.
  const known = await listKnownPosters(
    db,
    posters.map(({ posterHash }) => posterHash),
  );
  let added = 0;
  for (const poster of posters) {
    if (!known.has(poster.posterHash) && (await addPoster(db, poster))) added += 1;
  }
  return added;
}

async function upsertVenues(db: Queryable, { venues }: CataloguePlan): Promise<string[]> {
  const { rows } = await db.query<{ venueId: string }>(
    `insert into venues (venue_id, organiser_id, name, city, country, time_zone, address, latitude, longitude)
     select "venueId", "organiserId", name, city, country, "timeZone", address, latitude, longitude
     from jsonb_to_recordset($1::jsonb) as item ("venueId" uuid, "organiserId" uuid, name text, city text, country text,
       "timeZone" text, address text, latitude double precision, longitude double precision)
     on conflict (venue_id) do update set name = excluded.name, city = excluded.city, country = excluded.country,
       time_zone = excluded.time_zone, address = excluded.address, latitude = excluded.latitude,
       longitude = excluded.longitude
       where (venues.name, venues.city, venues.country, venues.time_zone, venues.address, venues.latitude,
           venues.longitude)
         is distinct from (excluded.name, excluded.city, excluded.country, excluded.time_zone, excluded.address,
           excluded.latitude, excluded.longitude)
     returning venue_id as "venueId"`,
    [JSON.stringify(venues)],
  );
  return rows.map(({ venueId }) => venueId);
}

/** The layout of a hall is that of its next shows; each show keeps its own. */
async function upsertHalls(db: Queryable, { halls }: CataloguePlan): Promise<string[]> {
  const { rows } = await db.query<{ hallId: string }>(
    `insert into halls (hall_id, venue_id, name, layout_hash)
     select "hallId", "venueId", name, "layoutHash"
     from jsonb_to_recordset($1::jsonb) as item ("hallId" uuid, "venueId" uuid, name text, "layoutHash" text)
     on conflict (hall_id) do update set name = excluded.name, layout_hash = excluded.layout_hash
       where (halls.name, halls.layout_hash) is distinct from (excluded.name, excluded.layout_hash)
     returning hall_id as "hallId"`,
    [
      JSON.stringify(
        halls.map(({ hallId, venueId, name, layout }) => ({
          ...{ hallId, venueId, name },
          layoutHash: layout.layoutHash,
        })),
      ),
    ],
  );
  return rows.map(({ hallId }) => hallId);
}

async function upsertTitles(db: Queryable, { titles }: CataloguePlan): Promise<string[]> {
  const { rows } = await db.query<{ titleId: string }>(
    `insert into titles (title_id, organiser_id, name, kind, genre, language, people, synopsis, duration_minutes, age_rating,
       poster_hash)
     select "titleId", "organiserId", name, kind, genre, language, people, synopsis, "durationMinutes", "ageRating", poster
     from jsonb_to_recordset($1::jsonb) as item ("titleId" uuid, "organiserId" uuid, name text, kind text, genre text,
       language text, people text[], synopsis text, "durationMinutes" integer, "ageRating" text, poster text)
     on conflict (title_id) do update set name = excluded.name, kind = excluded.kind, genre = excluded.genre,
       language = excluded.language, people = excluded.people, synopsis = excluded.synopsis,
       duration_minutes = excluded.duration_minutes, age_rating = excluded.age_rating,
       poster_hash = excluded.poster_hash
       where (titles.name, titles.kind, titles.genre, titles.language, titles.people, titles.synopsis,
           titles.duration_minutes, titles.age_rating, titles.poster_hash)
         is distinct from (excluded.name, excluded.kind, excluded.genre, excluded.language, excluded.people,
           excluded.synopsis, excluded.duration_minutes, excluded.age_rating, excluded.poster_hash)
     returning title_id as "titleId"`,
    [JSON.stringify(titles)],
  );
  return rows.map(({ titleId }) => titleId);
}
