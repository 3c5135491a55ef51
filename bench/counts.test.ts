import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Connection, WorkflowClient } from "@temporalio/client";

import { checkoutWorkflowId, showIds } from "../domain/ids.ts";
import { plantShow } from "../tests/plant-show.ts";
import { startSystem } from "../tests/system.ts";
import type { System } from "../tests/system.ts";
import { loseRace } from "./goals/p17-history-events.ts";
import { createHttpCaller } from "./http-caller.ts";
import type { HttpCaller } from "./http-caller.ts";

// The counts of the goals, which are the same on every machine. That a reserve is one statement is in
// tests/reserve-speed.alone.test.ts, its WAL in adapters/postgres/hold-cost.test.ts, what a refusal costs in tests/gate.test.ts, the
// other histories in tests/purchase.test.ts.

let system: System;
let api: HttpCaller;

beforeAll(async () => {
  system = await startSystem(["api", "checkout", "identity"]);
  api = createHttpCaller(system.addresses.api);
}, 120_000);
afterAll(async () => {
  api.close();
  await system.close();
}, 30_000);

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
