import type { Bounce } from "../../domain/bounce-of.ts";
import type { Sealing } from "../../platform/sealing.ts";
import { digestEmail } from "./people.ts";
import type { Queryable } from "./pool.ts";

/** Whose mail has come back: a person, by their present address or by the mark of the one it went to (`addressMark`), or whoever has an address. */
export type BouncedFrom =
  { userId: string; addressMark?: string } | { address: string; sealing: Sealing };

/**
 * Mail has come back from `from`, at `at`, or now. Heard again, it is the same bounce, last heard of then. `lifted_since`: support has said
 * later than `at` that mail gets there, so this is told late or once more, and nothing changes. `unknown`: nobody has the address any more.
 */
export async function recordBounce(
  db: Queryable,
  { from, isHard, code, at }: Bounce & { from: BouncedFrom; at?: Date | undefined },
): Promise<"kept" | "lifted_since" | "unknown"> {
  const [whose, parameters] = personOf(from);
  const { rows } = await db.query<{ people: number; kept: number }>(
    `with person as (select user_id, email_digest from people where ${whose}),
     kept as (
       insert into mail_bounces (user_id, email_digest, is_hard, code, first_at, last_at)
       select user_id, email_digest, $1, $2, least($3, now()), least($3, now()) from person
       on conflict (user_id, email_digest, is_hard) do update
         set code = excluded.code, last_at = greatest(mail_bounces.last_at, excluded.last_at),
             lifted_at = null, lifted_by = null
         where mail_bounces.lifted_at is null or mail_bounces.lifted_at < excluded.last_at
       returning user_id)
     select (select count(*) from person)::int as people, (select count(*) from kept)::int as kept`,
    [isHard, code, at ?? null, ...parameters],
  );
  const [told] = rows;
  if (told === undefined || told.people === 0) return "unknown";
  return told.kept === 0 ? "lifted_since" : "kept";
}

/** A condition on people, whose first parameter is the statement's fourth. */
function personOf(from: BouncedFrom): [string, unknown[]] {
  if ("address" in from) return ["email_digest = $4", [digestEmail(from.sealing, from.address)]];
  return [
    "user_id = $4 and left(encode(email_digest, 'hex'), length($5::text)) = $5",
    [from.userId, from.addressMark ?? ""],
  ];
}

/** Names an address among those of one person, and tells nobody else anything. */
export function addressMark(sealing: Pick<Sealing, "digest">, address: string): string {
  return digestEmail(sealing, address).toString("hex", 0, 8);
}

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
