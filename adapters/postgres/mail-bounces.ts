import type { Sealing } from "../../platform/sealing.ts";
import { digestEmail } from "./people.ts";
import type { Queryable } from "./pool.ts";

/** `code` is a mail server's: "550", or "5.1.1". Hard: there is no such address, and there will be none tomorrow. */
export type Bounce = { isHard: boolean; code: string };

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

const heardAgain = `on conflict (user_id, email_digest, is_hard) do update set code = excluded.code, last_at = excluded.last_at`;

export type BouncedMail = {
  userId: string;
  isHard: boolean;
  code: string;
  firstAt: Date;
  lastAt: Date;
  /** Whether it is still the person's address. */
  isPresent: boolean;
};

/** What support looks at: the newest first, of everybody or of one person. */
export async function listBounces(
  db: Queryable,
  { userId, limit }: { userId: string | undefined; limit: number },
): Promise<BouncedMail[]> {
  const { rows } = await db.query<BouncedMail>(
    `select bounce.user_id as "userId", bounce.is_hard as "isHard", bounce.code, bounce.first_at as "firstAt",
       bounce.last_at as "lastAt", bounce.email_digest = person.email_digest as "isPresent"
     from mail_bounces bounce
     join people person on person.user_id = bounce.user_id
     where $1::uuid is null or bounce.user_id = $1
     order by bounce.last_at desc
     limit $2`,
    [userId ?? null, limit],
  );
  return rows;
}
