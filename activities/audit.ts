import { auditShows, findViolations } from "../adapters/postgres/audit/find-violations.ts";
import type { Queryable } from "../adapters/postgres/pool.ts";
import type { Violation } from "../domain/violation.ts";
import type { AuditCase, AuditedBatch } from "../workflows/contract.ts";

export type AuditDependencies = {
  audit: {
    /** Its statements may take longer than those that a buyer waits for. */
    db: Queryable;
    graceSeconds: number;
    /** Makes a broken promise heard: a line of the log, a metric. */
    report: (violation: Violation) => void;
  };
};

/** The auditor's looks at the rows, as activities. All of them only read, so all of them are safe to run again. */
export function createAuditActivities({ audit }: AuditDependencies) {
  const { db, graceSeconds, report } = audit;
  return {
    /** One bounded batch of shows. Whatever is broken is reported; the first cases are returned, to be followed up. */
    async auditShows({ after }: { after: string | null }): Promise<AuditedBatch> {
      const { violations, shows, last } = await auditShows(db, { after, graceSeconds });
      for (const violation of violations) report(violation);
      const cases = new Map<string, AuditCase>();
      for (const { showId, bookingId } of violations) {
        if (showId !== null) cases.set(`${showId} ${bookingId}`, { showId, bookingId });
      }
      return {
        ...{ shows, last },
        violations: violations.length,
        cases: [...cases.values()].slice(0, casesMax),
      };
    },

    /** What is still broken about a booking, or about a show itself: sentences. */
    async recheck({ showId, bookingId }: AuditCase): Promise<string[]> {
      const violations = await findViolations(db, { showId, graceSeconds });
      return violations
        .filter((violation) => violation.bookingId === bookingId)
        .slice(0, sentencesMax)
        .map(({ promise, what }) => `${promise}: ${what}`);
    },
  };
}

/** Who has more at once has one fault, and needs no list of its victims. */
const casesMax = 20;
const sentencesMax = 5;
