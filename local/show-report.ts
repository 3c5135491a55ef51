import { createPool } from "../adapters/postgres/pool.ts";
import { listShowReport } from "../adapters/postgres/show-report.ts";
import type { ReportRow } from "../adapters/postgres/show-report.ts";
import { bookingIds, showIds } from "../domain/ids.ts";
import { readAddresses } from "./addresses.ts";

/** `npm run show:report -- sh_… > report.csv`: a line for each booking of a cancelled show. No personal data is in it. */
async function showReport(): Promise<number> {
  const [publicId, ...more] = process.argv.slice(2);
  if (publicId === undefined || more.length > 0) return fail("npm run show:report -- sh_…");
  const databaseUrl = process.env["DATABASE_URL"] ?? (await readAddresses())?.database;
  if (databaseUrl === undefined) {
    return fail("Marquee is not running and DATABASE_URL is not set. Run `npm start` first.");
  }
  const showId = showIds.decode(publicId);
  const pool = createPool({
    databaseUrl,
    component: "show-report",
    connectionsMax: 1,
    statementMsMax: 60_000,
    onIdleError: (error) => fail(`the database went away: ${error.message}`),
  });
  try {
    say(Object.keys(columns).join(","));
    for (let after: string | null = null; ;) {
      const rows: ReportRow[] = await listShowReport(pool, { showId, after, limit: pageSize });
      for (const row of rows) say(lineOf(showId, row));
      after = rows.at(-1)?.bookingId ?? null;
      if (rows.length < pageSize) return 0;
    }
  } finally {
    await pool.end();
  }
}

const pageSize = 1_000;

/** Sums are whole minor units of their currency. Nothing in here needs quotes: ids, codes, numbers and times. */
const columns = {
  booking_id: (row, showId) => bookingIds.encode({ id: row.bookingId, showId }),
  status: (row) => row.status,
  state: (row) => row.state,
  tickets: (row) => row.tickets,
  currency: (row) => row.currency,
  captured_minor: (row) => row.capturedMinor,
  given_back_otherwise_minor: (row) => row.otherwiseMinor,
  refund_minor: (row) => row.refundMinor,
  paid_out_minor: (row) => row.paidOutMinor,
  provider: (row) => row.provider,
  provider_refund_id: (row) => row.providerRefundId,
  attempt: (row) => row.attempt,
  failure: (row) => row.failure,
  opened_at: (row) => time(row.openedAtMs),
  changed_at: (row) => time(row.changedAtMs),
} satisfies Record<string, (row: ReportRow, showId: string) => string | number | null>;

function lineOf(showId: string, row: ReportRow): string {
  return Object.values(columns)
    .map((column) => column(row, showId) ?? "")
    .join(",");
}

function time(epochMs: number | null): string | null {
  return epochMs === null ? null : new Date(epochMs).toISOString();
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function fail(line: string): number {
  process.stderr.write(`${line}\n`);
  return 1;
}

try {
  process.exitCode = await showReport();
} catch (error) {
  process.exitCode = fail(error instanceof Error ? error.message : String(error));
}
