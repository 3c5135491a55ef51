import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { createDatabase } from "../tests/databases.ts";
import type { TestDatabase } from "../tests/databases.ts";
import { measureHoldCost, countSeatReads } from "./hold-growth.ts";
import type { HoldCost } from "./hold-growth.ts";

let database: TestDatabase;
let small: HoldCost;
let large: HoldCost;

beforeAll(async () => {
  database = await createDatabase();
  // Its pages would be counted among the holds'.
  await database.pool.query("alter table show_seats set (autovacuum_enabled = false)");
  // The large one first: in a table of 500 rows PostgreSQL rightly reads them all instead of using an index.
  large = await measureHoldCost(database.pool, 100_000, 100);
  small = await measureHoldCost(database.pool, 500, 100);
}, 60_000);
afterAll(() => database.drop());

test("a hold of two seats touches as many rows in a hall of 100,000 seats as in one of 500", () => {
  expect(small.rows).toBeGreaterThan(0);
  expect(large.rows).toBe(small.rows);
});

test("control: the counters see a statement that reads the whole hall", async () => {
  const client = await database.pool.connect();
  const before = await countSeatReads(client);
  await client.query("select count(*) from show_seats where version >= 0");
  const after = await countSeatReads(client);
  client.release();
  expect(after.rows - before.rows).toBeGreaterThan(100_000);
});

test("a hold of two seats looks at no more than 15 % more pages in a hall of 100,000 seats than in one of 500", () => {
  process.stdout.write(`pages a hold: ${small.pages} in 500 seats, ${large.pages} in 100,000\n`);
  expect(small.pages).toBeGreaterThan(0);
  expect(large.pages / small.pages).toBeLessThanOrEqual(1.15);
});
