import type { OrganiserRole } from "../../domain/organiser-roles.ts";
import type { Queryable } from "./pool.ts";

/** `gates`: who is at the door works at these alone; null: at all. */
export type OrganiserMember = { userId: string; role: OrganiserRole; gates: string[] | null };

/** More people than this are a slip. */
export const membersMax = 500;

/** In the order of user ids. */
export async function listMembers(db: Queryable, organiserId: string): Promise<OrganiserMember[]> {
  const { rows } = await db.query<OrganiserMember>(
    `select user_id as "userId", role, gates from organiser_members where organiser_id = $1
     order by user_id limit ${membersMax + 1}`,
    [organiserId],
  );
  return rows;
}

/** Says whether they had another role or other gates, or none. */
export async function putMember(
  db: Queryable,
  { organiserId, userId, role, gates }: OrganiserMember & { organiserId: string },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into organiser_members (organiser_id, user_id, role, gates) values ($1, $2, $3, $4)
     on conflict (organiser_id, user_id) do update set role = excluded.role, gates = excluded.gates
       where (organiser_members.role, organiser_members.gates) is distinct from (excluded.role, excluded.gates)`,
    [organiserId, userId, role, gates],
  );
  return rowCount === 1;
}

/** Says whether there was one. */
export async function removeMember(
  db: Queryable,
  { organiserId, userId }: { organiserId: string; userId: string },
): Promise<boolean> {
  const { rowCount } = await db.query(
    "delete from organiser_members where organiser_id = $1 and user_id = $2",
    [organiserId, userId],
  );
  return rowCount === 1;
}
