import { createHash, randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import pg from "pg";
import type { Pool } from "pg";

import { migrate } from "../adapters/postgres/migrate.ts";

export type TestDatabase = { url: string; pool: Pool; drop(): Promise<void> };

/**
 * A migrated database of its own, cloned from a template that is migrated once for each state of the migrations. The server is
 * the one of DATABASE_URL.
 */
export async function createDatabase(): Promise<TestDatabase> {
  const template = `marquee_template_${migrationsHash()}`;
  const name = `marquee_test_${randomUUID().replaceAll("-", "")}`;
  await onServer(async (client) => {
    // Jest runs files side by side: one of them makes the template, and clones are made one at a time.
    await client.query("select pg_advisory_lock(4711)");
    const { rowCount } = await client.query("select 1 from pg_database where datname = $1", [
      template,
    ]);
    if (rowCount === 0) {
      await client.query(`create database ${template}_new`);
      await migrate(databaseUrl(`${template}_new`));
      await client.query(`alter database ${template}_new rename to ${template}`);
    }
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

async function onServer(work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client(databaseUrl("postgres"));
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
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
