import type { Sealing } from "../../platform/sealing.ts";
import type { Queryable } from "./pool.ts";

export type Person = { userId: string; email: string; name: string };

/** Keeps who a user is, sealed. The same person again replaces what was known. */
export async function savePerson(db: Queryable, sealing: Sealing, person: Person): Promise<void> {
  await db.query(
    `${insertPerson} on conflict (user_id) do update set email_sealed = excluded.email_sealed,
       email_digest = excluded.email_digest, name_sealed = excluded.name_sealed, updated_at = excluded.updated_at`,
    sealPerson(sealing, person),
  );
}

/** The same for somebody of whom nothing is known. What they have said of themselves stays, also if they say it at this moment. */
export async function addPerson(db: Queryable, sealing: Sealing, person: Person): Promise<void> {
  await db.query(`${insertPerson} on conflict do nothing`, sealPerson(sealing, person));
}

export async function deletePerson(db: Queryable, userId: string): Promise<void> {
  await db.query("delete from people where user_id = $1", [userId]);
}

const insertPerson = `insert into people (user_id, email_sealed, email_digest, name_sealed, updated_at)
     values ($1, $2, $3, $4, now())`;

function sealPerson(sealing: Sealing, { userId, email, name }: Person) {
  return [
    userId,
    sealing.seal(email, emailContext(userId)),
    digestEmail(sealing, email),
    sealing.seal(name, nameContext(userId)),
  ];
}

/** The same for every way in which an address is typed. */
export function digestEmail(sealing: Pick<Sealing, "digest">, email: string): Buffer {
  return sealing.digest(email.trim().toLowerCase());
}

export async function findPerson(
  db: Queryable,
  sealing: Sealing,
  userId: string,
): Promise<Person | undefined> {
  return (await findPeople(db, sealing, [userId])).get(userId);
}

/** Those whom we know, by their ids. */
export async function findPeople(
  db: Queryable,
  sealing: Sealing,
  userIds: string[],
): Promise<Map<string, Person>> {
  const { rows } = await db.query<StoredPerson>(
    `select user_id as "userId", email_sealed as "emailSealed", name_sealed as "nameSealed"
     from people where user_id = any($1)`,
    [userIds],
  );
  return new Map(rows.map((row) => [row.userId, openPerson(sealing, row)]));
}

export type StoredPerson = { userId: string; emailSealed: Buffer; nameSealed: Buffer };

export function openPerson(
  sealing: Sealing,
  { userId, emailSealed, nameSealed }: StoredPerson,
): Person {
  return {
    userId,
    email: sealing.open(emailSealed, emailContext(userId)),
    name: sealing.open(nameSealed, nameContext(userId)),
  };
}

function emailContext(userId: string): string {
  return `people.email:${userId}`;
}

function nameContext(userId: string): string {
  return `people.name:${userId}`;
}
