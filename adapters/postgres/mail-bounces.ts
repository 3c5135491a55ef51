import type { Bounce } from "../../domain/bounce-of.ts";
import type { Sealing } from "../../platform/sealing.ts";
import { digestEmail } from "./people.ts";
import type { Queryable } from "./pool.ts";

/** Mail to this person's present address has come back. Heard again, it is the same one, last heard of now. */
export async function recordBounce(
  db: Queryable,
  { userId, isHard, code }: Bounce & { userId: string },
): Promise<void> {
  await db.query(
    `insert into mail_bounces (user_id, email_digest, is_hard, code, first_at, last_at)
     select user_id, email_digest, $2, $3, now(), now() from people where user_id = $1 ${heardAgain}`,
    [userId, isHard, code],
  );
}

/** The same, told by the address. Returns how many people have it: nobody, when it was changed meanwhile. */
export async function recordBounceOf(
  db: Queryable,
  sealing: Sealing,
  { address, isHard, code }: Bounce & { address: string },
): Promise<number> {
  const { rowCount } = await db.query(
    `insert into mail_bounces (user_id, email_digest, is_hard, code, first_at, last_at)
     select user_id, email_digest, $2, $3, now(), now() from people where email_digest = $1 ${heardAgain}`,
    [digestEmail(sealing, address), isHard, code],
  );
  return rowCount ?? 0;
}

/** The same, told by the mark of the address to which the mail went (`addressMark`). Says whether it is still the person's. */
export async function recordBounceAt(
  db: Queryable,
  { userId, addressMark, isHard, code }: Bounce & { userId: string; addressMark: string },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into mail_bounces (user_id, email_digest, is_hard, code, first_at, last_at)
     select user_id, email_digest, $3, $4, now(), now() from people
     where user_id = $1 and left(encode(email_digest, 'hex'), length($2::text)) = $2 ${heardAgain}`,
    [userId, addressMark, isHard, code],
  );
  return rowCount === 1;
}

/** Names an address among those of one person, and tells nobody else anything. */
export function addressMark(sealing: Pick<Sealing, "digest">, address: string): string {
  return digestEmail(sealing, address).toString("hex", 0, 8);
}

const heardAgain = `on conflict (user_id, email_digest, is_hard) do update set code = excluded.code, last_at = excluded.last_at,
  lifted_at = null, lifted_by = null`;

/** Mail goes to the address again, on the word of `liftedBy`. Returns how many bounces were lifted. Repeating it changes nothing. */
export async function liftBounces(
  db: Queryable,
  sealing: Sealing,
  { address, liftedBy }: { address: string; liftedBy: string },
): Promise<number> {
  const { rowCount } = await db.query(
    `update mail_bounces bounce set lifted_at = now(), lifted_by = $2
     from people person
     where person.email_digest = $1 and bounce.user_id = person.user_id and bounce.email_digest = $1
       and bounce.lifted_at is null`,
    [digestEmail(sealing, address), liftedBy],
  );
  return rowCount ?? 0;
}

export type BouncedMail = {
  userId: string;
  isHard: boolean;
  code: string;
  firstAt: Date;
  lastAt: Date;
  /** Whether it is still the person's address. */
  isPresent: boolean;
  /** When somebody has said that mail reaches it again, and who; null: nobody has. */
  liftedAt: Date | null;
  liftedBy: string | null;
};

const columns = `bounce.user_id as "userId", bounce.is_hard as "isHard", bounce.code, bounce.first_at as "firstAt",
  bounce.last_at as "lastAt", bounce.email_digest = person.email_digest as "isPresent",
  bounce.lifted_at as "liftedAt", bounce.lifted_by as "liftedBy"`;

/** What has come back from an address that people have now, the newest first: a hard and a soft one of each of them at the most. */
export async function listBouncesOf(
  db: Queryable,
  sealing: Sealing,
  address: string,
): Promise<BouncedMail[]> {
  const { rows } = await db.query<BouncedMail>(
    `select ${columns}
     from people person
     join mail_bounces bounce on bounce.user_id = person.user_id and bounce.email_digest = person.email_digest
     where person.email_digest = $1
     order by bounce.last_at desc
     limit 100`,
    [digestEmail(sealing, address)],
  );
  return rows;
}

/** What support looks at: the newest first, of everybody or of one person. */
export async function listBounces(
  db: Queryable,
  { userId, limit }: { userId: string | undefined; limit: number },
): Promise<BouncedMail[]> {
  const { rows } = await db.query<BouncedMail>(
    `select ${columns}
     from mail_bounces bounce
     join people person on person.user_id = bounce.user_id
     where $1::uuid is null or bounce.user_id = $1
     order by bounce.last_at desc
     limit $2`,
    [userId ?? null, limit],
  );
  return rows;
}
