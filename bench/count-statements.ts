import type { Queryable } from "../adapters/postgres/pool.ts";

/** How many statements clients sent while `work` ran, whoever they were, of those that count; the WAL that PostgreSQL wrote for them. */
export async function countStatements(
  db: Queryable,
  work: () => Promise<unknown>,
  counts: (query: string) => boolean = () => true,
): Promise<{ calls: number; walBytes: number }> {
  await db.query("create extension if not exists pg_stat_statements");
  const before = await readStatements(db);
  await work();
  const after = await readStatements(db);
  const sums = { calls: 0, walBytes: 0 };
  for (const [query, { calls, walBytes }] of after) {
    if (!counts(query)) continue;
    sums.calls += calls - (before.get(query)?.calls ?? 0);
    sums.walBytes += walBytes - (before.get(query)?.walBytes ?? 0);
  }
  return sums;
}

async function readStatements(db: Queryable) {
  const { rows } = await db.query<{ query: string; calls: number; walBytes: number }>(
    `select query, sum(calls)::integer as calls, sum(wal_bytes)::float8 as "walBytes"
     from pg_stat_statements
     where dbid = (select oid from pg_database where datname = current_database())
       and toplevel and query not like '%pg_stat_statements%'
     group by query`,
  );
  return new Map(rows.map(({ query, ...counts }) => [query, counts]));
}
