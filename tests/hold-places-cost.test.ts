import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { PoolClient } from "pg";

import { holdSeats } from "../adapters/postgres/holds.ts";
import { countSeatReads } from "../bench/hold-growth.ts";
import { placeId } from "../domain/places.ts";
import { createDatabase } from "./databases.ts";
import type { TestDatabase } from "./databases.ts";
import { plantShow } from "./plant-show.ts";

// What a hold of two places costs the database, counted: by one connection, which says what it has done when it is asked.

let database: TestDatabase;
let client: PoolClient;
beforeAll(async () => {
  database = await createDatabase();
  client = await database.pool.connect();
});
afterAll(async () => {
  client.release();
  await database.drop();
});

type Cost = { pages: number; rows: number; walBytes: number };

const holds = 50;

/**
 * The least cost of one hold, of three shows: whatever has an old snapshot of this database meanwhile, such as PostgreSQL's own
 * analyze, keeps dead rows where they are, and eight pages more are read for them.
 */
async function measure(...show: Parameters<typeof measureOnce>): Promise<Cost> {
  const costs = [
    await measureOnce(...show),
    await measureOnce(...show),
    await measureOnce(...show),
  ];
  const least = (what: keyof Cost) => Math.min(...costs.map((cost) => cost[what]));
  return { pages: least("pages"), rows: least("rows"), walBytes: least("walBytes") };
}

/** The cost of one hold in an area in which the first `sold` places are sold. */
async function measureOnce(
  { places, sold = 0 }: { places: number; sold?: number },
  candidatesOf: (hold: number) => number[],
): Promise<Cost> {
  const showId = await plantShow(client, { places, seatsPerBuyerMax: 10 });
  await client.query(
    "update show_seats set status = 'booked', booking_id = $2, user_id = $2 where show_id = $1 and seat_id <= $3",
    [showId, randomUUID(), placeId("FLOOR", sold)],
  );
  await client.query("vacuum analyze show_seats");
  const hold = async (number: number) => {
    const { outcome } = await holdSeats(client, {
      ...{ showId, bookingId: randomUUID(), userId: randomUUID(), seatIds: [] },
      places: [
        {
          area: "FLOOR",
          quantity: 2,
          candidates: candidatesOf(number).map((at) => placeId("FLOOR", at)),
        },
      ],
      ...{ requestHash: "a".repeat(64), holdSeconds: 600, graceSeconds: 120, deadlineMs: 0 },
    });
    return outcome;
  };
  // The first five plans are made anew, and the first touch of a page after a checkpoint logs all of it.
  for (let warmUp = 0; warmUp < holds; warmUp += 1) await hold(warmUp);
  const before = { ...(await countSeatReads(client)), walBytes: await walBytes() };
  for (let number = 0; number < holds; number += 1) await hold(holds + number);
  const after = { ...(await countSeatReads(client)), walBytes: await walBytes() };
  return {
    pages: (after.pages - before.pages) / holds,
    rows: (after.rows - before.rows) / holds,
    walBytes: (after.walBytes - before.walBytes) / holds,
  };
}

async function walBytes(): Promise<number> {
  await client.query("select pg_stat_force_next_flush()");
  const { rows } = await client.query<{ bytes: number }>(
    "select wal_bytes::float8 as bytes from pg_stat_get_backend_wal(pg_backend_pid())",
  );
  return rows[0]?.bytes ?? Number.NaN;
}

test("a hold of two places reads and writes as much in an area of 20,000 as in one of 500", async () => {
  const pair = (hold: number) => [hold * 2 + 1, hold * 2 + 2];
  // The large one first: in a table of 500 rows PostgreSQL rightly reads them all instead of using an index.
  const large = await measure({ places: 20_000 }, pair);
  const small = await measure({ places: 500 }, pair);
  expect(small.rows).toBeGreaterThan(0);
  expect(large.rows).toBe(small.rows);
  expect(large.pages).toBeLessThanOrEqual(small.pages * 1.15);
  expect(large.walBytes).toBeLessThanOrEqual(5_000);
}, 60_000);

test("it does so when only the last places are free, as long as the candidates are", async () => {
  const last = (hold: number) => [19_801 + hold * 2, 19_802 + hold * 2];
  const early = await measure({ places: 20_000 }, last);
  const late = await measure({ places: 20_000, sold: 19_800 }, last);
  expect(late.rows).toBe(early.rows);
  expect(late.pages).toBeLessThanOrEqual(early.pages * 1.15);
}, 60_000);

test("when no candidate is free, a hold passes over the area once and a refusal twice, however large it is", async () => {
  const taken = () => [15_000, 12_345];
  const found = await measure({ places: 20_000, sold: 19_800 }, taken);
  expect(found.rows).toBeLessThan(20_000);
  const refused = await measure({ places: 20_000, sold: 20_000 }, taken);
  expect(refused.rows).toBeLessThan(2.1 * 20_000);
}, 60_000);
