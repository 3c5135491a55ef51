import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { showIds } from "../domain/ids.ts";
import { signIn } from "../local/buyer.ts";
import type { Buyer } from "../local/buyer.ts";
import { plantShow } from "./plant-show.ts";
import { startSystem } from "./system.ts";
import type { System } from "./system.ts";

let system: System;
let asha: Buyer;

beforeAll(async () => {
  system = await startSystem(["api", "checkout", "identity"]);
  asha = await signIn(system.addresses, "asha");
}, 120_000);
afterAll(() => system.close(), 30_000);

/** Statements that clients have sent to this system's database, by text. */
async function statements(): Promise<Map<string, number>> {
  const { rows } = await system.database.pool.query<{ query: string; calls: number }>(
    `select query, sum(calls)::integer as calls from pg_stat_statements
     where dbid = (select oid from pg_database where datname = current_database())
       and toplevel and query not like '%pg_stat_statements%'
     group by query`,
  );
  return new Map(rows.map(({ query, calls }) => [query, calls]));
}

test("a warm reserve costs one SQL statement in all processes together, and so one commit", async () => {
  await system.database.pool.query("create extension if not exists pg_stat_statements");
  const showId = showIds.encode(
    await plantShow(system.database.pool, { seats: 60, seatsPerBuyerMax: 60 }),
  );
  await asha.reserve({ showId, seatIds: ["A1", "A2"] });

  const before = await statements();
  for (let index = 1; index <= 20; index += 1) {
    const seatIds = [`A${index * 2 + 1}`, `A${index * 2 + 2}`];
    expect((await asha.reserve({ showId, seatIds })).status).toBe(201);
  }
  const after = await statements();
  const sent = [...after].flatMap(([query, calls]) => {
    const added = calls - (before.get(query) ?? 0);
    return added > 0 ? [{ query, added }] : [];
  });
  expect(sent).toEqual([{ query: expect.stringContaining("hold_seats"), added: 20 }]);
});
