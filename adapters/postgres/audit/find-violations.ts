import type { Violation } from "../../../domain/violation.ts";
import type { Queryable } from "../pool.ts";
import type { AuditCheck, AuditMoment } from "./audit-check.ts";
import { entryChecks, keptEntryChecks } from "./entry-checks.ts";
import { eventChecks, keptEventChecks, relayedEventChecks } from "./event-checks.ts";
import { moneyChecks } from "./money-checks.ts";
import { nextShows } from "./next-shows.ts";
import { seatChecks } from "./seat-checks.ts";
import { stuckChecks } from "./stuck-checks.ts";
import { keptTransferChecks, transferChecks } from "./transfer-checks.ts";
import { waitingChecks } from "./waiting-checks.ts";

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
 * Looks through the rows of all shows, or of one, for broken promises: I1–I7 and I11–I14, as docs/audit.md has them. An empty list
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

export type AuditedShows = {
  violations: Violation[];
  shows: number;
  looked: Looked;
  /** Where to go on; null when that was all. */
  last: string | null;
};

/** One bounded batch of shows behind `after`, in the order of their ids. */
export async function auditShows(
  db: Queryable,
  options: AuditOptions & { after: string | null },
): Promise<AuditedShows> {
  const batch = await nextShows(db, options);
  const moment = await momentOf(db, batch.showIds, options);
  const violations: Violation[] = [];
  for (const check of checksFor(options)) {
    violations.push(...(await run(db, check, moment)));
  }
  const looked = await countRows(db, batch.showIds);
  return { violations, shows: batch.showIds.length, looked, last: batch.last };
}

export function checksFor({ outbox = "relayed" }: AuditOptions): AuditCheck[] {
  const kept = [...keptEventChecks, ...keptTransferChecks, ...keptEntryChecks];
  return [
    ...[...seatChecks, ...moneyChecks, ...eventChecks],
    ...(outbox === "kept" ? kept : relayedEventChecks),
    ...[...stuckChecks, ...waitingChecks, ...transferChecks, ...entryChecks],
  ];
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
