import { listSeriesTimes } from "../../domain/expand-series.ts";
import { deriveUuid } from "../../platform/derive-uuid.ts";
import { itemSchemas } from "./catalogue-file.ts";
import type { Item } from "./catalogue-items.ts";
import type { PlannedShow } from "./plan-shows.ts";
import type { Queryable } from "./pool.ts";

/** The ids of all shows that a series has named, whether they are there or not. */
export function seriesShowIds(organiserKey: string, item: Item): string[] {
  const read = itemSchemas.series.safeParse(item);
  if (!read.success) return [];
  const { key, hall, dates, times } = read.data;
  const venueId = deriveUuid("venue", organiserKey, hall.split("/")[0] ?? "");
  return listSeriesTimes({ dates, times }).map(({ localDate, localTime }) =>
    deriveUuid("show", venueId, key, localDate, localTime),
  );
}

export type SeriesShow = {
  showId: string;
  titleName: string;
  startsAtMs: number;
  /** On the venue's calendar and clock. */
  localDate: string;
  localTime: string;
  timeZone: string;
  status: "scheduled" | "cancelled";
};

const showColumns = `show.show_id as "showId", title.name as "titleName",
  floor(extract(epoch from show.starts_at) * 1000)::float8 as "startsAtMs",
  to_char(show.starts_at at time zone venue.time_zone, 'YYYY-MM-DD') as "localDate",
  to_char(show.starts_at at time zone venue.time_zone, 'HH24:MI') as "localTime",
  venue.time_zone as "timeZone", show.status`;
const showTables = `shows show
  join titles title on title.title_id = show.title_id
  join halls hall on hall.hall_id = show.hall_id
  join venues venue on venue.venue_id = hall.venue_id`;

/** Those that are there, soonest first. */
export async function listShowsById(
  db: Queryable,
  showIds: readonly string[],
): Promise<SeriesShow[]> {
  const { rows } = await db.query<SeriesShow>(
    `select ${showColumns} from ${showTables} where show.show_id = any($1::uuid[]) order by show.starts_at, show.show_id`,
    [showIds],
  );
  return rows;
}

const comingMax = 100;

/** The next shows in an organisation's venues, soonest first. */
export async function listComingShows(db: Queryable, organiserId: string): Promise<SeriesShow[]> {
  const { rows } = await db.query<SeriesShow>(
    `select ${showColumns} from ${showTables} where venue.organiser_id = $1 and show.starts_at > now()
     order by show.starts_at, show.show_id limit ${comingMax}`,
    [organiserId],
  );
  return rows;
}

const clashesMax = 20;

/** Shows of other series that have the hall at the time of a planned one. */
export async function findStoredClashes(
  db: Queryable,
  planned: readonly (PlannedShow & { endsAtMs: number })[],
): Promise<{ showId: string; other: string }[]> {
  const uses = planned.map(({ showId, hallId, startsAtMs, endsAtMs }) => ({
    ...{ showId, hallId, startsAtMs, endsAtMs },
  }));
  const { rows } = await db.query<{ showId: string; other: string }>(
    `select planned."showId", title.name || ' at ' || to_char(show.starts_at at time zone venue.time_zone, 'YYYY-MM-DD HH24:MI') as other
     from jsonb_to_recordset($1::jsonb) as planned ("showId" uuid, "hallId" uuid, "startsAtMs" bigint,
       "endsAtMs" bigint)
     join shows show on show.hall_id = planned."hallId" and show.status = 'scheduled' and show.show_id <> all($2::uuid[])
     join titles title on title.title_id = show.title_id
     join halls hall on hall.hall_id = show.hall_id
     join venues venue on venue.venue_id = hall.venue_id
     where show.starts_at < to_timestamp(planned."endsAtMs" / 1000.0)
       and show.starts_at > to_timestamp(planned."startsAtMs" / 1000.0) - make_interval(mins => title.duration_minutes)
     order by show.starts_at limit ${clashesMax}`,
    [JSON.stringify(uses), planned.map(({ showId }) => showId)],
  );
  return rows;
}
