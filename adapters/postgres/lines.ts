import type { Queryable } from "./pool.ts";
import { onlyRow } from "./only-row.ts";

/** The rules of a line, and how far it has come as PostgreSQL knows: never ahead of Redis, and at most seconds behind. */
export type StoredLine = {
  showId: string;
  opensAtMs: number;
  /** Places taken before this are shuffled. */
  drawAtMs: number;
  admitFromMs: number;
  drawNonce: string;
  drawn: number | null;
  entriesMax: number;
  served: number;
  isPaused: boolean;
  callsPerMinuteMax: number | null;
  guestsAllowed: boolean;
  message: string;
};

/** The lines of shows that are still sold, in one statement. */
export async function listLines(db: Queryable): Promise<StoredLine[]> {
  const { rows } = await db.query<StoredLine>({
    name: "list_lines",
    text: `select line.show_id as "showId", ${msOf("opens_at")} as "opensAtMs", ${msOf("draw_at")} as "drawAtMs",
         ${msOf("admit_from")} as "admitFromMs", line.draw_nonce as "drawNonce", line.drawn, line.entries_max as "entriesMax",
         line.served, line.is_paused as "isPaused", line.calls_per_minute_max as "callsPerMinuteMax",
         line.guests_allowed as "guestsAllowed", line.message
       from show_lines line
       join shows show on show.show_id = line.show_id
       where line.closed_at is null and show.status = 'scheduled' and show.sales_close_at > now()
       order by line.opens_at
       limit ${linesMax}`,
  });
  return rows;
}

/** What a draw is checked with. */
export type StoredDraw = Pick<StoredLine, "opensAtMs" | "drawAtMs" | "drawNonce" | "drawn">;

/** Of any line that a show has or had. */
export async function readDraw(db: Queryable, showId: string): Promise<StoredDraw | undefined> {
  const { rows } = await db.query<StoredDraw>(
    `select ${msOf("opens_at")} as "opensAtMs", ${msOf("draw_at")} as "drawAtMs", line.draw_nonce as "drawNonce", line.drawn
       from show_lines line where line.show_id = $1`,
    [showId],
  );
  return rows[0];
}

/** More lines than anybody opens in one season. `openLine` opens no more. */
export const linesMax = 1_000;

/** Allows `count` more entries to be given. `entriesBefore`: all up to here may be taken. */
export async function reserveEntries(
  db: Queryable,
  showId: string,
  count: number,
): Promise<{
  entriesBefore: number;
  entriesMax: number;
  served: number;
  drawn: number | null;
}> {
  const { rows } = await db.query(
    `update show_lines set entries_max = entries_max + $2 where show_id = $1
       returning entries_max - $2 as "entriesBefore", entries_max as "entriesMax", served, drawn`,
    [showId, count],
  );
  return onlyRow(rows);
}

/** Keeps how far a line has come, and says what it keeps: each only goes one way, and the first word on the draw stands. */
export async function keepLineProgress(
  db: Queryable,
  line: { showId: string; served: number; drawn: number | null },
): Promise<{ drawn: number | null }> {
  const { rows } = await db.query<{ drawn: number | null }>(
    `update show_lines set served = greatest(served, $2), drawn = coalesce(drawn, $3) where show_id = $1 returning drawn`,
    [line.showId, line.served, line.drawn],
  );
  return onlyRow(rows);
}

function msOf(column: string): string {
  return `floor(extract(epoch from line.${column}) * 1000)::float8`;
}
