import Stripe from "stripe";

import { showIds } from "../../domain/ids.ts";
import type { Buyer, StartedPayment } from "../../local/buyer.ts";
import { localKeys } from "../../local/local-keys.ts";
import { eventually } from "../eventually.ts";
import { plantShow } from "../plant-show.ts";
import type { System } from "../system.ts";

export type Shop = Awaited<ReturnType<typeof openShop>>;

type Request = { buyer?: Buyer; body?: unknown; headers?: Record<string, string> };

/** One show of a running system, with what a client of any kind, or a provider, can do there. */
export async function openShop(system: System) {
  const showId = await plantShow(system.database.pool);
  const publicShowId = showIds.encode(showId);

  /** Anything, to anywhere in the API: an object as JSON, a text as it is. */
  async function send(method: string, path: string, { buyer, body, headers }: Request) {
    const response = await fetch(system.addresses.api + path, {
      method,
      headers: {
        ...(buyer && { authorization: buyer.authorization }),
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isProblem = response.headers.get("content-type") === "application/problem+json";
    const { code = "" } = (isProblem ? JSON.parse(text) : {}) as { code?: string };
    return { status: response.status, code };
  }

  return {
    system,
    showId,
    publicShowId,
    send,

    async sendWebhook(event: object, secret: string = localKeys.STRIPE_WEBHOOK_SECRET) {
      const body = JSON.stringify(event);
      const signature = Stripe.webhooks.generateTestHeaderString({ payload: body, secret });
      return send("POST", "/webhooks/stripe", { body, headers: { "stripe-signature": signature } });
    },

    async reserve(buyer: Buyer, seatId: string, key?: string): Promise<string> {
      const { status, body } = await buyer.reserve(
        { showId: publicShowId, seatIds: [seatId] },
        key,
      );
      expectEqual(status, 201);
      return body.bookingId;
    },

    async startPayment(buyer: Buyer, bookingId: string): Promise<StartedPayment> {
      const { status, body } = await buyer.startPayment(bookingId);
      expectEqual(status, 201);
      return body;
    },

    async ends(buyer: Buyer, bookingId: string, as: string): Promise<void> {
      await eventually(async () => {
        const { body } = await buyer.get<{ status: string }>(`/v1/bookings/${bookingId}`);
        return body.status === as;
      }, 30_000);
    },
  };
}

/** What goes otherwise than planned would leave less behind than a test believes. */
export function expectEqual<Value>(actual: Value, expected: Value): void {
  if (actual !== expected) throw new Error(`Expected ${String(expected)}, got ${String(actual)}`);
}
