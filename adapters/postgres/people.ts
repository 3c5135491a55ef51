import type { Sealing } from "../../platform/sealing.ts";
import type { Queryable } from "./pool.ts";

export type Person = { userId: string; email: string; name: string };

/** Keeps who a user is, sealed. The same person again replaces what was known. */
export async function savePerson(db: Queryable, sealing: Sealing, person: Person): Promise<void> {
  await db.query(
    `insert into people (user_id, email_sealed, email_digest, name_sealed, updated_at)
     values ($1, $2, $3, $4, now())
     on conflict (user_id) do update set email_sealed = excluded.email_sealed, email_digest = excluded.email_digest,
       name_sealed = excluded.name_sealed, updated_at = excluded.updated_at`,
    [
      person.userId,
      sealing.seal(person.email, emailContext(person.userId)),
      sealing.digest(person.email.trim().toLowerCase()),
      sealing.seal(person.name, nameContext(person.userId)),
    ],
  );
}

export async function findPerson(
  db: Queryable,
  sealing: Sealing,
  userId: string,
): Promise<Person | undefined> {
  const { rows } = await db.query<{ emailSealed: Buffer; nameSealed: Buffer }>(
    `select email_sealed as "emailSealed", name_sealed as "nameSealed" from people where user_id = $1`,
    [userId],
  );
  const [row] = rows;
  if (row === undefined) return undefined;
  return {
    userId,
    email: sealing.open(row.emailSealed, emailContext(userId)),
    name: sealing.open(row.nameSealed, nameContext(userId)),
  };
}

function emailContext(userId: string): string {
  return `people.email:${userId}`;
}

function nameContext(userId: string): string {
  return `people.name:${userId}`;
}
