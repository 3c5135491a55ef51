import type { Pool } from "./pool.ts";

/**
 * Runs `work` while nobody else builds an index of this name; `busy` when somebody does. The lock belongs to a connection of its own
 * and ends with it, so whoever dies leaves none. `signal` is aborted when that connection breaks: from then on others may build.
 */
export async function whileReindexing(
  pool: Pool,
  alias: string,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<"done" | "busy"> {
  const client = await pool.connect();
  const lost = new AbortController();
  client.on("error", () => lost.abort(new Error("The lock of the reindex is lost")));
  try {
    const { rows } = await client.query<{ leads: boolean }>(
      "select pg_try_advisory_lock($1, hashtext($2)) as leads",
      [reindexLocks, alias],
    );
    if (rows[0]?.leads !== true) return "busy";
    await work(lost.signal);
    return "done";
  } finally {
    // Closed rather than given back: the lock must not outlive its owner in the pool.
    client.release(true);
  }
}

/** Apart from the locks with one number. */
const reindexLocks = 7_265;
