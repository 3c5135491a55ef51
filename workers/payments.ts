import { heartbeat } from "@temporalio/activity";
import { Worker } from "@temporalio/worker";

import { createActivities, createLongActivities } from "../activities/index.ts";
import { createCheckoutClient } from "../adapters/checkout/create-checkout-client.ts";
import {
  listUnsignalledPaymentEvents,
  markPaymentEventSignalled,
  storePaymentEvent,
} from "../adapters/postgres/payment-events.ts";
import { findRefund, listIdleRefunds } from "../adapters/postgres/refunds.ts";
import { markPaymentDisputed } from "../adapters/postgres/payments.ts";
import { createPool } from "../adapters/postgres/pool.ts";
import { createRedis } from "../adapters/redis/create-redis.ts";
import { createSeatLocks } from "../adapters/redis/seat-locks.ts";
import { createStripeProvider } from "../adapters/stripe/create-stripe-provider.ts";
import { connectTemporal } from "../adapters/temporal/connect.ts";
import { DomainError } from "../domain/errors.ts";
import { freeProvider } from "../domain/free-provider.ts";
import type {
  PaymentFact,
  PaymentProvider,
  PaymentProviderName,
  ProviderNews,
} from "../domain/payment.ts";
import { isKnown } from "../domain/refund.ts";
import { readConfig } from "../platform/config.ts";
import { runUntilSignal } from "../platform/lifecycle.ts";
import { createLogger } from "../platform/logger.ts";
import { repeat } from "../platform/repeat.ts";
import { paymentsQueue } from "../workflows/contract.ts";

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
);
const logger = createLogger("payments", config.LOG_LEVEL);

const pool = createPool({
  databaseUrl: config.DATABASE_URL,
  component: "payments",
  connectionsMax: 10,
  statementMsMax: 5_000,
  onIdleError: (error) => logger.warn({ err: error }, "idle database connection broke"),
});
const redis = createRedis({
  redisUrl: config.REDIS_URL,
  component: "payments",
  onError: (error) => logger.debug({ err: error }, "redis is away"),
});
const stripe = createStripeProvider({
  apiUrl: config.STRIPE_API_URL,
  secretKey: config.STRIPE_SECRET_KEY,
});
const checkouts = createCheckoutClient({ address: config.CHECKOUT_ADDRESS });
const { connection } = await connectTemporal({
  address: config.TEMPORAL_ADDRESS,
  namespace: config.TEMPORAL_NAMESPACE,
  logger,
});

function findProvider(name: PaymentProviderName): PaymentProvider {
  if (name === freeProvider.name) return freeProvider;
  if (name !== stripe.name) throw new DomainError("PAYMENT_PROVIDER_UNAVAILABLE", { name });
  return stripe;
}
const worker = await Worker.create({
  connection,
  namespace: config.TEMPORAL_NAMESPACE,
  taskQueue: paymentsQueue,
  activities: {
    ...createActivities({
      db: pool,
      provider: findProvider,
      // Nobody waits in this process: holds are made by the checkout service.
      announceHold: () => undefined,
      announceRelease: createSeatLocks(redis).release,
    }),
    ...createLongActivities({
      db: pool,
      provider: findProvider,
      endCheckout: (booking) => checkouts.cancel({ ...booking, by: "show_cancelled" }),
      heartbeat,
      reportFailure: (error, { bookingId }) =>
        logger.warn({ err: error, bookingId }, "booking of a cancelled show not ended yet"),
    }),
  },
  maxConcurrentActivityTaskExecutions: 20,
  shutdownGraceTime: "3s",
  shutdownForceTime: "6s",
});
const running = worker.run();

async function deliver(event: PaymentFact): Promise<void> {
  await checkouts.deliverPaymentFact(event);
  await markPaymentEventSignalled(pool, event);
}

/** Tells checkouts what a webhook could not: the API was killed in between, or the checkout service was away. */
const redriving = repeat({
  everyMs: 1_000,
  logger,
  name: "redrive payment events",
  async work() {
    const events = await listUnsignalledPaymentEvents(pool, { ageMs: 2_000, limit: 20 });
    // Each on its own: one event that cannot be delivered does not keep the others waiting.
    const results = await Promise.allSettled(events.map(deliver));
    const failed = results.filter(({ status }) => status === "rejected").length;
    if (failed > 0) throw new Error(`${failed} of ${events.length} payment events not delivered`);
  },
});

/**
 * Stripe's own list of what it has told us, for webhooks that never came. Facts of payments are kept, and delivered by the
 * redrive above; each other event is acted on once.
 */
const heard = new Set<string>();
let heardUntilMs = Date.now() - 3_600_000;
const polling = repeat({
  everyMs: 60_000,
  logger,
  name: "ask for provider news",
  async work() {
    const startedAtMs = Date.now();
    for (const news of await stripe.newsSince(heardUntilMs - 60_000)) {
      if (news.kind === "payment") await storePaymentEvent(pool, news.fact);
      else if (!heard.has(news.eventId)) await hear(news);
    }
    heardUntilMs = startedAtMs;
  },
});

async function hear(news: Exclude<ProviderNews, { kind: "payment" }>): Promise<void> {
  if (news.kind === "dispute") await markPaymentDisputed(pool, news);
  else await hearOfRefund(news);
  heard.add(news.eventId);
  const [oldest] = heard;
  if (heard.size > 10_000 && oldest !== undefined) heard.delete(oldest);
}

async function hearOfRefund(news: Extract<ProviderNews, { kind: "refund" }>): Promise<void> {
  const refund = await findRefund(pool, news);
  if (refund !== undefined && !isKnown(refund, news)) await checkouts.driveRefund(refund);
}

/** Refunds whose workflow was never told of them: the process that opened them was killed before it could. */
const redrivingRefunds = repeat({
  everyMs: 10_000,
  logger,
  name: "redrive refunds",
  async work() {
    // Longer than a workflow leaves a refund alone (a day), save for one that has not been sent yet.
    const refunds = await listIdleRefunds(pool, {
      sentAgeMs: 90_000_000,
      ageMs: 30_000,
      limit: 20,
    });
    await Promise.all(refunds.map((refund) => checkouts.driveRefund(refund)));
  },
});

await runUntilSignal({
  logger,
  health: { host: config.LISTEN_HOST, port: config.HEALTH_PORT },
  running,
  isReady: async () => worker.getState() === "RUNNING",
  closables: [
    { name: "postgres", close: () => pool.end() },
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
    { name: "redriving", close: () => redriving.close() },
    { name: "polling", close: () => polling.close() },
    { name: "redriving refunds", close: () => redrivingRefunds.close() },
  ],
});
