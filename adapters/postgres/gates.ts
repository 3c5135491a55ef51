import type { Gate } from "../../domain/entry.ts";
import type { OrganiserRole } from "../../domain/organiser-roles.ts";
import type { Queryable } from "./pool.ts";

export type VenueGate = Gate & { venueId: string };

const columns = `gate, venue_id as "venueId", name, sections`;

/** The gates of an organisation's venues, by name. */
export async function listGates(db: Queryable, organiserId: string): Promise<VenueGate[]> {
  const { rows } = await db.query<VenueGate>(
    `select ${columns} from gates where organiser_id = $1 order by gate limit ${gatesMax + 1}`,
    [organiserId],
  );
  return rows;
}

/** More are a slip. */
export const gatesMax = 200;

/** The venues of an organisation, by name. */
export async function listVenues(
  db: Queryable,
  organiserId: string,
): Promise<{ venueId: string; name: string }[]> {
  const { rows } = await db.query<{ venueId: string; name: string }>(
    `select venue_id as "venueId", name from venues where organiser_id = $1 order by name, venue_id limit ${venuesMax}`,
    [organiserId],
  );
  return rows;
}

const venuesMax = 1_000;

/** `same`: nothing is new. `no_venue`: the venue is not the organisation's. `taken`: another of its venues has a gate of this name. */
export type PutGateOutcome = "set" | "same" | "no_venue" | "taken";

/** Nobody else may write gates of the organisation meanwhile. */
export async function putGate(
  db: Queryable,
  { organiserId, venueId, gate, name, sections }: VenueGate & { organiserId: string },
): Promise<PutGateOutcome> {
  const { rows } = await db.query<{ holder: string | null }>(
    `select (select venue_id from gates where organiser_id = $2 and gate = $3) as holder
     from venues where venue_id = $1 and organiser_id = $2`,
    [venueId, organiserId, gate],
  );
  if (rows[0] === undefined) return "no_venue";
  const { holder } = rows[0];
  if (holder !== null && holder !== venueId) return "taken";
  const { rowCount } = await db.query(
    `insert into gates (organiser_id, gate, venue_id, name, sections) values ($1, $2, $3, $4, $5)
     on conflict (organiser_id, gate) do update set name = excluded.name, sections = excluded.sections
       where (gates.name, gates.sections) is distinct from (excluded.name, excluded.sections)`,
    [organiserId, gate, venueId, name, sections],
  );
  return rowCount === 1 ? "set" : "same";
}

/** Says whether there was one. */
export async function removeGate(
  db: Queryable,
  { organiserId, gate }: { organiserId: string; gate: string },
): Promise<boolean> {
  const { rowCount } = await db.query("delete from gates where organiser_id = $1 and gate = $2", [
    ...[organiserId, gate],
  ]);
  return rowCount === 1;
}

/** Somebody who works for the organisation of a show. */
export type DoorStaff = {
  organiserId: string;
  role: OrganiserRole;
  /** They work at these alone; null: at all. */
  ownGates: string[] | null;
  /** Those that the show's venue has named. */
  gates: Gate[];
};

const staffColumns = `venue.organiser_id as "organiserId", member.role, member.gates as "ownGates",
  (select coalesce(jsonb_agg(jsonb_build_object('gate', gate, 'name', name, 'sections', sections) order by gate), '[]')
     from gates where gates.venue_id = venue.venue_id) as gates`;
const staffTables = `shows show
  join halls hall on hall.hall_id = show.hall_id
  join venues venue on venue.venue_id = hall.venue_id
  join organiser_members member on member.organiser_id = venue.organiser_id`;

/** A show that began in the last half day, or begins in the next. */
const openNow =
  "show.starts_at between now() - interval '12 hours' and now() + interval '12 hours'";

/** `isOpen`: `listDoorShows` has the show. undefined: there is no such show, or they do not work for its organisation. */
export async function findDoorStaff(
  db: Queryable,
  { showId, userId }: { showId: string; userId: string },
): Promise<(DoorStaff & { isOpen: boolean }) | undefined> {
  const { rows } = await db.query<DoorStaff & { isOpen: boolean }>({
    name: "door_staff",
    text: `select ${staffColumns}, ${openNow} as "isOpen" from ${staffTables} where show.show_id = $1 and member.user_id = $2`,
    values: [showId, userId],
  });
  return rows[0];
}

/** A show whose doors are open today. */
export type DoorShow = DoorStaff & {
  showId: string;
  title: string;
  venueName: string;
  hallName: string;
  timeZone: string;
  startsAtMs: number;
  /** On the venue's own calendar and clock: YYYY-MM-DD and HH:MM. */
  localDate: string;
  localTime: string;
  status: "scheduled" | "cancelled";
};

/** Nobody stands at more doors in a day. */
const doorShowsMax = 200;

/** The shows whose doors are open today, of all organisations that somebody works for, by their starts. */
export async function listDoorShows(db: Queryable, userId: string): Promise<DoorShow[]> {
  const { rows } = await db.query<DoorShow>(
    `select ${staffColumns}, show.show_id as "showId", title.name as title, venue.name as "venueName", hall.name as "hallName",
       venue.time_zone as "timeZone", floor(extract(epoch from show.starts_at) * 1000)::float8 as "startsAtMs",
       to_char(show.starts_at at time zone venue.time_zone, 'YYYY-MM-DD') as "localDate",
       to_char(show.starts_at at time zone venue.time_zone, 'HH24:MI') as "localTime", show.status
     from ${staffTables}
     join titles title on title.title_id = show.title_id
     where member.user_id = $1 and ${openNow}
     order by show.starts_at, show.show_id
     limit ${doorShowsMax}`,
    [userId],
  );
  return rows;
}
