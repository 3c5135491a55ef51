import type { Queryable } from "../adapters/postgres/pool.ts";

/** How often clients sent each statement while `work` ran, whoever they were; the WAL that PostgreSQL wrote for it. */
export async function countStatements(
  db: Queryable,
  work: () => Promise<unknown>,
): Promise<{ calls: number; walBytes: number; texts: string[] }> {
  await db.query("create extension if not exists pg_stat_statements");
  const before = await readStatements(db);
  await work();
  const after = await readStatements(db);
  const counts = { calls: 0, walBytes: 0, texts: [] as string[] };
  for (const [query, { calls, walBytes }] of after) {
    const added = calls - (before.get(query)?.calls ?? 0);
    if (added === 0) continue;
    counts.calls += added;
    counts.walBytes += walBytes - (before.get(query)?.walBytes ?? 0);
    counts.texts.push(query);
  }
  return counts;
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
