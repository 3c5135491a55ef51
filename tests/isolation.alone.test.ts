import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import Stripe from "stripe";

import { showIds } from "../domain/ids.ts";
import type { Buyer } from "../local/buyer.ts";
import { localKeys } from "../local/local-keys.ts";
import { eventually } from "./eventually.ts";
import { plantShow } from "./plant-show.ts";
import { startSystem } from "./system.ts";
import type { System } from "./system.ts";

// The checkout worker stands still, as one does that waits for a store: connected, and silent.

let system: System;
let buyers: Buyer[];

beforeAll(async () => {
  system = await startSystem(["api", "checkout", "identity"]);
  buyers = await Promise.all(Array.from({ length: 8 }, () => system.signIn(randomUUID())));
}, 120_000);
afterAll(() => system.close(), 30_000);

test("while the checkout worker stands still, refusals, seat maps, bookings and webhooks are answered as ever, and orders in time", async () => {
  const id = await plantShow(system.database.pool, { seats: 400, seatsPerBuyerMax: 400 });
  const showId = showIds.encode(id);
  const [asha, ben] = buyers as [Buyer, Buyer];
  const held = await reserveAs(201, asha, { showId, seatIds: ["A1"] });
  const other = showIds.encode(await plantShow(system.database.pool));
  await reserveAs(201, asha, { showId: other, seatIds: ["A1"] });
  await ben.get(`/v1/shows/${showId}/seats`);

  const checkout = system.pid("checkout") ?? 0;
  process.kill(checkout, "SIGSTOP");
  try {
    const orders = Array.from({ length: 200 }, (_, index) => timed(() => order(showId, index)));
    await eventually(async () => (await system.count("api", "marquee_holds_at_once")) > 0);
    const others = await Promise.all([
      timed(() => reserveAs(409, ben, { showId: other, seatIds: ["A1"] })),
      timed(() => ben.get(`/v1/shows/${showId}/seats`)),
      timed(() => asha.get(`/v1/bookings/${held.body.bookingId}`)),
      timed(sendWebhook),
    ]);
    expect(others.map(({ status }) => status)).toEqual([409, 200, 200, 200]);
    // Before the first order has given up.
    for (const { afterMs } of others) expect(afterMs).toBeLessThan(3_000);

    const answers = await Promise.all(orders);
    // Some are with the worker, and may hold or not; the others know that they hold nothing.
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202, 503]));
    const withWorker = answers.filter(({ status }) => status === 202);
    expect(withWorker.length).toBeLessThanOrEqual(64);
    for (const { afterMs } of answers) expect(afterMs).toBeLessThan(10_000);
  } finally {
    process.kill(checkout, "SIGCONT");
  }
  await eventually(async () => (await system.count("api", "marquee_holds_at_once")) === 0);
  await reserveAs(201, ben, { showId, seatIds: ["A399"] });
}, 60_000);

/** A busy machine may be late, and send who asks away for a moment. */
function reserveAs(status: number, buyer: Buyer, wish: { showId: string; seatIds: string[] }) {
  return eventually(async () => {
    const answer = await buyer.reserve(wish);
    return answer.status === status && answer;
  });
}

function order(showId: string, index: number) {
  const buyer = buyers[index % buyers.length] as Buyer;
  return buyer.reserve({ showId, seatIds: [`A${index + 2}`] });
}

async function timed<Result extends { status: number }>(ask: () => Promise<Result>) {
  const startedAt = performance.now();
  const { status } = await ask();
  return { status, afterMs: performance.now() - startedAt };
}

/** News of nothing of ours: signed, read, and answered. */
function sendWebhook(): Promise<Response> {
  const payload = '{"id":"evt_1","object":"event","type":"nothing.of.ours","livemode":false}';
  const secret = localKeys.STRIPE_WEBHOOK_SECRET;
  const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret });
  return fetch(`${system.addresses.api}/webhooks/stripe`, {
    method: "POST",
    headers: { "stripe-signature": signature },
    body: payload,
  });
}
