import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { dumpSchema } from "../local/schema-dump.ts";
import { createDatabase } from "./databases.ts";
import type { TestDatabase } from "./databases.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase();
});

afterAll(() => database.drop());

test("adapters/postgres/schema.sql is what the migrations make of an empty database", async () => {
  const written = readFileSync(
    join(import.meta.dirname, "../adapters/postgres/schema.sql"),
    "utf8",
  );
  expect(await dumpSchema(database.pool)).toBe(written);
});

test.each([
  ["a column", "alter table shows add column rating integer"],
  ["a default", "alter table shows alter column format set default '3D'"],
  ["a constraint", "alter table shows drop constraint shows_status_check"],
  ["an index", "create index shows_by_status on shows (status)"],
  ["a storage setting", "alter table show_seats set (fillfactor = 90)"],
  ["a function", "create function free_seats() returns int language sql as 'select 2'"],
  [
    "a trigger",
    "create trigger t before update on shows for each row execute function suppress_redundant_updates_trigger()",
  ],
])("control: %s that no migration made is seen", async (_what, statement) => {
  const before = await dumpSchema(database.pool);
  await database.pool.query(statement);
  expect(await dumpSchema(database.pool)).not.toBe(before);
});
