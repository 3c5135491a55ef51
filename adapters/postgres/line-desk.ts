import { uuidv7 } from "uuidv7";

import { linesMax } from "./lines.ts";
import { onlyRow } from "./only-row.ts";
import type { Queryable } from "./pool.ts";

/** Who does something to a line: the user id of an operator or a member of the organisation, `command line`, or `threshold`. */
export type LineActor = string;

export type LineOpening = {
  opensAtMs: number;
  drawAtMs: number;
  /** null: when sales open, or at the draw if that is later. */
  admitFromMs: number | null;
  drawNonce: string;
  guestsAllowed: boolean;
};

/** What is left out stays. */
export type LineChange = {
  isPaused?: boolean | undefined;
  /** 0: no limit but what seats, payments and the house allow. */
  callsPerMinuteMax?: number | undefined;
  message?: string | undefined;
};

export type LineAction = {
  atMs: number;
  action: "open" | "change" | "close" | "threshold";
  actor: LineActor;
  /** What was said, by the names of the words above. */
  details: Record<string, string | number | boolean | null>;
};

/**
 * Puts a line in front of a show. Says whether it did: a show that is not sold any more, or has or had a line, gets none, and there
 * are a thousand lines at the most. `demand` people a minute open a line only where the threshold is not higher, and from five
 * minutes before the sale begins: nobody can buy before, so who comes then is no crowd that a line would help. It opens in three
 * seconds at the soonest, and times before then are moved to that moment.
 */
export async function openLine(
  db: Queryable,
  line: LineOpening & { showId: string; actor: LineActor; demand?: number },
): Promise<boolean> {
  const { guestsAllowed, demand } = line;
  const opensAtMs = Math.max(line.opensAtMs, Date.now() + opensInMsMin);
  const drawAtMs = Math.max(line.drawAtMs, opensAtMs);
  const admitFromMs = line.admitFromMs === null ? null : Math.max(line.admitFromMs, drawAtMs);
  const details = { opensAtMs, drawAtMs, admitFromMs, guestsAllowed, demand };
  const { rowCount } = await db.query(
    `with done as (
       insert into show_lines (show_id, opens_at, draw_at, admit_from, draw_nonce, guests_allowed)
         select show_id, to_timestamp($5 / 1000.0), to_timestamp($6 / 1000.0),
             coalesce(to_timestamp($7 / 1000.0), greatest(sales_open_at, to_timestamp($6 / 1000.0))), $8, $9
           from shows where show_id = $1 and status = 'scheduled' and sales_close_at > now()
             and ($10::integer is null or sales_open_at <= now() + interval '5 minutes' and exists (
               select 1 from line_thresholds threshold where threshold.show_id = $1 and people_per_minute <= $10))
             and (select count(*) from show_lines line join shows sold on sold.show_id = line.show_id
               where line.closed_at is null and sold.sales_close_at > now()) < ${linesMax}
         on conflict do nothing
         returning show_id)
     ${actionDone("open")}`,
    [
      ...[line.showId, uuidv7(), JSON.stringify(details), line.actor],
      ...[opensAtMs, drawAtMs, admitFromMs, line.drawNonce, guestsAllowed, demand ?? null],
    ],
  );
  return rowCount === 1;
}

/** Every process reads the rules within two seconds, and then makes the line before it opens: `api/line/lines.ts`. */
const opensInMsMin = 3_000;

/** Says whether there is such a line. */
export async function changeLine(
  db: Queryable,
  line: LineChange & { showId: string; actor: LineActor },
): Promise<boolean> {
  const { showId, actor, ...change } = line;
  const { rowCount } = await db.query(
    `with done as (
       update show_lines set is_paused = coalesce($5, is_paused),
           calls_per_minute_max = case when $6::integer is null then calls_per_minute_max else nullif($6, 0) end,
           message = coalesce($7, message)
         where show_id = $1 and closed_at is null
         returning show_id)
     ${actionDone("change")}`,
    [
      ...[showId, uuidv7(), JSON.stringify(change), actor],
      ...[change.isPaused ?? null, change.callsPerMinuteMax ?? null, change.message ?? null],
    ],
  );
  return rowCount === 1;
}

