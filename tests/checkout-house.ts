import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";

import { Client } from "@temporalio/client";
import {
  bundleWorkflowCode,
  DefaultLogger,
  IllegalStateError,
  NativeConnection,
  Runtime,
  Worker,
} from "@temporalio/worker";
import type { WorkflowBundleWithSourceMap } from "@temporalio/worker";

import { createActivities } from "../activities/index.ts";
import { findBooking } from "../adapters/postgres/bookings.ts";
import type { Pool } from "../adapters/postgres/pool.ts";
import { uncompressed } from "../adapters/temporal/connect.ts";
import { prepareNamespace } from "../adapters/temporal/prepare-namespace.ts";
import { createAcceptProviderNews } from "../api/operations/accept-provider-news.ts";
import { createStartPayment } from "../api/operations/start-payment.ts";
import type { HeldSeats, HoldRequest } from "../domain/hold.ts";
import type { PaymentProvider } from "../domain/payment.ts";
import { createLogger } from "../platform/logger.ts";
import { createCheckouts } from "../workers/checkout/create-checkouts.ts";
import { createShareHold } from "../workers/checkout/create-share-hold.ts";
import { hearOfHoldLater } from "../workers/checkout/hear-of-hold-later.ts";
import { createTaskSlots } from "../workers/checkout/task-slots.ts";
import type { TaskSlots } from "../workers/checkout/task-slots.ts";
import { checkoutQueue, paymentsQueue } from "../workflows/contract.ts";
import { searchAttributeNames } from "../workflows/search-attributes.ts";
import { createDatabase } from "./databases.ts";
import { eventually } from "./eventually.ts";
import { serverAddress } from "./server-address.ts";

const logger = createLogger("checkout-house", "silent");

/** How long a hold lasts, by itself and at the most, and how long after it the seats wait for their checkout. */
export type HoldTimes = { holdSeconds: number; holdSecondsMax: number; graceSeconds: number };

export type CheckoutHouse = Awaited<ReturnType<typeof openCheckoutHouse>>;

function openTemporal(): Promise<NativeConnection> {
  try {
    Runtime.install({ logger: new DefaultLogger("ERROR"), shutdownSignals: [] });
  } catch (error) {
    // There is one while any house of this process is open.
    if (!(error instanceof IllegalStateError)) throw error;
  }
  return NativeConnection.connect({ address: serverAddress("TEMPORAL_ADDRESS"), ...uncompressed });
}

export async function bundleWorkflows(): Promise<WorkflowBundleWithSourceMap> {
  const workflowsPath = fileURLToPath(new URL("../workflows/index.ts", import.meta.url));
  return bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger("ERROR") });
}

/**
 * The checkout service and the payments worker in this process, without their sockets: real workflows on a real server, real
 * statements, and the code that webhooks run through. `provider` stands for every payment provider.
 */
export async function openCheckoutHouse(given: {
  workflowBundle: WorkflowBundleWithSourceMap;
  provider: PaymentProvider;
  /** Whether those who have paid may go on, and how long first tasks let others begin. */
  mayGoOn?: () => boolean;
  letOthersBegin?: () => Promise<void>;
}) {
  const { workflowBundle, provider, mayGoOn = () => true, letOthersBegin = async () => {} } = given;
  const connection = await openTemporal();
  const database = await createDatabase();
  const db: Pool = database.pool;
  const namespace = `test-${randomUUID()}`;
  const address = serverAddress("TEMPORAL_ADDRESS");
  await prepareNamespace({ address, namespace, keywords: searchAttributeNames });
  const temporal = new Client({ connection, namespace });

  const activities = createActivities({
    db,
    provider: () => provider,
    shareHold: createShareHold(),
    announceSale: () => undefined,
    tellSeats: () => undefined,
  });
  const { holdSeats } = activities;

  function checkoutsOf(times: HoldTimes) {
    const find = (booking: Parameters<typeof findBooking>[1]) => findBooking(db, booking);
    // Nobody here tells again what had to wait.
    const taskSlots = { begin: workers.begin, mayGoOn };
    return createCheckouts({ temporal, taskSlots, holdSeats, findBooking: find, ...times });
  }
  const workers = houseWorkers({
    ...{ connection, namespace, workflowBundle },
    activities: { ...activities, holdSeats: hearOfHoldLater(holdSeats, letOthersBegin) },
    // A busy machine is not what is looked at.
    createSlots: () => createTaskSlots({ firstWaitMsMax: 180_000 }),
  });
  await workers.start();
  const checkouts = checkoutsOf({ holdSeconds: 600, holdSecondsMax: 1_200, graceSeconds: 120 });

  return {
    ...{ db, databaseUrl: database.url },
    ...{ connection, namespace, temporal, workers, checkouts },
    acceptNews: createAcceptProviderNews({ db, checkouts, providers: [provider], logger }),
    startPayment: createStartPayment({ db, providers: [provider], checkouts }),
    async reserve(wish: Omit<HoldRequest, "requestHash" | "deadlineMs">, times: HoldTimes) {
      // As generous as the wait for a first task.
      const deadlineMs = Date.now() + 180_000;
      const order = { ...wish, requestHash: "hash", deadlineMs };
      const held = await checkoutsOf(times).reserve(order);
      if (held.outcome !== "held") throw new Error(`Not held: ${held.code}`);
      return held satisfies HeldSeats;
    },
    /** Resolves when every workflow has ended. */
    idle: (waitMsMax = 60_000) =>
      eventually(async () => {
        const { count } = await temporal.workflow.count('ExecutionStatus = "Running"');
        return count === 0;
      }, waitMsMax),
    async close() {
      await workers.stop();
      await connection.close();
      await database.drop();
    },
  };
}

type WorkerSettings = {
  connection: NativeConnection;
  namespace: string;
  workflowBundle: WorkflowBundleWithSourceMap | { codePath: string };
  activities: object;
  createSlots: () => TaskSlots;
  /** Activities of the payments queue at once. */
  activitiesMax?: number;
};

/**
 * As workers/checkout/main.ts and workers/payments.ts set them, with room for many checkouts at once. To create and to shut down a
 * worker waits, on this thread, for starts on its connection that wait for this thread's word on a slot: so each house has a
 * connection of its own, and starts have their answers before its workers stop.
 */
export function houseWorkers(given: WorkerSettings) {
  const { workflowBundle, createSlots, activitiesMax = 20, ...settings } = given;
  let slots = createSlots();
  let running: { worker: Worker; ended: Promise<void> }[] = [];
  return {
    begin: <Begun>(start: () => Promise<Begun>) => slots.begin(start),
    async start() {
      const both = await Promise.all([
        Worker.create({
          ...{ ...settings, workflowBundle, taskQueue: checkoutQueue },
          enableNonLocalActivities: false,
          ...slots.workerOptions,
          maxCachedWorkflows: 500,
          stickyQueueScheduleToStartTimeout: "2s",
        }),
        Worker.create({
          ...{ ...settings, taskQueue: paymentsQueue },
          maxConcurrentActivityTaskExecutions: activitiesMax,
        }),
      ]);
      running = both.map((worker) => ({ worker, ended: worker.run() }));
    },
    async stop() {
      await slots.close();
      for (const { worker } of running) worker.shutdown();
      await Promise.all(running.map(({ ended }) => ended));
      running = [];
      slots = createSlots();
    },
  };
}
