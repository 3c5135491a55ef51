import { listShowReport } from "../adapters/postgres/show-report.ts";
import type { ReportRow } from "../adapters/postgres/show-report.ts";
import type { Queryable } from "../adapters/postgres/pool.ts";
import type { SandboxBooks } from "../local/stripe-sandbox/control-sandbox.ts";

export type RefundAudit = {
  rows: ReportRow[];
  /** Bookings for which the provider has given money back more than once, or another sum than the row says, or not at all. */
  twice: string[];
  wrong: string[];
  missing: string[];
  /** What the provider has given back for this show, and what the rows say. */
  providerMinor: number;
  paidOutMinor: number;
};

/** Holds the report on a cancelled show against the provider's own books, booking by booking. */
export async function auditShowRefunds(
  db: Queryable,
  showId: string,
  { refunds }: SandboxBooks,
): Promise<RefundAudit> {
  const rows = await listShowReport(db, { showId, after: null, limit: 1_000_000 });
  const given = new Map<string, number[]>();
  for (const { metadata, amountMinor, status } of refunds) {
    const bookingId = metadata["booking"];
    if (metadata["show"] !== showId || bookingId === undefined || status === "failed") continue;
    given.set(bookingId, [...(given.get(bookingId) ?? []), amountMinor]);
  }
  const sumOf = (bookingId: string) => sum(given.get(bookingId) ?? []);
  const owing = rows.filter(({ state }) => state !== "free" && state !== "earlier");
  return {
    rows,
    twice: ids(rows.filter(({ bookingId }) => (given.get(bookingId)?.length ?? 0) > 1)),
    wrong: ids(rows.filter((row) => sumOf(row.bookingId) !== row.paidOutMinor)),
    missing: ids(owing.filter(({ bookingId }) => !given.has(bookingId))),
    providerMinor: sum([...given.values()].flat()),
    paidOutMinor: sum(rows.map(({ paidOutMinor }) => paidOutMinor)),
  };
}

function ids(rows: ReportRow[]): string[] {
  return rows.map(({ bookingId }) => bookingId);
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
