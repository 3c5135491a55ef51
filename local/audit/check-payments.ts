import type { BookedPayment, BookedRefund } from "../../adapters/postgres/audit/booked-payments.ts";
import {
  findBookedPayments,
  listPaymentsSince,
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
 * Holds the rows against a provider's books. One whose lists come late is asked about each payment of ours as well, and its lists
 * are read for money that no row knows. One that can be asked in no such way is asked about the payments that the rows call
 * captured, one by one: to look at an open payment may move it on.
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

  const books = await readBooks(asked, moment);
  const from = moment.since.toISOString().slice(0, 16).replace("T", " ");
  const listed = `${books.payments.size} payments and ${books.refunds.size} refunds in its books since ${from}`;
  const rows = await checkRows(asked, moment, books, report);
  await checkListed(asked, moment, { books, exceptIds: rows.askedIds }, report);
  await checkUnknown(asked, books, rows.knownRefundIds, report);
  const asking = provider.booksSince === undefined ? "it cannot list its books" : listed;
  const left = rows.left === 0 ? "" : `, ${rows.left} were not, being too many`;
  return {
    checks: bookChecks,
    violations,
    looked: [
      `${provider.name}: ${asking}; ${rows.askedIds.size} of our payments were asked about one by one${left}`,
    ],
  };
}

type Moment = { since: Date; settledBefore: Date };
type Report = (booking: Booking, found: Difference | undefined) => void;
/** By the provider's ids. */
type Books = { payments: Map<string, PaymentEntry>; refunds: Map<string, RefundEntry> };

async function readBooks({ provider, showId }: Asked, { since }: Moment): Promise<Books> {
  const books: Books = { payments: new Map(), refunds: new Map() };
  for await (const entry of provider.booksSince?.(since.getTime()) ?? []) {
    if (entry.kind === "refund" || showId === undefined || showId === entry.showId) {
      enter(books, entry);
    }
  }
  return books;
}

function enter({ payments, refunds }: Books, entry: ProviderEntry): void {
  if (entry.kind === "refund") refunds.set(entry.providerRefundId, entry);
  else payments.set(entry.providerPaymentId, entry);
}

type Checked = { askedIds: Set<string>; knownRefundIds: Set<string>; left: number };

/** Asks about rows one by one where the lists do not tell, and compares each refund. What is heard is entered in the books. */
async function checkRows(
  asked: Asked,
  moment: Moment,
  books: Books,
  report: Report,
): Promise<Checked> {
  const { db, provider, showId } = asked;
  const checked: Checked = { askedIds: new Set(), knownRefundIds: new Set(), left: 0 };
  const listedIds = new Set([...books.payments.values()].map(({ paymentId }) => paymentId));
  const provided = { ...moment, provider: provider.name };
  let after: string | null = null;
  do {
    const batch = await nextShows(db, { after, ...(showId === undefined ? {} : { showId }) });
    const rows = await listPaymentsSince(db, batch.showIds, provided);
    const refunds = await listRefundsSince(db, batch.showIds, provided);
    const refundsOf = Map.groupBy(refunds, ({ paymentId }) => paymentId);
    for (const row of rows) {
      if (!isToAsk(provider, row, listedIds)) continue;
      if (checked.askedIds.size === askedMax) {
        checked.left += 1;
        continue;
      }
      checked.askedIds.add(row.paymentId);
      report(row, await ask(provider, row, refundsOf.get(row.paymentId) ?? [], books));
    }
    const tells = (row: BookedRefund) =>
      provider.booksOf === undefined
        ? provider.booksSince !== undefined
        : checked.askedIds.has(row.paymentId);
    checkRefunds(provider.name, refunds.filter(tells), { books, checked }, report);
    after = batch.last;
  } while (after !== null);
  return checked;
}

/** A tenth of a second each. */
const askedMax = 2_000;

function isToAsk(provider: PaymentProvider, row: BookedPayment, listedIds: Set<string>): boolean {
  if (provider.booksOf !== undefined) return true;
  const isCaptured = row.status === "captured" || row.status === "refunded";
  return isCaptured && row.isSettled && !listedIds.has(row.paymentId);
}

async function ask(
  provider: PaymentProvider,
  row: BookedPayment,
  refunds: BookedRefund[],
  books: Books,
): Promise<Difference | undefined> {
  if (provider.booksOf === undefined) {
    return comparePayment(provider.name, row, await provider.look(row));
  }
  const ids = refunds.flatMap(({ providerRefundId }) => providerRefundId ?? []);
  const entries = await provider.booksOf(row, ids);
  for (const entry of entries) enter(books, entry);
  const payment = entries.find((entry) => entry.kind === "payment");
  return comparePayment(provider.name, row, payment ?? "absent");
}

function checkRefunds(
  provider: string,
  rows: BookedRefund[],
  { books, checked }: { books: Books; checked: Checked },
  report: Report,
): void {
  const byId = Map.groupBy(books.refunds.values(), idOf);
  for (const row of rows) {
    const byHand = row.providerRefundId ?? "";
    const given = [...(byId.get(row.refundId) ?? []), ...(byId.get(byHand) ?? [])];
    for (const { providerRefundId } of given) checked.knownRefundIds.add(providerRefundId);
    report(row, compareRefund(provider, row, given));
  }
}

/** Ours by our own id, one made by hand by the provider's. */
function idOf({ ours, providerRefundId }: RefundEntry): string {
  return ours?.refundId ?? providerRefundId;
}

/** Payments in the books against their rows, but those that were asked about. */
async function checkListed(
  { db, provider }: Asked,
  { settledBefore }: Moment,
  { books, exceptIds }: { books: Books; exceptIds: Set<string> },
  report: Report,
): Promise<void> {
  const entries = [...books.payments.values()].filter(({ paymentId }) => !exceptIds.has(paymentId));
  for (let start = 0; start < entries.length; start += rowsAtOnce) {
    const some = entries.slice(start, start + rowsAtOnce);
    const rows = await findBookedPayments(db, some, settledBefore);
    const byId = new Map(rows.map((row) => [row.paymentId, row]));
    for (const entry of some) {
      report(entry, comparePayment(provider.name, byId.get(entry.paymentId), entry));
    }
  }
}

const rowsAtOnce = 500;

/** Refunds that no row of these days has asked for: by an older one, or by nobody. */
async function checkUnknown(
  { db, provider, showId }: Asked,
  { payments, refunds }: Books,
  knownIds: Set<string>,
  report: Report,
): Promise<void> {
  for (const refund of refunds.values()) {
    if (refund.status === "failed" || knownIds.has(refund.providerRefundId)) continue;
    const booking = refund.ours ?? payments.get(refund.providerPaymentId);
    if (booking === undefined || (showId !== undefined && showId !== booking.showId)) continue;
    if (refund.ours !== undefined && (await findRefund(db, refund.ours)) !== undefined) continue;
    report(booking, unknownRefund(provider.name, refund));
  }
}
