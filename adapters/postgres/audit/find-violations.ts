import type { Queryable } from "../pool.ts";
import type { AuditCheck, AuditMoment, PromiseName } from "./audit-check.ts";
import { eventChecks, keptEventChecks, relayedEventChecks } from "./event-checks.ts";
import { moneyChecks } from "./money-checks.ts";
import { seatChecks } from "./seat-checks.ts";
import { stuckChecks } from "./stuck-checks.ts";

/** A promise that the rows say is broken. `bookingId` is null when it is the show's. */
export type Violation = {
  promise: PromiseName;
  /** What should be so. */
  holds: string;
  showId: string;
  bookingId: string | null;
  /** What is so: a sentence without personal data. */
  what: string;
};

export type AuditOptions = {
  /** One show alone; left out: all of them. */
  showId?: string;
  /** Looks at the rows as if it were then; left out: the database's own time. */
  nowMs?: number;
  /** As the checkouts have it. */
  graceSeconds?: number;
  /** How long money, events and answers may be under way. I2 promises 15 minutes from when every store is back. */
  settleSeconds?: number;
  /** How long after its end and grace a hold may still be there. */
  holdMarginSeconds?: number;
  /** `kept`: nothing relays here, so every event that was ever written must be in the outbox. */
  outbox?: "relayed" | "kept";
};

/**
 * Looks through the rows of all shows, or of one, for broken promises: I1–I7, I11 and I13, as docs/audit.md has them. An empty list
 * is a clean run. Each show is looked at in bounded statements; nothing is locked and nothing is written.
 */
export async function findViolations(
  db: Queryable,
  options: AuditOptions = {},
): Promise<Violation[]> {
  const violations: Violation[] = [];
  let after: string | null = null;
  do {
    const audited = await auditShows(db, { ...options, after });
    violations.push(...audited.violations);
    after = audited.last;
  } while (after !== null);
  return violations;
}

/** How many rows were looked at. */
export type Looked = Record<(typeof countedTables)[number], number>;

/** One bounded batch of shows behind `after`, in the order of their ids. `last` is null when there are no more. */
export async function auditShows(
  db: Queryable,
  options: AuditOptions & { after: string | null },
): Promise<{ violations: Violation[]; looked: Looked; last: string | null }> {
  const batch = await nextShows(db, options);
  const moment = await momentOf(db, batch.showIds, options);
  const violations: Violation[] = [];
  for (const check of checksFor(options)) {
    violations.push(...(await run(db, check, moment)));
  }
  return { violations, looked: await countRows(db, batch.showIds), last: batch.last };
}

export function checksFor({ outbox = "relayed" }: AuditOptions): AuditCheck[] {
  const told = outbox === "kept" ? keptEventChecks : relayedEventChecks;
  return [...seatChecks, ...moneyChecks, ...eventChecks, ...told, ...stuckChecks];
}

/** A hundred thousand seats are one great hall, or two hundred small ones: every statement stays below a second. */
const seatsAtOnce = 100_000;
const showsAtOnce = 200;

async function nextShows(
  db: Queryable,
  { showId, after }: { showId?: string; after: string | null },
): Promise<{ showIds: string[]; last: string | null }> {
  if (showId !== undefined) return { showIds: [showId], last: null };
  const { rows } = await db.query<{ showId: string; seats: number }>(
    `select show.show_id as "showId", layout.seat_count as seats
     from shows show
     join layouts layout on layout.layout_hash = show.layout_hash
     where $1::uuid is null or show.show_id > $1
     order by show.show_id
     limit $2`,
    [after, showsAtOnce],
  );
  const showIds: string[] = [];
  let seats = 0;
  for (const row of rows) {
    seats += row.seats;
    if (showIds.length > 0 && seats > seatsAtOnce) break;
    showIds.push(row.showId);
  }
  const isEnd = showIds.length === rows.length && rows.length < showsAtOnce;
  return { showIds, last: isEnd ? null : (showIds.at(-1) ?? null) };
}

async function momentOf(
  db: Queryable,
  shows: string[],
  options: AuditOptions,
): Promise<AuditMoment> {
  const { graceSeconds = 120, settleSeconds = 900, holdMarginSeconds = 300 } = options;
  const nowMs = options.nowMs ?? (await databaseTimeMs(db));
  const ago = (seconds: number) => new Date(nowMs - seconds * 1_000);
  return {
    shows,
    now: ago(0),
    settledBefore: ago(settleSeconds),
    holdEndedBefore: ago(graceSeconds + holdMarginSeconds),
    grace: graceSeconds,
    recentAfter: ago(2 * daySeconds),
    // Failed attempts are a day apart at the most; banks take up to ten days.
    refundIdleBefore: ago(2 * daySeconds),
    refundPendingBefore: ago(12 * daySeconds),
  };
}

const daySeconds = 86_400;

async function databaseTimeMs(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ now: Date }>("select clock_timestamp() as now");
  return rows[0]?.now.getTime() ?? 0;
}

/** What is wrong is shown up to here; who has so much to read needs no more of it. */
const violationsMax = 100;

async function run(db: Queryable, check: AuditCheck, moment: AuditMoment): Promise<Violation[]> {
  const { text, values } = bind(check.sql, moment);
  const { rows } = await db.query<Pick<Violation, "showId" | "bookingId" | "what">>(
    `select show_id as "showId", booking_id as "bookingId", what from (${text}) found
     order by show_id, booking_id, what
     limit ${violationsMax}`,
    values,
  );
  return rows.map((row) => ({ promise: check.promise, holds: check.holds, ...row }));
}

const types = { shows: "uuid[]", grace: "float8" } as const;

/** `:name` becomes the place of that parameter; a cast (`::name`) is left alone. */
export function bind(sql: string, moment: AuditMoment): { text: string; values: unknown[] } {
  const names: string[] = [];
  const text = sql.replaceAll(/(?<!:):([a-z]\w*)/gi, (_, name: keyof AuditMoment) => {
    if (!(name in moment)) throw new Error(`A check names ${name}, which there is not`);
    if (!names.includes(name)) names.push(name);
    const type = name === "shows" || name === "grace" ? types[name] : "timestamptz";
    return `$${names.indexOf(name) + 1}::${type}`;
  });
  return { text, values: names.map((name) => moment[name as keyof AuditMoment]) };
}

const countedTables = [
  "show_seats",
  "bookings",
  "payments",
  "refunds",
  "tickets",
  "outbox",
  "show_buyers",
] as const;

async function countRows(db: Queryable, showIds: string[]): Promise<Looked> {
  const counts = countedTables.map(
    (table) =>
      `(select count(*) from ${table} where show_id = any($1::uuid[]))::integer as ${table}`,
  );
  const { rows } = await db.query<Looked>(`select ${counts.join(", ")}`, [showIds]);
  const [looked] = rows;
  if (looked === undefined) throw new Error("A count returns one row");
  return looked;
}
