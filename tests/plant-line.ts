import { randomUUID } from "node:crypto";

import type { Queryable } from "../adapters/postgres/pool.ts";

/** Puts a line in front of a show. Times are milliseconds from now; it is open and drawn already unless another time is said. */
export async function plantLine(
  db: Queryable,
  showId: string,
  {
    opensMs = -3_600_000,
    drawMs = opensMs,
    admitMs = drawMs,
    callsPerMinuteMax = null,
    guestsAllowed = false,
  }: {
    opensMs?: number;
    drawMs?: number;
    admitMs?: number;
    callsPerMinuteMax?: number | null;
    guestsAllowed?: boolean;
  } = {},
): Promise<void> {
  await db.query(
    `insert into show_lines (show_id, opens_at, draw_at, admit_from, draw_nonce, calls_per_minute_max, guests_allowed)
     select $1, now() + $2 * interval '1 ms', now() + $3 * interval '1 ms', now() + $4 * interval '1 ms', $5, $6, $7`,
    [showId, opensMs, drawMs, admitMs, randomUUID(), callsPerMinuteMax, guestsAllowed],
  );
}
