import type { Queryable } from "../adapters/postgres/pool.ts";

/** Statements that clients send to this database meanwhile, by text. */
export async function countStatements(
  db: Queryable,
  work: () => Promise<void>,
): Promise<Map<string, number>> {
  await db.query("create extension if not exists pg_stat_statements");
  const before = await statements(db);
  await work();
  const after = await statements(db);
  return new Map(
    [...after].flatMap(([query, calls]) => {
      const added = calls - (before.get(query) ?? 0);
      return added > 0 ? [[query, added] as const] : [];
    }),
  );
}

async function statements(db: Queryable): Promise<Map<string, number>> {
  const { rows } = await db.query<{ query: string; calls: number }>(
    `select query, sum(calls)::integer as calls from pg_stat_statements
     where dbid = (select oid from pg_database where datname = current_database())
       and toplevel and query not like '%pg_stat_statements%'
     group by query`,
  );
  return new Map(rows.map(({ query, calls }) => [query, calls]));
}
