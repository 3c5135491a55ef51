import { setTimeout as delay } from "node:timers/promises";

import type { Queryable } from "../adapters/postgres/pool.ts";

/** PostgreSQL's clock, in milliseconds since 1970, as far as this process can tell. */
export type ServerClock = { nowMs(): number; at(ms: number): Promise<void> };

export async function readServerClock(db: Queryable): Promise<ServerClock> {
  // From the quickest of some answers: it was given at most half of its time away from the middle.
  let best = { tookMs: Infinity, aheadMs: 0 };
  for (let look = 0; look < 20; look += 1) {
    const sentMs = performance.now();
    const { rows } = await db.query<{ ms: number }>(
      "select extract(epoch from clock_timestamp())::float8 * 1000 as ms",
    );
    const tookMs = performance.now() - sentMs;
    const aheadMs = (rows[0]?.ms ?? NaN) - (sentMs + tookMs / 2);
    if (tookMs < best.tookMs) best = { tookMs, aheadMs };
  }
  const nowMs = () => performance.now() + best.aheadMs;
  return { nowMs, at: (ms) => delay(Math.max(0, ms - nowMs())) };
}
