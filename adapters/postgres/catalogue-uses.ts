import { deriveUuid } from "../../platform/derive-uuid.ts";
import type { ItemList } from "./catalogue-items.ts";
import type { Queryable } from "./pool.ts";

/** An item of an organisation's catalogue, by the keys that its ids are made of. */
export type ItemPlace = {
  organiserId: string;
  organiserKey: string;
  list: ItemList;
  key: string;
};

const listedMax = 20;

/** What would be left without this item, in words such as `series matinees`; nothing: it may go. */
export async function findUses(db: Queryable, place: ItemPlace): Promise<string[]> {
  const { rows } = await db.query<{ use: string }>(
    `select case list when 'series' then 'series ' else 'venue ' end || key as use
     from catalogue_items
     where organiser_id = $1 and case $2
       when 'layouts' then list = 'venues' and (item -> 'halls')::jsonb @> jsonb_build_array(jsonb_build_object('layout', $3::text))
       when 'titles' then list = 'series' and item ->> 'title' = $3
       when 'venues' then list = 'series' and split_part(item ->> 'hall', '/', 1) = $3
       else false end
     order by list, key limit ${listedMax}`,
    [place.organiserId, place.list, place.key],
  );
  const shows = await countShows(db, place);
  return [...rows.map(({ use }) => use), ...(shows > 0 ? [`${shows} shows`] : [])];
}

/** Past and cancelled ones too: bookings say what they were for. */
async function countShows(db: Queryable, place: ItemPlace): Promise<number> {
  if (place.list !== "titles" && place.list !== "venues") return 0;
  const { rows } = await db.query<{ shows: number }>(
    place.list === "titles"
      ? "select count(*)::integer as shows from shows where title_id = $1"
      : "select count(*)::integer as shows from shows join halls using (hall_id) where venue_id = $1",
    [idOf(place)],
  );
  return rows[0]?.shows ?? 0;
}

/** The row of a title, or of a venue with its halls. Layouts stay: a show of long ago may have one. */
export async function deleteReference(tx: Queryable, place: ItemPlace): Promise<void> {
  const id = idOf(place);
  if (place.list === "titles") await tx.query("delete from titles where title_id = $1", [id]);
  if (place.list !== "venues") return;
  await tx.query("delete from halls where venue_id = $1", [id]);
  await tx.query("delete from venues where venue_id = $1", [id]);
}

function idOf({ organiserKey, list, key }: ItemPlace): string {
  return deriveUuid(list === "titles" ? "title" : "venue", organiserKey, key);
}

/** The halls of a venue that series are in. */
export async function listHallsInUse(
  db: Queryable,
  { organiserId, key }: { organiserId: string; key: string },
): Promise<{ hall: string; series: string }[]> {
  const { rows } = await db.query<{ hall: string; series: string }>(
    `select distinct on (hall) split_part(item ->> 'hall', '/', 2) as hall, key as series from catalogue_items
     where organiser_id = $1 and list = 'series' and split_part(item ->> 'hall', '/', 1) = $2 order by hall, key`,
    [organiserId, key],
  );
  return rows;
}

/** The time zone of a venue that has shows. */
export async function readVenueZone(db: Queryable, venueId: string): Promise<string | undefined> {
  const { rows } = await db.query<{ timeZone: string }>(
    `select time_zone as "timeZone" from venues
     where venue_id = $1 and exists (select 1 from halls join shows using (hall_id) where halls.venue_id = $1)`,
    [venueId],
  );
  return rows[0]?.timeZone;
}

/** Every hall of an organisation's venues, as "venue/hall". */
export async function listHalls(db: Queryable, organiserId: string): Promise<string[]> {
  const { rows } = await db.query<{ hall: string }>(
    `select key || '/' || (hall ->> 'key') as hall
     from catalogue_items, json_array_elements(item -> 'halls') hall
     where organiser_id = $1 and list = 'venues' order by 1 limit 1000`,
    [organiserId],
  );
  return rows.map(({ hall }) => hall);
}
