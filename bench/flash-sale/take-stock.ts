import { Client, Connection } from "@temporalio/client";

import type { Queryable } from "../../adapters/postgres/pool.ts";
import { createStripeProvider } from "../../adapters/stripe/create-stripe-provider.ts";
import type { AuditPart } from "../../local/audit/audit-part.ts";
import { checkPayments } from "../../local/audit/check-payments.ts";
import { checkRows } from "../../local/audit/check-rows.ts";
import { checkWorkflows } from "../../local/audit/check-workflows.ts";
import { localKeys } from "../../local/local-keys.ts";
import { controlSandbox } from "../../local/stripe-sandbox/control-sandbox.ts";
import type { System } from "../../tests/system.ts";
import { countSeats } from "./watch-sale.ts";

/** What is in the books when the sale is over. */
export type Stock = {
  seats: { free: number; held: number; sold: number };
  bookings: Record<string, number>;
  /** Bookings that were ever held. */
  holds: number;
  tickets: number;
  /** Seats with two live tickets. */
  soldTwice: number;
  /** Payments whose money is at the provider, set aside or taken, while there is neither ticket nor refund. */
  paidForNothing: number;
  /** Live tickets of bookings without captured money. */
  unpaidTickets: number;
  /** In minor units: what the provider has kept, and what the tickets cost. */
  keptMinor: number;
  ticketsMinor: number;
  audit: AuditPart[];
};

export async function takeStock(system: System, showIds: readonly string[]): Promise<Stock> {
  const db = system.database.pool;
  const bookings = await countBookings(db, showIds);
  return {
    seats: await countSeats(db, showIds),
    bookings,
    holds: Object.values(bookings).reduce((sum, count) => sum + count, 0),
    ...(await countTickets(db, showIds)),
    ...(await compareMoney(system, showIds)),
    audit: await audit(system, showIds),
  };
}

async function countBookings(
  db: Queryable,
  showIds: readonly string[],
): Promise<Record<string, number>> {
  const { rows } = await db.query<{ status: string; count: number }>(
    `select status, count(*)::integer as count from bookings where show_id = any($1) group by status
     order by status /* bench */`,
    [showIds],
  );
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
}

async function countTickets(db: Queryable, showIds: readonly string[]) {
  const { rows } = await db.query<{ tickets: number; soldTwice: number }>(
    `select coalesce(sum(live), 0)::integer as tickets, count(*) filter (where live > 1)::integer as "soldTwice"
     from (select count(*) as live from tickets where show_id = any($1) and status = 'live'
           group by show_id, seat_id) seat /* bench */`,
    [showIds],
  );
  return rows[0] ?? { tickets: 0, soldTwice: 0 };
}

/** The provider's own books beside the tickets, without any of Marquee's code. */
async function compareMoney(system: System, showIds: readonly string[]) {
  const { rows } = await system.database.pool.query<{
    intentId: string | null;
    bookingId: string;
    totalMinor: number;
    isTicketed: boolean;
  }>(
    `select payment.provider_payment_id as "intentId", booking.booking_id as "bookingId",
       booking.total_minor::integer as "totalMinor", booking.status = 'ticketed' as "isTicketed"
     from bookings booking
     left join payments payment using (show_id, booking_id)
     where show_id = any($1) /* bench */`,
    [showIds],
  );
  const { intents } = await controlSandbox(system.addresses.stripe).ledger();
  const ofSale = new Map(rows.map((row) => [row.intentId, row]));
  const kept = intents
    .filter(({ id }) => ofSale.has(id))
    .map(({ id, authorisedMinor, capturedMinor, refundedMinor, status }) => ({
      row: ofSale.get(id),
      capturedMinor: capturedMinor - refundedMinor,
      hasMoney:
        capturedMinor > refundedMinor || (status === "requires_capture" && authorisedMinor > 0),
    }));
  const paid = new Set(
    kept.filter(({ capturedMinor }) => capturedMinor > 0).map(({ row }) => row?.bookingId),
  );
  const ticketed = new Map(
    rows.filter(({ isTicketed }) => isTicketed).map((row) => [row.bookingId, row.totalMinor]),
  );
  return {
    paidForNothing: kept.filter(({ hasMoney, row }) => hasMoney && row?.isTicketed !== true).length,
    unpaidTickets: [...ticketed.keys()].filter((bookingId) => !paid.has(bookingId)).length,
    keptMinor: kept.reduce((sum, { capturedMinor }) => sum + capturedMinor, 0),
    ticketsMinor: [...ticketed.values()].reduce((sum, total) => sum + total, 0),
  };
}

/** As the auditor would find it an hour later, when nothing may be under way any more. Here nothing relays events. */
async function audit(system: System, showIds: readonly string[]): Promise<AuditPart[]> {
  const { database, addresses, namespace } = system;
  const provider = createStripeProvider({
    apiUrl: addresses.stripe,
    secretKey: localKeys.STRIPE_SECRET_KEY,
  });
  const connection = await Connection.connect({ address: addresses.temporal });
  try {
    const temporal = new Client({ connection, namespace });
    const asked = { db: database.pool, nowMs: Date.now() + 60 * 60_000 };
    const only = showIds.length === 1 ? { showId: showIds[0] ?? "" } : {};
    return await Promise.all([
      checkRows(asked.db, { ...asked, ...only, outbox: "kept" }),
      checkWorkflows({ ...asked, ...only, temporal }),
      checkPayments({ ...asked, provider }),
    ]);
  } finally {
    await connection.close();
  }
}
