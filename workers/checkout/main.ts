import { fileURLToPath } from "node:url";

import { Worker } from "@temporalio/worker";

import { createActivities } from "../../activities/index.ts";
import { offerPaypal } from "../../adapters/paypal/offer-paypal.ts";
import { findBooking } from "../../adapters/postgres/bookings.ts";
import { createPool, warnOfIdleErrors } from "../../adapters/postgres/pool.ts";
import { createRedis } from "../../adapters/redis/create-redis.ts";
import { createLineStore } from "../../adapters/redis/line.ts";
import { createSeatPublisher } from "../../adapters/redis/seat-feed.ts";
import { createStripeProvider } from "../../adapters/stripe/create-stripe-provider.ts";
import { connectTemporal } from "../../adapters/temporal/connect.ts";
import { findProvider } from "../../domain/find-provider.ts";
import { freeProvider } from "../../domain/free-provider.ts";
import { readConfig } from "../../platform/config.ts";
import { runUntilSignal } from "../../platform/lifecycle.ts";
import { createLogger } from "../../platform/logger.ts";
import { checkoutQueue } from "../../workflows/contract.ts";
import { createCheckouts } from "./create-checkouts.ts";
import { createShareHold } from "./create-share-hold.ts";
import { hearOfHoldLater } from "./hear-of-hold-later.ts";
import { serveCheckouts } from "./serve-checkouts.ts";
import { createShowChanges } from "./show-changes.ts";
import { createTaskSlots } from "./task-slots.ts";

const config = readConfig(
  "DATABASE_URL",
  "REDIS_URL",
  "TEMPORAL_ADDRESS",
  "TEMPORAL_NAMESPACE",
  "CHECKOUT_PORT",
  "LISTEN_HOST",
  "HEALTH_PORT",
  "LOG_LEVEL",
  "STRIPE_API_URL",
  "STRIPE_SECRET_KEY",
  "STRIPE_CALLS_PER_SECOND",
  "PAYPAL_API_URL",
  "PAYPAL_CLIENT_ID",
  "PAYPAL_CLIENT_SECRET",
  "PAYPAL_RETURN_URL",
  "PAYPAL_CANCEL_URL",
  "HOLD_SECONDS",
  "HOLD_SECONDS_MAX",
  "RELEASE_GRACE_SECONDS",
);
const logger = createLogger("checkout", config.LOG_LEVEL);

const pool = createPool({
  databaseUrl: config.DATABASE_URL,
  component: "checkout",
  connectionsMax: 20,
  statementMsMax: 1_000,
  onIdleError: warnOfIdleErrors(logger),
});
const redis = createRedis({
  redisUrl: config.REDIS_URL,
  component: "checkout",
  onError: (error) => logger.debug({ err: error }, "redis is away"),
});
const line = createLineStore(redis);
const providers = {
  stripe: createStripeProvider({
    apiUrl: config.STRIPE_API_URL,
    secretKey: config.STRIPE_SECRET_KEY,
    limits: { perSecondMax: config.STRIPE_CALLS_PER_SECOND },
  }),
  paypal: offerPaypal(config),
  free: freeProvider,
};
const { connection, client } = await connectTemporal({
  address: config.TEMPORAL_ADDRESS,
  namespace: config.TEMPORAL_NAMESPACE,
  logger,
});

const activities = createActivities({
  db: pool,
  provider: (name) => findProvider(providers, name),
  shareHold: createShareHold(),
  announceSale: (showId, userId) => void line.finish({ showId }, userId).catch(() => undefined),
  tellSeats: createSeatPublisher(redis),
});
const taskSlots = createTaskSlots();
const worker = await Worker.create({
  connection,
  namespace: config.TEMPORAL_NAMESPACE,
  taskQueue: checkoutQueue,
  workflowsPath: source("workflows/index.ts"),
  // One for all checkouts: each would make its own format of money for the one sentence it writes, at 0.2 ms.
  bundlerOptions: { preloadModules: [source("domain/format-money.ts")] },
  activities: {
    ...activities,
    holdSeats: hearOfHoldLater(activities.holdSeats, taskSlots.letOthersBegin),
  },
  // Only effects inside workflow tasks run here; what must be retried for long runs on the payments queue.
  enableNonLocalActivities: false,
  ...taskSlots.workerOptions,
  // About half a MB a workflow: half a GB at the most. An evicted checkout costs a replay of eight events.
  maxCachedWorkflows: 1_000,
  stickyQueueScheduleToStartTimeout: "8s",
  shutdownGraceTime: "3s",
  shutdownForceTime: "6s",
});
const running = worker.run();
const server = await serveCheckouts({
  checkouts: createCheckouts({
    temporal: client,
    taskSlots,
    holdSeats: activities.holdSeats,
    findBooking: (booking) => findBooking(pool, booking),
    holdSeconds: config.HOLD_SECONDS,
    holdSecondsMax: config.HOLD_SECONDS_MAX,
    graceSeconds: config.RELEASE_GRACE_SECONDS,
  }),
  showChanges: createShowChanges(client),
  host: config.LISTEN_HOST,
  port: config.CHECKOUT_PORT,
  logger,
});

await runUntilSignal({
  logger,
  health: { host: config.LISTEN_HOST, port: config.HEALTH_PORT },
  running,
  isReady: async () => worker.getState() === "RUNNING",
  closables: [
    { name: "postgres", close: () => pool.end() },
    { name: "redis", close: async () => redis.disconnect() },
    { name: "temporal", close: () => connection.close() },
    {
      name: "worker",
      close: async () => {
        await taskSlots.close();
        worker.shutdown();
        await running;
      },
    },
    { name: "grpc", close: () => server.close() },
  ],
});

function source(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}
