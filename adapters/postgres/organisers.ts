import type { OrganiserRole } from "../../domain/organiser-roles.ts";
import type { Queryable } from "./pool.ts";

/** An organisation. `key` is what a catalogue file calls it; null where nobody has said it yet. */
export type Organisation = { organiserId: string; key: string | null; name: string };

const columns = `organiser.organiser_id as "organiserId", organiser.key, organiser.name`;

/** An organisation that is there keeps its name. Says whether anything is new. */
export async function addOrganisation(
  db: Queryable,
  { organiserId, key, name }: { organiserId: string; key: string; name: string },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into organisers (organiser_id, key, name) values ($1, $2, $3)
     on conflict (organiser_id) do update set key = excluded.key where organisers.key is null`,
    [organiserId, key, name],
  );
  return rowCount === 1;
}

/** Says whether it had another name. */
export async function renameOrganisation(
  db: Queryable,
  { organiserId, name }: { organiserId: string; name: string },
): Promise<boolean> {
  const { rowCount } = await db.query(
    "update organisers set name = $2 where organiser_id = $1 and name <> $2",
    [organiserId, name],
  );
  return rowCount === 1;
}

/**
 * The organisation, locked until the transaction ends. `alone`: nobody else changes it or acts for it meanwhile. `together`: others may
 * act too, and nobody's role changes.
 */
export async function lockOrganisation(
  tx: Queryable,
  organiserId: string,
  how: "alone" | "together",
): Promise<Organisation | undefined> {
  const { rows } = await tx.query<Organisation>(
    `select ${columns} from organisers organiser where organiser_id = $1
     for ${how === "alone" ? "no key update" : "share"}`,
    [organiserId],
  );
  return rows[0];
}

/** Those that are there already, in one order, so that two who want several do not wait for each other. */
export async function lockOrganisations(
  tx: Queryable,
  organisations: readonly { organiserId: string }[],
): Promise<void> {
  await tx.query(
    "select 1 from organisers where organiser_id = any($1::uuid[]) order by organiser_id for no key update",
    [organisations.map(({ organiserId }) => organiserId)],
  );
}

/** The organisation and what this person is in it; undefined for everybody else, and where there is none. */
export async function findMembership(
  db: Queryable,
  { organiserId, userId }: { organiserId: string; userId: string },
): Promise<(Organisation & { role: OrganiserRole }) | undefined> {
  const { rows } = await db.query<Organisation & { role: OrganiserRole }>({
    name: "organiser_membership",
    text: `select ${columns}, member.role
       from organisers organiser
       join organiser_members member on member.organiser_id = organiser.organiser_id
       where organiser.organiser_id = $1 and member.user_id = $2`,
    values: [organiserId, userId],
  });
  return rows[0];
}

// Nobody works for more.
const ownMax = 200;

/** The organisations of a person, by name. */
export async function listMemberships(
  db: Queryable,
  userId: string,
): Promise<(Organisation & { role: OrganiserRole })[]> {
  const { rows } = await db.query<Organisation & { role: OrganiserRole }>(
    `select ${columns}, member.role
     from organiser_members member
     join organisers organiser on organiser.organiser_id = member.organiser_id
     where member.user_id = $1
     order by organiser.name, organiser.organiser_id limit ${ownMax}`,
    [userId],
  );
  return rows;
}

/** Who a show belongs to: the organiser of the venue that it is in. undefined: there is no such show. */
export async function findShowOrganiser(
  db: Queryable,
  showId: string,
): Promise<string | undefined> {
  const { rows } = await db.query<{ organiserId: string }>({
    name: "show_organiser",
    text: `select venue.organiser_id as "organiserId"
       from shows show
       join halls hall on hall.hall_id = show.hall_id
       join venues venue on venue.venue_id = hall.venue_id
       where show.show_id = $1`,
    values: [showId],
  });
  return rows[0]?.organiserId;
}
