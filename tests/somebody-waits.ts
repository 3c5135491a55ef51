import type { Queryable } from "../adapters/postgres/pool.ts";

/** Whether a statement of this database waits for a lock. `of`: part of its text. */
export async function somebodyWaits(db: Queryable, of = ""): Promise<boolean> {
  const { rowCount } = await db.query(
    `select 1 from pg_stat_activity
     where datname = current_database() and wait_event_type = 'Lock' and strpos(query, $1) > 0`,
    [of],
  );
  return (rowCount ?? 0) > 0;
}
