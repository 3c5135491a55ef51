import type { Queryable } from "../adapters/postgres/pool.ts";

/** How often a statement was sent, and the WAL that PostgreSQL wrote for it. */
export type StatementCount = { calls: number; walBytes: number };

/** Statements that clients send to this database meanwhile, by text, whoever they are. */
export async function countStatements(
  db: Queryable,
  work: () => Promise<unknown>,
): Promise<Map<string, StatementCount>> {
  await db.query("create extension if not exists pg_stat_statements");
  const before = await readStatements(db);
  await work();
  const after = await readStatements(db);
  return new Map(
    [...after].flatMap(([query, count]) => {
      const calls = count.calls - (before.get(query)?.calls ?? 0);
      const walBytes = count.walBytes - (before.get(query)?.walBytes ?? 0);
      return calls > 0 ? [[query, { calls, walBytes }] as const] : [];
    }),
  );
}

async function readStatements(db: Queryable): Promise<Map<string, StatementCount>> {
  const { rows } = await db.query<StatementCount & { query: string }>(
    `select query, sum(calls)::integer as calls, sum(wal_bytes)::float8 as "walBytes"
     from pg_stat_statements
     where dbid = (select oid from pg_database where datname = current_database())
       and toplevel and query not like '%pg_stat_statements%'
       -- Every process reads the lines every two seconds, whatever is asked of it.
       and query not like '%from show_lines line%'
     group by query`,
  );
  return new Map(rows.map(({ query, ...count }) => [query, count]));
}
