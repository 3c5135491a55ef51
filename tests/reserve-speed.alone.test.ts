import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { WorkflowClient } from "@temporalio/client";
import { DefaultLogger, NativeConnection, Runtime, Worker } from "@temporalio/worker";

import { uncompressed } from "../adapters/temporal/connect.ts";
import { showIds } from "../domain/ids.ts";
import { signIn } from "../local/buyer.ts";
import type { Buyer } from "../local/buyer.ts";
import { countStatements } from "./count-statements.ts";
import { plantShow } from "./plant-show.ts";
import { startSystem } from "./system.ts";
import type { System } from "./system.ts";

let system: System;
let asha: Buyer;
let connection: NativeConnection;
let worker: Worker;
let running: Promise<void>;

beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger("WARN") });
  system = await startSystem(["api", "checkout", "identity"]);
  asha = await signIn(system.addresses, "asha");
  connection = await NativeConnection.connect({
    ...{ address: system.addresses.temporal, ...uncompressed },
  });
  worker = await Worker.create({
    connection,
    namespace: system.namespace,
    taskQueue: "empty",
    workflowsPath: fileURLToPath(new URL("./empty-workflow/index.ts", import.meta.url)),
  });
  running = worker.run();
}, 120_000);
afterAll(async () => {
  worker.shutdown();
  await running;
  await connection.close();
  await system.close();
}, 30_000);

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function median(times: number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;
}

test("a reserve by HTTP takes at most twice as long as an empty workflow started eagerly (p50, one client)", async () => {
  const rounds = 100;
  const warmUp = 20;
  const temporal = new WorkflowClient({ connection, namespace: system.namespace });
  const showId = showIds.encode(
    await plantShow(system.database.pool, { seats: rounds * 2, seatsPerBuyerMax: rounds * 2 }),
  );
  const reserves: number[] = [];
  const empties: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const seatIds = [`A${round * 2 + 1}`, `A${round * 2 + 2}`];
    reserves.push(
      await timed(async () => {
        expect((await asha.reserve({ showId, seatIds })).status).toBe(201);
      }),
    );
    empties.push(
      await timed(async () => {
        const handle = await temporal.start("empty", {
          workflowId: `empty-${round}`,
          taskQueue: "empty",
          requestEagerStart: true,
        });
        expect(handle.eagerlyStarted).toBe(true);
        await handle.result();
      }),
    );
  }
  const ratio = median(reserves.slice(warmUp)) / median(empties.slice(warmUp));
  process.stdout.write(
    `reserve p50 ${median(reserves.slice(warmUp)).toFixed(1)} ms, empty workflow p50 ${median(empties.slice(warmUp)).toFixed(1)} ms, ratio ${ratio.toFixed(2)}\n`,
  );
  expect(ratio).toBeLessThanOrEqual(2);
}, 120_000);

test("a warm reserve costs one SQL statement in all processes together, and so one commit", async () => {
  const showId = showIds.encode(
    await plantShow(system.database.pool, { seats: 60, seatsPerBuyerMax: 60 }),
  );
  await asha.reserve({ showId, seatIds: ["A1", "A2"] });

  const sent = await countStatements(system.database.pool, async () => {
    for (let index = 1; index <= 20; index += 1) {
      const seatIds = [`A${index * 2 + 1}`, `A${index * 2 + 2}`];
      expect((await asha.reserve({ showId, seatIds })).status).toBe(201);
    }
  });
  const calls = [...sent].map(([text, count]) => [text, count.calls]);
  expect(calls).toEqual([[expect.stringContaining("hold_seats"), 20]]);
});
