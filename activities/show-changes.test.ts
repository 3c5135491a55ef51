import { afterAll, beforeAll, expect, test } from "@jest/globals";

import type { Pool } from "../adapters/postgres/pool.ts";
import { refundTickets } from "../adapters/postgres/refunds.ts";
import { cancelShow, listOwedBookings } from "../adapters/postgres/show-changes.ts";
import { auditShowRefunds } from "../tests/audit-show-refunds.ts";
import { createDatabase } from "../tests/databases.ts";
import type { TestDatabase } from "../tests/databases.ts";
import { plantSoldShow } from "../tests/plant-sold-show.ts";
import { startStripeShop } from "../tests/stripe-shop.ts";
import type { StripeShop } from "../tests/stripe-shop.ts";
import { createShowChangeActivities } from "./show-changes.ts";

// A page of bookings is given back by whoever comes: a page that was begun by a process that died is done again by another.

let database: TestDatabase;
let shop: StripeShop;
beforeAll(async () => {
  database = await createDatabase();
  shop = await startStripeShop();
});
afterAll(async () => {
  await shop.close();
  await database.drop();
});

function activities(pool: Pool = database.pool) {
  const provider = shop.provider({ silenceMsMax: 8_000, concurrentMax: 50, queuedMax: 1_000 });
  return createShowChangeActivities({
    db: pool,
    provider: () => provider,
    tellSeats: () => undefined,
    endCheckout: async () => "closed",
    heartbeat: () => undefined,
    reportFailure: (error) => {
      throw error;
    },
  });
}

const page = { after: null, limit: 100, atOnce: 20, withOpened: true };

async function cancelledShow(bookings: number): Promise<string> {
  const showId = await plantSoldShow(database.pool, shop.control, bookings);
  await cancelShow(database.pool, showId);
  return showId;
}

test("a page that is worked off by two at once, as after a lost heartbeat: each booking gets its money once", async () => {
  const showId = await cancelledShow(60);
  const order = { showId, ...page };
  const [first] = await Promise.all([
    activities().refundShowTickets(order),
    activities().refundShowTickets(order),
  ]);
  expect(first).toMatchObject({ after: null, unreached: 0, refused: [] });
  const audit = await auditShowRefunds(database.pool, showId, await shop.control.ledger());
  expect(audit).toMatchObject({ twice: [], wrong: [], missing: [] });
  // 54 have paid, 6 of them have one seat left of two: 24 × 22.00 + 24 × 11.00 + 6 × 11.00.
  expect([audit.providerMinor, audit.paidOutMinor]).toEqual([85_800, 85_800]);
  expect(countBy(audit.rows.map(({ state }) => state))).toEqual({ paid_out: 54, free: 6 });
});

test("a refund that was opened by a process that died before it could send it is sent by the next, and only by one that looks for it", async () => {
  const showId = await cancelledShow(4);
  const [bookingId = ""] = await listOwedBookings(database.pool, { showId, ...page });
  const order = { showId, bookingId, cause: "show_cancelled", withFees: true } as const;
  const opened = await refundTickets(database.pool, order);
  expect(opened.outcome).toBe("open");
  const paidOut = async (withOpened: boolean) => {
    await activities().refundShowTickets({ showId, ...page, withOpened });
    const { rows } = await auditShowRefunds(database.pool, showId, await shop.control.ledger());
    return rows.filter(({ state }) => state === "paid_out").length;
  };
  expect(await paidOut(false)).toBe(3);
  expect(await paidOut(true)).toBe(4);
});

test("control: refunds without a cause, and tickets that nobody looks at: the same two give money back twice", async () => {
  const naive = await createDatabase();
  try {
    const showId = await plantSoldShow(naive.pool, shop.control, 60);
    await makeNaive(naive.pool);
    const order = { showId, ...page };
    await Promise.all([
      activities(naive.pool).refundShowTickets(order),
      activities(naive.pool).refundShowTickets(order),
    ]);
    const audit = await auditShowRefunds(naive.pool, showId, await shop.control.ledger());
    expect(audit.twice.length).toBeGreaterThan(0);
  } finally {
    await naive.drop();
  }
});

/** What a first draft of refund_tickets might have been: it gives back a quarter of the sum whenever it is called. */
async function makeNaive(pool: Pool): Promise<void> {
  await pool.query("alter table refunds drop constraint refunds_show_id_payment_id_cause_key");
  await pool.query(`create or replace function refund_tickets(p_show_id uuid, p_booking_id uuid, p_cause text,
      p_seat_ids text[], p_with_fees boolean) returns jsonb language plpgsql as $$
    declare
      v_refund_id uuid := uuidv7();
      v_amount bigint;
    begin
      select captured_minor / 4 into v_amount from payments where show_id = p_show_id and booking_id = p_booking_id;
      if v_amount = 0 then return jsonb_build_object('outcome', 'nothing_to_pay'); end if;
      insert into refunds (show_id, refund_id, payment_id, booking_id, cause, amount_minor, currency, status, attempt,
          created_at, updated_at)
        select show_id, v_refund_id, payment_id, booking_id, p_cause, v_amount, currency, 'requested', 1, now(), now()
          from payments where show_id = p_show_id and booking_id = p_booking_id;
      return jsonb_build_object('outcome', 'open', 'refundId', v_refund_id, 'amountMinor', v_amount);
    end $$`);
}

function countBy(values: string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}
