import { randomUUID } from "node:crypto";

import { Connection, WorkflowClient } from "@temporalio/client";

import type { Queryable } from "../adapters/postgres/pool.ts";
import { bookingIds, checkoutWorkflowId, showIds } from "../domain/ids.ts";
import type { Buyer } from "../local/buyer.ts";
import { controlSandbox } from "../local/stripe-sandbox/control-sandbox.ts";
import type { SandboxControl } from "../local/stripe-sandbox/control-sandbox.ts";
import { plantShow } from "./plant-show.ts";
import { startSystem } from "./system.ts";
import type { ProcessName } from "./system.ts";

export type Shop = Awaited<ReturnType<typeof openShop>>;

/** Everything that sells and takes money, without the way of events. */
const sellers: ProcessName[] = ["api", "checkout", "payments", "stripe", "identity"];

export type ShopWishes = { names?: ProcessName[]; settings?: Record<string, string> };

/** A Marquee of its own, two buyers, and hands on Temporal and the provider. */
export async function openShop({ names = sellers, settings }: ShopWishes = {}) {
  const system = await startSystem(names, settings);
  const connection = await Connection.connect({ address: system.addresses.temporal });
  const temporal = new WorkflowClient({ connection, namespace: system.namespace });
  const db = system.database.pool;
  const stripe = controlSandbox(system.addresses.stripe);
  const [asha, ben] = await Promise.all([system.signIn(randomUUID()), system.signIn(randomUUID())]);
  return {
    ...{ system, db, temporal, stripe, asha, ben },
    ...handsOnMoney(stripe),
    ...handsOnRows(db),
    checkoutOf: (bookingId: string) =>
      temporal.getHandle(checkoutWorkflowId(bookingIds.decode(bookingId).id)),
    async close() {
      await connection.close();
      await system.close();
    },
  };
}

function handsOnMoney(stripe: SandboxControl) {
  return {
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
