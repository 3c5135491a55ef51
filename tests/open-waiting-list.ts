import type { Queryable } from "../adapters/postgres/pool.ts";

/**
 * Opens the waiting list of a show as its first person would, although seats are still held: tests then give those back. Nobody is on
 * it yet, so a look at it closes it again.
 */
export async function openWaitingList(db: Queryable, showId: string): Promise<void> {
  await db.query(
    "update shows set waiting_since = clock_timestamp() where show_id = $1 and waiting_since is null",
    [showId],
  );
}
