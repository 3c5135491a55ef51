import { createHash, randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import pg from "pg";
import type { Pool } from "pg";

import { migrate } from "../adapters/postgres/migrate.ts";

export type TestDatabase = { url: string; pool: Pool; drop(): Promise<void> };

/**
 * A migrated database of its own, cloned from a template that is migrated once for each state of the migrations. The server is
 * the one of DATABASE_URL. Throws what the server's sessions wait for when it takes too long.
 */
export async function createDatabase(): Promise<TestDatabase> {
  const template = `marquee_template_${migrationsHash()}`;
  const name = `marquee_test_${randomUUID().replaceAll("-", "")}`;
  await onServer(async (client) => {
    if (!(await exists(client, template))) await makeTemplate(client, template);
    await client.query(`create database ${name} template ${template}`);
  });

  const url = databaseUrl(name);
  const pool = openTestPool({ connectionString: url, max: 32 });
  return {
    url,
    pool,
    async drop() {
      await pool.end();
      await onServer((client) => client.query(`drop database ${name} with (force)`));
    },
  };
}

/** Connections that are cut, as by dropping their database, are nobody's failure: idle ones and those that somebody still has. */
export function openTestPool(config: pg.PoolConfig): Pool {
  const pool = new pg.Pool(config);
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  return pool;
}

/** Jest runs files side by side: one of them makes the template. */
async function makeTemplate(client: pg.Client, template: string): Promise<void> {
  await client.query("select pg_advisory_lock(4711)");
  if (!(await exists(client, template))) {
    await client.query(`drop database if exists ${template}_new`);
    await client.query(`create database ${template}_new`);
    await migrate(databaseUrl(`${template}_new`));
    await client.query(`alter database ${template}_new rename to ${template}`);
  }
  await client.query("select pg_advisory_unlock(4711)");
}

async function exists(client: pg.Client, database: string): Promise<boolean> {
  const { rowCount } = await client.query("select 1 from pg_database where datname = $1", [
    database,
  ]);
  return rowCount === 1;
}

/** Less than the minute after which jest ends a hook and says nothing of the reason. A clone takes half a second. */
const serverMsMax = 45_000;

async function onServer(work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({
    connectionString: databaseUrl("postgres"),
    connectionTimeoutMillis: 10_000,
    statement_timeout: serverMsMax,
  });
  await client.connect();
  try {
    await work(client);
  } catch (error) {
    const sessions = await listSessions(client).catch(() => ["nobody could be asked"]);
    throw new Error(["The server's sessions:", ...sessions].join("\n"), { cause: error });
  } finally {
    await client.end();
  }
}

/** What each session does, those first that have been at it for longest. */
async function listSessions(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ session: string }>(`
    select concat_ws(' ', pid, backend_type, datname, state, wait_event_type, wait_event, now() - state_change,
        'blocked by', pg_blocking_pids(pid), left(query, 100)) as session
      from pg_stat_activity
      order by state_change
      limit 60`);
  return rows.map(({ session }) => session);
}

function databaseUrl(name: string): string {
  const server = process.env["DATABASE_URL"];
  if (server === undefined) throw new Error("DATABASE_URL is not set: run the tests by npm test");
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

function migrationsHash(): string {
  const folder = fileURLToPath(new URL("../adapters/postgres/migrations/", import.meta.url));
  const hash = createHash("sha256");
  for (const file of readdirSync(folder).toSorted()) hash.update(readFileSync(folder + file));
  return hash.digest("hex").slice(0, 16);
}
