import { randomUUID } from "node:crypto";

import type { PoolClient } from "pg";

import type { Pool } from "../adapters/postgres/pool.ts";
import { holdSeats } from "../adapters/postgres/holds.ts";
import { plantShow } from "../tests/plant-show.ts";
import { quantile } from "./compare-pairs.ts";

export type HoldCost = {
  /** Pages that a hold looks at, and rows that it reads and writes in the seats' table. */
  pages: number;
  seatRows: number;
  ms: number;
};

/** The median hold of two seats in a new show of so many seats. */
export async function measureHoldCost(pool: Pool, seats: number, holds: number): Promise<HoldCost> {
  const showId = await plantShow(pool, { seats, seatsPerBuyerMax: 10 });
  await pool.query("vacuum analyze");
  const client = await pool.connect();
  try {
    // Spread over the whole hall, and each pair once.
    const step = Math.floor(seats / 2 / (holds + warmUps));
    const pair = (index: number) => [`A${index * step * 2 + 1}`, `A${index * step * 2 + 2}`];
    for (let index = 0; index < warmUps; index += 1) await hold(client, showId, pair(index));
    const before = await readSeatCounters(client);
    const times: number[] = [];
    for (let index = warmUps; index < warmUps + holds; index += 1) {
      times.push(await hold(client, showId, pair(index)));
    }
    const after = await readSeatCounters(client);
    return {
      pages: (after.pages - before.pages) / holds,
      seatRows: (after.rows - before.rows) / holds,
      ms: quantile(times, 0.5),
    };
  } finally {
    client.release();
  }
}

const warmUps = 20;

async function hold(client: PoolClient, showId: string, seatIds: string[]): Promise<number> {
  const startedAt = performance.now();
  const { outcome } = await holdSeats(client, {
    bookingId: randomUUID(),
    showId,
    userId: randomUUID(),
    seatIds,
    requestHash: "a".repeat(64),
    holdSeconds: 600,
    graceSeconds: 120,
    deadlineMs: 0,
  });
  if (outcome !== "held") throw new Error(`The hold was ${outcome}`);
  return performance.now() - startedAt;
}

/** Of the whole database, which only this connection uses. */
async function readSeatCounters(client: PoolClient): Promise<{ pages: number; rows: number }> {
  await client.query("select pg_stat_force_next_flush()");
  const { rows } = await client.query<{ pages: number; rows: number }>(
    `select (heap_blks_hit + heap_blks_read + idx_blks_hit + idx_blks_read)::float8 as pages,
       (idx_tup_fetch + seq_tup_read + n_tup_upd)::float8 as rows
     from pg_statio_user_tables join pg_stat_user_tables using (relid)
     where pg_stat_user_tables.relname = 'show_seats'`,
  );
  return rows[0] ?? { pages: Number.NaN, rows: Number.NaN };
}
