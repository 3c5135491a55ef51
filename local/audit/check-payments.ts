import {
  findBookedPayments,
  listPaidSince,
  listRefundsSince,
} from "../../adapters/postgres/audit/booked-payments.ts";
import { nextShows } from "../../adapters/postgres/audit/next-shows.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import { findRefund } from "../../adapters/postgres/refunds.ts";
import type { PaymentProvider, ProviderEntry } from "../../domain/payment.ts";
import type { Violation } from "../../domain/violation.ts";
import type { AuditPart } from "./audit-part.ts";
import { bookChecks, comparePayment, compareRefund, unknownRefund } from "./compare-books.ts";
import type { Difference } from "./compare-books.ts";

type Asked = {
  db: Queryable;
  provider: PaymentProvider;
  showId?: string | undefined;
  nowMs?: number;
  settleSeconds?: number;
  /** Payments and refunds that were made before that are not looked at. */
  daysMax?: number;
};

type Booking = { showId: string; bookingId: string };
type PaymentEntry = Extract<ProviderEntry, { kind: "payment" }>;
type RefundEntry = Extract<ProviderEntry, { kind: "refund" }>;

/**
 * Holds the rows against a provider's books. One that cannot list them is asked about the payments that the rows call captured,
 * one by one: to look at an open payment may move it on, and money that no row knows cannot be seen there.
 */
export async function checkPayments(asked: Asked): Promise<AuditPart> {
  const { provider, nowMs = Date.now(), settleSeconds = 900, daysMax = 2 } = asked;
  const moment = {
    since: new Date(nowMs - daysMax * 86_400_000),
    settledBefore: new Date(nowMs - settleSeconds * 1_000),
  };
  const violations: Violation[] = [];
  const report = ({ showId, bookingId }: Booking, found: Difference | undefined) => {
    if (found !== undefined) violations.push({ ...found, showId, bookingId });
  };

  const books = await readBooks(asked, moment, report);
  const rows = await checkRowsAgainst(asked, moment, books, report);
  const from = moment.since.toISOString().slice(0, 16).replace("T", " ");
  const listed = `${books.payments.size} payments and ${books.refunds.length} refunds in its books since ${from}`;
  const asking = provider.booksSince === undefined ? "it cannot list its books" : listed;
  return {
    checks: bookChecks,
    violations,
    looked: [
      `${provider.name}: ${asking}; ${rows.lookedUp} of our captured payments were asked about one by one`,
    ],
  };
}

type Moment = { since: Date; settledBefore: Date };
type Report = (booking: Booking, found: Difference | undefined) => void;
type Books = { payments: Map<string, PaymentEntry>; refunds: RefundEntry[] };

/** Reads the provider's books, and compares each payment in them with its row. */
async function readBooks(
  { db, provider, showId }: Asked,
  { since, settledBefore }: Moment,
  report: Report,
): Promise<Books> {
  const payments = new Map<string, PaymentEntry>();
  const refunds: RefundEntry[] = [];
  let waiting: PaymentEntry[] = [];
  async function compareWaiting(): Promise<void> {
    const rows = await findBookedPayments(db, waiting, settledBefore);
    const byId = new Map(rows.map((row) => [row.paymentId, row]));
    for (const entry of waiting) {
      report(entry, comparePayment(provider.name, byId.get(entry.paymentId), entry));
    }
    waiting = [];
  }
  for await (const entry of provider.booksSince?.(since.getTime()) ?? []) {
    if (entry.kind === "refund") {
      refunds.push(entry);
    } else if (showId === undefined || showId === entry.showId) {
      payments.set(entry.providerPaymentId, entry);
      waiting.push(entry);
      if (waiting.length === rowsAtOnce) await compareWaiting();
    }
  }
  await compareWaiting();
  return { payments, refunds };
}

const rowsAtOnce = 500;

/** The other way round: rows that should be in the books, and each refund. */
async function checkRowsAgainst(
  asked: Asked,
  moment: Moment,
  { payments, refunds }: Books,
  report: Report,
): Promise<{ lookedUp: number }> {
  const { db, provider, showId } = asked;
  const listedIds = new Set([...payments.values()].map(({ paymentId }) => paymentId));
  const left = new Set(refunds.filter(({ status }) => status !== "failed"));
  const byId = Map.groupBy(refunds, idOf);
  let lookedUp = 0;
  let after: string | null = null;
  do {
    const batch = await nextShows(db, { after, ...(showId === undefined ? {} : { showId }) });
    const paid = await listPaidSince(db, batch.showIds, moment);
    for (const row of paid) {
      const isAsked = row.provider === provider.name && !listedIds.has(row.paymentId);
      if (!isAsked || !row.isSettled || row.status === "authorised") continue;
      lookedUp += 1;
      if (lookedUp > lookUpsMax) continue;
      report(row, comparePayment(provider.name, row, await provider.look(row)));
    }
    if (provider.booksSince !== undefined) {
      for (const row of await listRefundsSince(db, batch.showIds, moment)) {
        if (row.provider !== provider.name) continue;
        const byHand = row.providerRefundId ?? "";
        const given = [...(byId.get(row.refundId) ?? []), ...(byId.get(byHand) ?? [])];
        for (const refund of given) left.delete(refund);
        report(row, compareRefund(provider.name, row, given));
      }
    }
    after = batch.last;
  } while (after !== null);
  await checkUnknown(asked, payments, left, report);
  return { lookedUp: Math.min(lookedUp, lookUpsMax) };
}

/** A tenth of a second each. */
const lookUpsMax = 2_000;

/** Ours by our own id, one made by hand by the provider's. */
function idOf({ ours, providerRefundId }: RefundEntry): string {
  return ours?.refundId ?? providerRefundId;
}

/** Refunds that no row of these days has asked for: by an older one, or by nobody. */
async function checkUnknown(
  { db, provider, showId }: Asked,
  payments: Books["payments"],
  refunds: Iterable<RefundEntry>,
  report: Report,
): Promise<void> {
  for (const refund of refunds) {
    const booking = refund.ours ?? payments.get(refund.providerPaymentId);
    if (booking === undefined || (showId !== undefined && showId !== booking.showId)) continue;
    if (refund.ours !== undefined && (await findRefund(db, refund.ours)) !== undefined) continue;
    report(booking, unknownRefund(provider.name, refund));
  }
}
