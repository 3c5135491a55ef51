import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Connection, WorkflowClient } from "@temporalio/client";

import { checkoutWorkflowId, showIds } from "../domain/ids.ts";
import type { Buyer } from "../local/buyer.ts";
import { plantShow } from "../tests/plant-show.ts";
import { startSystem } from "../tests/system.ts";
import type { System } from "../tests/system.ts";
import { countRedisCommands, naming } from "./count-redis-commands.ts";
import { countStatements } from "./count-statements.ts";
import { loseRace } from "./goals/p17-history-events.ts";
import { createHttpCaller } from "./http-caller.ts";
import type { HttpCaller } from "./http-caller.ts";
import { measureRejects } from "./measure-rejects.ts";
import { createSeatSupply } from "./seat-supply.ts";

// The counts of the goals, which are the same on every machine. That a reserve is one statement is in
// tests/reserve-speed.test.ts, its WAL in adapters/postgres/hold-cost.test.ts, the other histories in tests/purchase.test.ts.

const redisUrl = process.env["REDIS_URL"] ?? "";
let system: System;
let api: HttpCaller;
let buyers: Buyer[];

beforeAll(async () => {
  system = await startSystem(["api", "checkout", "identity"]);
  api = createHttpCaller(system.addresses.api);
  buyers = await Promise.all(Array.from({ length: 4 }, () => system.signIn(randomUUID())));
}, 120_000);
afterAll(async () => {
  api.close();
  await system.close();
}, 30_000);

test("refusing a seat that somebody has costs no statement, no call to the checkouts, and at most one Redis command", async () => {
  const seats = createSeatSupply([await plantShow(system.database.pool)], 10);
  const counts = await measureRejects({ api, buyers, system, redisUrl, seats }, 50);
  // On a busy machine Redis may take longer than the 50 ms that anybody waits for it: then the checkouts are asked.
  expect(counts.refused).toBeGreaterThanOrEqual(45);
  expect(counts.statements).toBe(0);
  expect(counts.redisCommands).toBeLessThanOrEqual(50);
});

test("control: the counters see a statement and a command", async () => {
  const showId = await plantShow(system.database.pool);
  const reserve = () =>
    buyers[0]?.reserve({ showId: showIds.encode(showId), seatIds: ["A1"] }) ?? Promise.reject();
  const { calls, texts } = await countStatements(system.database.pool, async () => {
    expect(await countRedisCommands(redisUrl, naming([showId]), reserve)).toBe(1);
  });
  expect(calls).toBeGreaterThanOrEqual(1);
  expect(texts).toContainEqual(expect.stringContaining("hold_seats"));
});

test("a checkout that loses the race for its seat leaves at most seven events", async () => {
  const showId = await plantShow(system.database.pool);
  const loser = await system.signIn(randomUUID());
  const bookingId = await loseRace({ system }, loser, showId);
  const connection = await Connection.connect({ address: system.addresses.temporal });
  const temporal = new WorkflowClient({ connection, namespace: system.namespace });
  const handle = temporal.getHandle(checkoutWorkflowId(bookingId));
  await handle.result();
  expect((await handle.describe()).historyLength).toBeLessThanOrEqual(7);
  await connection.close();
});

test.each([500, 5_000, 100_000])(
  "the seat map of %d seats is at most 0.35 bytes a seat and a kilobyte",
  async (seats) => {
    const showId = showIds.encode(await plantShow(system.database.pool, { seats }));
    const path = `/v1/shows/${showId}/seats?format=bitmap`;
    const { status, bytes } = await api.call({ path });
    expect(status).toBe(200);
    expect(bytes).toBeGreaterThanOrEqual(seats / 4);
    expect(bytes).toBeLessThanOrEqual(seats * 0.35 + 1_000);
  },
);
