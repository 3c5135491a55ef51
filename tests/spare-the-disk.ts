import pg from "pg";

/**
 * A server that lasts as long as its tests keeps nothing for after a power cut. Each database that is dropped asks for a checkpoint,
 * which on a busy disk takes seconds, and for whole pages in the log after it. What a killed process has committed stays, as ever.
 */
export async function spareTheDisk(databaseUrl: string): Promise<void> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    await client.query("alter system set fsync = off");
    await client.query("alter system set full_page_writes = off");
    await client.query("select pg_reload_conf()");
  } finally {
    await client.end();
  }
}
