import { afterEach, expect, test } from "@jest/globals";
import { randomUUID } from "node:crypto";

import { DomainError } from "../../domain/errors.ts";
import { showIds } from "../../domain/ids.ts";
import { createEdge } from "../../tests/edge.ts";
import type { Edge, ReplacedClients } from "../../tests/edge.ts";
import { plantShow } from "../../tests/plant-show.ts";

// What the edge answers while something behind it is away.

let edge: Edge | undefined;
afterEach(() => edge?.close(), 30_000);

async function start(replaced: ReplacedClients) {
  edge = await createEdge(replaced);
  const showId = showIds.encode(await plantShow(edge.database.pool));
  return { edge, showId, buyer: await edge.signIn() };
}

function reserve({ edge: on, showId, buyer }: Awaited<ReturnType<typeof start>>, seatId = "A1") {
  return on.send("POST", "/v1/bookings/reserve", {
    json: { showId, seatIds: [seatId], userId: buyer.userId },
    headers: { ...buyer.headers, "idempotency-key": randomUUID() },
  });
}

test("an answer that does not come in time is 202 with a place to ask, never a failure", async () => {
  const { status, body, headers } = await reserve(
    await start({
      checkouts: { reserve: async () => ({ outcome: "unknown" }) },
    }),
  );
  expect([status, body.code]).toEqual([202, "RESERVE_UNKNOWN"]);
  expect(headers.get("location")).toMatch(/^\/v1\/bookings\/bk_[\w-]{44}$/);
});

/** Locks that are always to be had; `released` are those that were given back. */
function ownLocks() {
  const released: string[][] = [];
  const seatLocks: ReplacedClients["seatLocks"] = {
    take: async ({ seatIds }) => ({ outcome: "taken", newSeatIds: seatIds }),
    release: async ({ seatIds }) => void released.push(seatIds),
    owners: async () => [],
    correct: async () => undefined,
  };
  return { released, seatLocks };
}

test("selling that is away is 503 with Retry-After, gives its locks back, and browsing goes on", async () => {
  const { released, seatLocks } = ownLocks();
  const system = await start({
    checkouts: {
      reserve: async () => {
        throw new DomainError("UNAVAILABLE");
      },
    },
    seatLocks,
  });
  const { status, body, headers } = await reserve(system);
  expect([status, body.code, headers.get("retry-after")]).toEqual([503, "UNAVAILABLE", "1"]);
  expect(released).toEqual([["A1"]]);
  expect((await system.edge.send("GET", `/v1/shows/${system.showId}/seats`)).status).toBe(200);
});

test("checkouts that have no room for one more are BUSY: come again, and nothing is kept from others", async () => {
  const { released, seatLocks } = ownLocks();
  const system = await start({
    checkouts: { reserve: async () => ({ outcome: "refused", code: "BUSY", seatIds: [] }) },
    seatLocks,
  });
  const { status, body, headers } = await reserve(system);
  expect([status, body.code]).toEqual([503, "BUSY"]);
  expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
  expect(released).toEqual([["A1"]]);
});

test("a Redis that does not answer stops no order, and is left alone after five of them", async () => {
  let asked = 0;
  const system = await start({
    seatLocks: {
      async take() {
        asked += 1;
        return { outcome: "unknown" };
      },
      release: async () => undefined,
      owners: async () => [],
      correct: async () => undefined,
    },
  });
  for (let seat = 1; seat <= 8; seat += 1) {
    expect((await reserve(system, `A${seat}`)).status).toBe(201);
  }
  expect(asked).toBe(5);
});

test("a bug answers INTERNAL with the request's id, and says nothing about itself", async () => {
  const { status, body, text, headers } = await reserve(
    await start({
      checkouts: {
        reserve: async () => {
          throw new TypeError("the secret of the house");
        },
      },
    }),
  );
  expect([status, body.code]).toEqual([500, "INTERNAL"]);
  expect(body["requestId"]).toBe(headers.get("x-request-id"));
  expect(text).not.toContain("secret");
});

test("an event that cannot be delivered is kept for the worker, and the provider hears 200", async () => {
  const system = await start({
    checkouts: {
      deliverPaymentFact: async () => {
        throw new DomainError("UNAVAILABLE");
      },
    },
  });
  const metadata = { payment: randomUUID(), booking: randomUUID(), show: randomUUID() };
  const intent = {
    ...{ id: "pi_1", object: "payment_intent", status: "requires_capture", livemode: false },
    ...{ amount: 1_100, amount_capturable: 1_100, currency: "gbp", metadata },
  };
  const raw = JSON.stringify({
    ...{ id: "evt_kept", object: "event", livemode: false },
    ...{ type: "payment_intent.amount_capturable_updated", data: { object: intent } },
  });
  const headers = { "stripe-signature": system.edge.signWebhook(raw) };
  const { status } = await system.edge.send("POST", "/webhooks/stripe", { raw, headers });
  expect(status).toBe(200);
  const { rows } = await system.edge.database.pool.query(
    "select event_id, signalled_at from payment_events",
  );
  expect(rows).toEqual([{ event_id: "evt_kept", signalled_at: null }]);
});
