import type { Queryable } from "../adapters/postgres/pool.ts";

/** Plants a bug in a SQL function of this database; throws if `change` changes nothing. */
export async function mutateFunction(
  db: Queryable,
  name: string,
  change: (source: string) => string,
): Promise<void> {
  const { rows } = await db.query<{ source: string }>(
    "select pg_get_functiondef(oid) as source from pg_proc where proname = $1",
    [name],
  );
  const source = rows[0]?.source ?? "";
  const changed = change(source);
  if (changed === source) throw new Error(`${name} is as it was`);
  await db.query(changed);
}
