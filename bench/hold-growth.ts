import { randomUUID } from "node:crypto";

import { holdSeats } from "../adapters/postgres/holds.ts";
import type { Pool, Queryable } from "../adapters/postgres/pool.ts";
import { plantShow } from "../tests/plant-show.ts";
import { quantile } from "./compare-pairs.ts";

/** A hold's pages and rows of the seats' table and its index, and its time. */
export type HoldCost = SeatReads & { ms: number };

export type SeatReads = { pages: number; rows: number };

const warmUps = 20;

/** The median hold of two neighbours in a new show of so many seats: at least `holds` and twenty pairs. */
export async function measureHoldCost(pool: Pool, seats: number, holds: number): Promise<HoldCost> {
  const client = await pool.connect();
  try {
    // By one connection, which says what it has done when it is asked: others would say so in the middle.
    const showId = await plantShow(client, { seats, seatsPerBuyerMax: 10 });
    await client.query("vacuum analyze");
    // Spread over the whole hall, and each pair once.
    const step = Math.floor(seats / 2 / (warmUps + holds));
    let pairs = 0;
    const nextPair = () => {
      const first = pairs * step * 2 + 1;
      pairs += 1;
      return [`A${first}`, `A${first + 1}`];
    };
    for (let warmUp = 0; warmUp < warmUps; warmUp += 1) await hold(client, showId, nextPair());

    const before = await countSeatReads(client);
    const times: number[] = [];
    while (times.length < holds) times.push(await hold(client, showId, nextPair()));
    const after = await countSeatReads(client);
    return {
      pages: (after.pages - before.pages) / holds,
      rows: (after.rows - before.rows) / holds,
      ms: quantile(times, 0.5),
    };
  } finally {
    client.release();
  }
}

async function hold(db: Queryable, showId: string, seatIds: string[]): Promise<number> {
  const startedAt = performance.now();
  const { outcome } = await holdSeats(db, {
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

/** What has been read and written of the seats so far, once this connection has said what it did. */
export async function countSeatReads(db: Queryable): Promise<SeatReads> {
  await db.query("select pg_stat_force_next_flush()");
  const { rows } = await db.query<SeatReads>(
    `select (heap_blks_hit + heap_blks_read + idx_blks_hit + idx_blks_read)::float8 as pages,
       (idx_tup_fetch + seq_tup_read + n_tup_upd)::float8 as rows
     from pg_statio_user_tables join pg_stat_user_tables using (relid)
     where pg_stat_user_tables.relname = 'show_seats'`,
  );
  return rows[0] ?? { pages: Number.NaN, rows: Number.NaN };
}
