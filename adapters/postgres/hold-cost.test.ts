import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { PoolClient } from "pg";

import { createDatabase } from "../../tests/databases.ts";
import type { TestDatabase } from "../../tests/databases.ts";
import { plantShow } from "../../tests/plant-show.ts";
import { holdSeats } from "./holds.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

test.each([500, 100_000])(
  "a hold of two seats writes at most 5 kB of WAL, in a show of %d seats",
  async (seats) => {
    const client = await database.pool.connect();
    const showId = await plantShow(database.pool, { seats, seatsPerBuyerMax: 10 });
    // The first touch of a page after a checkpoint logs the whole page. The first round pays for that; so does a round in
    // which another test's dropped database makes the server take a checkpoint: the cheapest of the others counts.
    const rounds: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      const before = await walBytes(client);
      await holdPairs(client, showId, round * 60, 60);
      rounds.push(((await walBytes(client)) - before) / 60);
    }
    client.release();
    expect(Math.min(...rounds.slice(1))).toBeLessThanOrEqual(5_000);
  },
);

/** Holds pairs of neighbours, each for another buyer. */
async function holdPairs(client: PoolClient, showId: string, from: number, pairs: number) {
  for (let pair = from; pair < from + pairs; pair += 1) {
    const outcome = await holdSeats(client, {
      bookingId: randomUUID(),
      showId,
      userId: randomUUID(),
      seatIds: [`A${pair * 2 + 1}`, `A${pair * 2 + 2}`],
      requestHash: "a".repeat(64),
      holdSeconds: 600,
      graceSeconds: 120,
      deadlineMs: 0,
    });
    expect(outcome.outcome).toBe("held");
  }
}

/** What this one connection has written so far: other tests write to the same server. */
async function walBytes(client: PoolClient): Promise<number> {
  await client.query("select pg_stat_force_next_flush()");
  const { rows } = await client.query<{ bytes: number }>(
    "select wal_bytes::float8 as bytes from pg_stat_get_backend_wal(pg_backend_pid())",
  );
  return rows[0]?.bytes ?? Number.NaN;
}