/** Notes that somebody's place is to end; Redis knows places. Says whether there is such a line. */
export async function notePlaceEnd(
  db: Queryable,
  { showId, actor, number }: { showId: string; actor: LineActor; number: number },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `with done as (select show_id from show_lines where show_id = $1 and closed_at is null)
     ${actionDone("change")}`,
    [showId, uuidv7(), JSON.stringify({ endedNumber: number }), actor],
  );
  return rowCount === 1;
}

/** Nobody needs a pass any more. Says whether there was such a line. */
export async function closeLine(
  db: Queryable,
  { showId, actor }: { showId: string; actor: LineActor },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `with done as (
       update show_lines set closed_at = now() where show_id = $1 and closed_at is null returning show_id)
     ${actionDone("close")}`,
    [showId, uuidv7(), "{}", actor],
  );
  return rowCount === 1;
}

/**
 * From how many people a minute on a show gets a line by itself; null: never. Says whether there is such a show.
 */
export async function setLineThreshold(
  db: Queryable,
  threshold: { showId: string; actor: LineActor; peoplePerMinute: number | null },
): Promise<boolean> {
  const { showId, actor, peoplePerMinute } = threshold;
  const { rowCount } = await db.query(
    `with forgotten as (
       delete from line_thresholds where show_id = $1 and $5::integer is null),
     kept as (
       insert into line_thresholds (show_id, people_per_minute)
         select show_id, $5 from shows where show_id = $1 and $5::integer is not null
         on conflict (show_id) do update set people_per_minute = excluded.people_per_minute),
     done as (select show_id from shows where show_id = $1)
     ${actionDone("threshold")}`,
    [showId, uuidv7(), JSON.stringify({ peoplePerMinute }), actor, peoplePerMinute],
  );
  return rowCount === 1;
}

/** The trace of what `done` says was done. Its parameters are $1 to $4 of every statement here. */
function actionDone(action: LineAction["action"]): string {
  return `insert into line_actions (show_id, action_id, action, details, actor, created_at)
       select show_id, $2, '${action}', $3, $4, clock_timestamp() from done`;
}

/** What was done to the line of a show, the latest first. */
export async function listLineActions(db: Queryable, showId: string): Promise<LineAction[]> {
  const { rows } = await db.query<LineAction>(
    `select floor(extract(epoch from created_at) * 1000)::float8 as "atMs", action, actor, details
       from line_actions where show_id = $1 order by action_id desc limit 50`,
    [showId],
  );
  return rows;
}

/** null: it never gets a line by itself. */
export async function readLineThreshold(db: Queryable, showId: string): Promise<number | null> {
  const { rows } = await db.query<{ peoplePerMinute: number }>(
    `select people_per_minute as "peoplePerMinute" from line_thresholds where show_id = $1`,
    [showId],
  );
  return rows[0]?.peoplePerMinute ?? null;
}

/** Of an organisation's shows that are still sold: open lines, and thresholds. */
export async function countOwnLines(
  db: Queryable,
  organiserId: string,
): Promise<{ lines: number; thresholds: number }> {
  const own = `join shows show using (show_id) join halls hall using (hall_id) join venues venue using (venue_id)
       where venue.organiser_id = $1 and show.sales_close_at > now()`;
  const { rows } = await db.query<{ lines: number; thresholds: number }>(
    `select (select count(*)::integer from show_lines ${own} and closed_at is null) as lines,
       (select count(*)::integer from line_thresholds ${own}) as thresholds`,
    [organiserId],
  );
  return onlyRow(rows);
}

/** The shows that get a line by themselves, and have none yet, while they are sold or about to be. */
export async function listLineThresholds(
  db: Queryable,
): Promise<{ showId: string; peoplePerMinute: number }[]> {
  const { rows } = await db.query<{ showId: string; peoplePerMinute: number }>({
    name: "line_thresholds",
    text: `select threshold.show_id as "showId", people_per_minute as "peoplePerMinute"
       from line_thresholds threshold
       join shows show on show.show_id = threshold.show_id
       where show.status = 'scheduled' and show.sales_close_at > now()
         and not exists (select 1 from show_lines line where line.show_id = threshold.show_id)
       limit ${linesMax}`,
  });
  return rows;
}
