import type { Queryable } from "../adapters/postgres/pool.ts";

/** What a careless hand makes of a SQL function's text, or a constraint or an index that it drops. */
export type Slip =
  | { of: string; from: string | RegExp; to: string }
  | { table: string; drops: string }
  | { index: string };

/** Makes the slips in this database; returns what undoes them. Each must find its text, or the bug is not planted. */
export async function plantBug(
  db: Queryable,
  { slips }: { slips: Slip[] },
): Promise<() => Promise<void>> {
  const undo: string[] = [];
  for (const slip of slips) {
    const { before, after } = await changeOf(db, slip);
    undo.unshift(before);
    await db.query(after);
  }
  return async () => {
    for (const statement of undo) await db.query(statement);
  };
}

async function changeOf(db: Queryable, slip: Slip): Promise<{ before: string; after: string }> {
  const { rows } = await db.query<{ source: string }>(
    `select pg_get_functiondef(oid) as source from pg_proc where proname = $1
     union all
     select format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
     from pg_constraint where conname = $1
     union all
     select indexdef from pg_indexes
       where indexname = $1 and not exists (select 1 from pg_constraint where conname = $1)`,
    ["of" in slip ? slip.of : "drops" in slip ? slip.drops : slip.index],
  );
  const before = rows[0]?.source ?? "";
  const after = changed(before, slip);
  if (before === "" || after === before) throw new Error(`There is no ${JSON.stringify(slip)}`);
  return { before, after };
}

function changed(source: string, slip: Slip): string {
  if ("of" in slip) return source.replace(slip.from, slip.to);
  if ("index" in slip) return `drop index ${slip.index}`;
  return `alter table ${slip.table} drop constraint ${slip.drops}`;
}
