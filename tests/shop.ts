import { Connection, WorkflowClient } from "@temporalio/client";

import type { Queryable } from "../adapters/postgres/pool.ts";
import { bookingIds, checkoutWorkflowId, showIds } from "../domain/ids.ts";
import { signIn } from "../local/buyer.ts";
import type { Buyer } from "../local/buyer.ts";
import { controlSandbox } from "../local/stripe-sandbox/control-sandbox.ts";
import type { SandboxControl } from "../local/stripe-sandbox/control-sandbox.ts";
import { eventually } from "./eventually.ts";
import { plantShow } from "./plant-show.ts";
import { startSystem } from "./system.ts";

export type Shop = Awaited<ReturnType<typeof openShop>>;

/** A booking as its buyer reads it. */
export type ReadBooking = {
  status: string;
  endReason: string | null;
  tickets: { seatId: string; status: string }[];
  refunds: { amount: { amountMinor: number }; status: string }[];
};

/** The whole house without the way of events, two buyers, and hands on Temporal and the provider. Holds are 6 s, 9 s at most. */
export async function openShop() {
  const system = await startSystem(["api", "checkout", "payments", "stripe", "identity"], {
    HOLD_SECONDS: "6",
    HOLD_SECONDS_MAX: "9",
  });
  const connection = await Connection.connect({ address: system.addresses.temporal });
  const temporal = new WorkflowClient({ connection, namespace: system.namespace });
  const stripe = controlSandbox(system.addresses.stripe);
  const [asha, ben] = await Promise.all([
    signIn(system.addresses, "asha"),
    signIn(system.addresses, "ben"),
  ]);
  return {
    ...{ system, temporal, stripe, asha, ben },
    ...handsOnBookings(stripe),
    ...handsOnRows(system.database.pool),
    checkoutOf: (bookingId: string) =>
      temporal.getHandle(checkoutWorkflowId(bookingIds.decode(bookingId).id)),
    async close() {
      await connection.close();
      await system.close();
    },
  };
}

function handsOnBookings(stripe: SandboxControl) {
  async function hold(buyer: Buyer, showId: string, seatIds = ["A1", "A2"]): Promise<string> {
    const { status, body } = await buyer.reserve({ showId, seatIds });
    if (status !== 201) throw new Error(`Not held: ${body.code ?? status}`);
    return body.bookingId;
  }

  async function read(buyer: Buyer, bookingId: string): Promise<ReadBooking> {
    return (await buyer.get<ReadBooking>(`/v1/bookings/${bookingId}`)).body;
  }

  function becomes(buyer: Buyer, bookingId: string, status: string): Promise<ReadBooking> {
    return eventually(async () => {
      const booking = await read(buyer, bookingId);
      return booking.status === status && booking;
    }, 30_000);
  }

  return {
    hold,
    read,
    becomes,

    async buy(buyer: Buyer, showId: string, seatIds = ["A1", "A2"]): Promise<string> {
      const bookingId = await hold(buyer, showId, seatIds);
      const { body: payment } = await buyer.startPayment(bookingId);
      await buyer.authorise(payment);
      await becomes(buyer, bookingId, "ticketed");
      return bookingId;
    },

    /** The buyer pays; the news of it stays with the provider, which answers no question for so many times. */
    async payUnheard(buyer: Buyer, bookingId: string, silentTimes: number): Promise<void> {
      const { body: payment } = await buyer.startPayment(bookingId);
      await stripe.webhooks({ drop: 1_000 });
      await buyer.authorise(payment);
      const route = "GET /v1/payment_intents/:id";
      if (silentTimes > 0) await stripe.fault({ route, kind: "500", times: silentTimes });
    },

    /** Pounds that have moved at the provider, in pence. */
    async moved() {
      const { totals } = await stripe.ledger();
      return totals["gbp"] ?? { authorisedMinor: 0, capturedMinor: 0, refundedMinor: 0 };
    },
  };
}

function handsOnRows(db: Queryable) {
  return {
    /** Puts a show on sale; `change` is set on its row. */
    async plantShow(change?: string): Promise<string> {
      const id = await plantShow(db);
      if (change !== undefined) {
        await db.query(`update shows set ${change} where show_id = $1`, [id]);
      }
      return showIds.encode(id);
    },

    async paymentIdOf(bookingId: string): Promise<string> {
      const { rows } = await db.query<{ id: string }>(
        "select payment_id as id from payments where booking_id = $1",
        [bookingIds.decode(bookingId).id],
      );
      return rows[0]?.id ?? "";
    },

    /** The first refund of a booking. */
    async refundOf(bookingId: string): Promise<RefundRow> {
      const { rows } = await db.query<RefundRow>(
        `select refund_id as "refundId", attempt, status from refunds where booking_id = $1 order by created_at`,
        [bookingIds.decode(bookingId).id],
      );
      const [refund] = rows;
      if (refund === undefined) throw new Error("No refund");
      return refund;
    },
  };
}

type RefundRow = { refundId: string; attempt: number; status: string };

export const refundable = "refundable_until = now() + interval '1 hour'";
