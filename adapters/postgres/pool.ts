import pg from "pg";
import type { Pool, PoolClient } from "pg";

import type { Logger } from "../../platform/logger.ts";

/** A pool or one of its clients in a transaction: what every statement takes first. */
export type Queryable = Pick<Pool | PoolClient, "query">;
/** What transactions are begun with. */
export type Database = Queryable & Pick<Pool, "connect">;
export type { Pool, PoolClient };

/**
 * One pool a process. Bounded everywhere: connections, the wait for one, and each statement on the server's side, so that a
 * caller that has given up leaves nothing running. `statementMsMax` must stay below the caller's own timeout.
 */
export function createPool(options: {
  databaseUrl: string;
  component: string;
  connectionsMax: number;
  statementMsMax: number;
  onIdleError: (error: Error) => void;
}): Pool {
  const pool = new pg.Pool({
    connectionString: options.databaseUrl,
    application_name: options.component,
    max: options.connectionsMax,
    connectionTimeoutMillis: 2_000,
    idleTimeoutMillis: 30_000,
    statement_timeout: options.statementMsMax,
    query_timeout: options.statementMsMax + 500,
    keepAlive: true,
  });
  // An idle connection that breaks is no caller's problem, but without a listener it ends the process.
  pool.on("error", options.onIdleError);
  return pool;
}

/** For processes: it is worth a line of the log and nothing else. */
export function warnOfIdleErrors(logger: Pick<Logger, "warn">): (error: Error) => void {
  return (error) => logger.warn({ err: error }, "idle database connection broke");
}

/** Runs `work` in one transaction: committed when it returns, rolled back when it throws. */
export async function withTransaction<Result>(
  pool: Pick<Pool, "connect">,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  let broken = false;
  try {
    await client.query("begin");
    const result = await work(client);
    await client.query("commit");
    return result;
  } catch (error) {
    // A connection that cannot even roll back is not given back to the pool.
    await client.query("rollback").catch(() => {
      broken = true;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}
