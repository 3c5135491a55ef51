import type { Pool } from "pg";

/** Has an address sign in as somebody whom the house knows already, by user id. Whoever has signed in with it before stays who they are. */
export async function knowUser(
  db: Pick<Pool, "query">,
  digest: (text: string) => string,
  { userId, email }: { userId: string; email: string },
): Promise<void> {
  await db.query(
    `insert into sign_in_users (id, email_digest, name, email_verified, created_at, updated_at)
     values ($1, $2, '', true, now(), now())
     on conflict do nothing`,
    [userId, digest(email.toLowerCase())],
  );
}
