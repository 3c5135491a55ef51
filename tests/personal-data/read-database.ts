import type { Pool } from "pg";

import type { Text } from "./find-personal-data.ts";

/** Every value of every column of every table, whatever its type, bytes with what is readable in them. */
export async function readDatabase(pool: Pool): Promise<Text[]> {
  const { rows: columns } = await pool.query<{ table: string; column: string; type: string }>(
    `select format('%I.%I', table_schema, table_name) as table, format('%I', column_name) as column, data_type as type
     from information_schema.columns
     where table_schema not in ('pg_catalog', 'information_schema')`,
  );
  const texts = await Promise.all(
    columns.map(async ({ table, column, type }) => {
      const value = type === "bytea" ? `encode(${column}, 'escape')` : `${column}::text`;
      const { rows } = await pool.query<{ text: string }>(
        `select ${value} as text from ${table} where ${column} is not null`,
      );
      return rows.map(({ text }) => ({ place: `${table}.${column}`, text }));
    }),
  );
  return texts.flat();
}
