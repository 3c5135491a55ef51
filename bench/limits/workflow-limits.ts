import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";

import { WorkflowClient } from "@temporalio/client";
import { DefaultLogger, NativeConnection, Runtime, Worker } from "@temporalio/worker";

import { freeProvider } from "../../domain/free-provider.ts";
import { createSeatActivities } from "../../activities/seats.ts";
import { createPool } from "../../adapters/postgres/pool.ts";
import { uncompressed } from "../../adapters/temporal/connect.ts";
import { createShareHold } from "../../workers/checkout/create-share-hold.ts";
import type { House } from "../house.ts";

const taskQueue = "limits";

export type WorkflowLimits = {
  client: WorkflowClient;
  /** Shared with the workflow that is started for it, as in the house. */
  holdSeats: ReturnType<typeof createSeatActivities>["holdSeats"];
};

/** A worker like that of checkouts, on the same server and store, in this process; only its workflows do next to nothing. */
export function workflowLimits(house: House): Promise<WorkflowLimits> {
  return house.once("workflow limits", async () => {
    const { addresses, namespace, database } = house.system;
    Runtime.install({ logger: new DefaultLogger("ERROR") });
    const address = addresses.temporal;
    const connection = await NativeConnection.connect({ address, ...uncompressed });
    const pool = createPool({
      databaseUrl: database.url,
      component: "limits",
      connectionsMax: 20,
      statementMsMax: 1_000,
      onIdleError: () => undefined,
    });
    const { holdSeats } = createSeatActivities({
      provider: () => freeProvider,
      db: pool,
      shareHold: createShareHold(),
      announceSale: () => undefined,
      tellSeats: () => undefined,
    });
    const worker = await Worker.create({
      connection,
      namespace,
      taskQueue,
      workflowsPath: fileURLToPath(new URL("./bare-workflows/index.ts", import.meta.url)),
      activities: { holdSeats },
      enableNonLocalActivities: false,
      workflowTaskPollerBehavior: { type: "autoscaling", minimum: 2, initial: 5, maximum: 50 },
      maxConcurrentWorkflowTaskExecutions: 100,
      maxConcurrentLocalActivityExecutions: 100,
    });
    const running = worker.run();
    return {
      made: { client: new WorkflowClient({ connection, namespace }), holdSeats },
      async close() {
        worker.shutdown();
        await running;
        await connection.close();
        await pool.end();
      },
    };
  });
}

/** Granted eagerly, the first task runs in this process. */
export function startEagerly(client: WorkflowClient, workflow: string, args: unknown[] = []) {
  return client.start(workflow, {
    workflowId: `${workflow}-${randomUUID()}`,
    taskQueue,
    args,
    requestEagerStart: true,
  });
}
