import { heartbeat } from "@temporalio/activity";
import { Worker } from "@temporalio/worker";
import { Counter } from "prom-client";

import { createActivities, createLongActivities } from "../../activities/index.ts";
import { createCheckoutClient } from "../../adapters/checkout/create-checkout-client.ts";
import { offerPaypal } from "../../adapters/paypal/offer-paypal.ts";
import { createPool, warnOfIdleErrors } from "../../adapters/postgres/pool.ts";
import { createRedis } from "../../adapters/redis/create-redis.ts";
import { createSeatPublisher } from "../../adapters/redis/seat-feed.ts";
import { createSeatLocks } from "../../adapters/redis/seat-locks.ts";
import { createStripeProvider } from "../../adapters/stripe/create-stripe-provider.ts";
import { connectTemporal } from "../../adapters/temporal/connect.ts";
import { isAtWork } from "../../adapters/temporal/is-at-work.ts";
import { scheduleWorkflow } from "../../adapters/temporal/schedule-workflow.ts";
import { findProvider } from "../../domain/find-provider.ts";
import { freeProvider } from "../../domain/free-provider.ts";
import { checkoutWorkflowId } from "../../domain/ids.ts";
import type { PaymentProviderName } from "../../domain/payment.ts";
import { readConfig } from "../../platform/config.ts";
import { runUntilSignal } from "../../platform/lifecycle.ts";
import { createLogger } from "../../platform/logger.ts";
import {
  checkoutQueue,
  firstAudit,
  firstReminders,
  firstSweep,
  paymentsQueue,
  workflowTypes,
} from "../../workflows/contract.ts";
import { askForNews } from "./ask-for-news.ts";
import { measurePaymentEvents } from "./measure-payment-events.ts";
import { redrivePaymentFacts } from "./redrive-payment-facts.ts";
import { redriveRefunds } from "./redrive-refunds.ts";

const config = readConfig(
  "DATABASE_URL",
  "REDIS_URL",
  "TEMPORAL_ADDRESS",
  "TEMPORAL_NAMESPACE",
  "CHECKOUT_ADDRESS",
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
  "RELEASE_GRACE_SECONDS",
  "OFFER_SECONDS",
  "AUDIT_EVERY_SECONDS",
  "SWEEP_EVERY_SECONDS",
  "REMIND_EVERY_SECONDS",
);
const logger = createLogger("payments", config.LOG_LEVEL);

const pool = createPool({
  databaseUrl: config.DATABASE_URL,
  component: "payments",
  connectionsMax: 10,
  statementMsMax: 5_000,
  onIdleError: warnOfIdleErrors(logger),
});
/** The auditor reads whole shows, and must not keep money waiting for a connection. */
const auditPool = createPool({
  databaseUrl: config.DATABASE_URL,
  component: "audit",
  connectionsMax: 1,
  statementMsMax: 60_000,
  onIdleError: warnOfIdleErrors(logger),
});
const redis = createRedis({
  redisUrl: config.REDIS_URL,
  component: "payments",
  onError: (error) => logger.debug({ err: error }, "redis is away"),
});
const providers = {
  stripe: createStripeProvider({
    apiUrl: config.STRIPE_API_URL,
    secretKey: config.STRIPE_SECRET_KEY,
    limits: { perSecondMax: config.STRIPE_CALLS_PER_SECOND },
  }),
  paypal: offerPaypal(config),
  free: freeProvider,
};
const checkouts = createCheckoutClient({ address: config.CHECKOUT_ADDRESS });
const { connection, client } = await connectTemporal({
  address: config.TEMPORAL_ADDRESS,
  namespace: config.TEMPORAL_NAMESPACE,
  logger,
});

const violations = new Counter({
  name: "marquee_audit_violations_total",
  help: "Broken promises that the auditor has seen, each as often as it was seen",
  labelNames: ["promise"],
});
const sweptHolds = new Counter({
  name: "marquee_holds_swept_total",
  help: "Holds past their end and grace that their workflows had not released, each as often as it was met",
  labelNames: ["outcome"],
});
const provider = (name: PaymentProviderName) => findProvider(providers, name);
const tellSeats = createSeatPublisher(redis);
const worker = await Worker.create({
  connection,
  namespace: config.TEMPORAL_NAMESPACE,
  taskQueue: paymentsQueue,
  activities: {
    ...createActivities({
      db: pool,
      provider,
      // Nobody waits in this process: holds are made by the checkout service.
      announceSale: () => undefined,
      tellSeats,
    }),
    ...createLongActivities({
      db: pool,
      provider,
      tellSeats,
      endCheckout: (booking) => checkouts.cancel({ ...booking, by: "show_cancelled" }),
      heartbeat,
      reportFailure: (error, { bookingId }) =>
        logger.warn({ err: error, bookingId }, "booking of a cancelled show not ended yet"),
      isCarried: ({ bookingId }) => isAtWork(client, checkoutWorkflowId(bookingId)),
      announceRelease: createSeatLocks(redis).release,
      sweep: {
        graceSeconds: config.RELEASE_GRACE_SECONDS,
        report(outcome, booking, error) {
          sweptHolds.inc({ outcome });
          logger.warn(
            { err: error, ...booking, outcome },
            "a hold was left behind by its workflow",
          );
        },
      },
      waitingList: {
        offerSeconds: config.OFFER_SECONDS,
        graceSeconds: config.RELEASE_GRACE_SECONDS,
      },
      audit: {
        db: auditPool,
        graceSeconds: config.RELEASE_GRACE_SECONDS,
        report(violation) {
          violations.inc({ promise: violation.promise });
          logger.error(violation, "a promise is broken");
        },
      },
    }),
  },
  maxConcurrentActivityTaskExecutions: 20,
  shutdownGraceTime: "3s",
  shutdownForceTime: "6s",
});
const running = worker.run();
await scheduleWorkflow(client, {
  scheduleId: "audit",
  workflowType: workflowTypes.auditRows,
  taskQueue: checkoutQueue,
  input: firstAudit,
  everySeconds: config.AUDIT_EVERY_SECONDS,
});

await scheduleWorkflow(client, {
  scheduleId: "sweep",
  workflowType: workflowTypes.sweepHolds,
  taskQueue: checkoutQueue,
  input: firstSweep,
  everySeconds: config.SWEEP_EVERY_SECONDS,
});

await scheduleWorkflow(client, {
  scheduleId: "reminders",
  workflowType: workflowTypes.remindBuyers,
  taskQueue: checkoutQueue,
  input: firstReminders,
  everySeconds: config.REMIND_EVERY_SECONDS,
});

const driving = [
  redrivePaymentFacts({ db: pool, checkouts, logger }),
  redriveRefunds({ db: pool, checkouts, logger }),
  askForNews({ db: pool, checkouts, logger, ...providers }),
  measurePaymentEvents({ db: pool, logger }),
];

await runUntilSignal({
  logger,
  health: { host: config.LISTEN_HOST, port: config.HEALTH_PORT },
  running,
  isReady: async () => worker.getState() === "RUNNING",
  closables: [
    { name: "postgres", close: () => pool.end() },
    { name: "audit postgres", close: () => auditPool.end() },
    { name: "redis", close: async () => redis.disconnect() },
    { name: "checkouts", close: () => checkouts.close() },
    { name: "temporal", close: () => connection.close() },
    {
      name: "worker",
      close: async () => {
        worker.shutdown();
        await running;
      },
    },
    {
      name: "driving",
      close: async () => void (await Promise.all(driving.map((each) => each.close()))),
    },
  ],
});
