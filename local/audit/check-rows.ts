import type { AuditOptions, Looked } from "../../adapters/postgres/audit/find-violations.ts";
import { auditShows, checksFor } from "../../adapters/postgres/audit/find-violations.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import type { AuditPart } from "./audit-part.ts";

/** The part that PostgreSQL can answer by itself. */
export async function checkRows(db: Queryable, options: AuditOptions): Promise<AuditPart> {
  const part: AuditPart = { checks: checksFor(options), violations: [], looked: [] };
  const sums: Partial<Looked> = {};
  let shows = 0;
  let after: string | null = null;
  do {
    const batch = await auditShows(db, { ...options, after });
    part.violations.push(...batch.violations);
    shows += batch.shows;
    for (const [table, rows] of Object.entries(batch.looked) as [keyof Looked, number][]) {
      sums[table] = (sums[table] ?? 0) + rows;
    }
    after = batch.last;
  } while (after !== null);
  const counts = Object.entries(sums).map(
    ([table, rows]) => `${rows} ${words[table as keyof Looked]}`,
  );
  part.looked = [`PostgreSQL: ${[`${shows} shows`, ...counts].join(", ")}`];
  return part;
}

const words: Record<keyof Looked, string> = {
  show_seats: "seats",
  show_buyers: "buyers",
  bookings: "bookings",
  payments: "payments",
  refunds: "refunds",
  tickets: "tickets",
  outbox: "events under way",
};
