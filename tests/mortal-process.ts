import { DefaultLogger, NativeConnection, Runtime } from "@temporalio/worker";

import { createActivities } from "../activities/index.ts";
import { createCheckoutClient } from "../adapters/checkout/create-checkout-client.ts";
import { createPool } from "../adapters/postgres/pool.ts";
import { createRedis } from "../adapters/redis/create-redis.ts";
import { createSeatLocks } from "../adapters/redis/seat-locks.ts";
import { createStripeProvider } from "../adapters/stripe/create-stripe-provider.ts";
import { buyersOperations } from "./buyers-operations.ts";
import { createTaskSlots } from "../workers/checkout/task-slots.ts";
import { houseWorkers } from "./checkout-house.ts";
import { eventually } from "./eventually.ts";
import { Lifelines, mortal } from "./mortal.ts";
import type { FromMortal, ToMortal } from "./start-mortal.ts";

// A process that its test lets die: a worker of both queues, or the API's operations. It is wired as the real ones are, but each
// dependency runs along lifelines (tests/mortal.ts).

function tell(news: FromMortal): void {
  process.send?.(news);
}

function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

// The parent reads what the test says, not this.
Runtime.install({ logger: new DefaultLogger("ERROR"), shutdownSignals: [] });

const lifelines = new Lifelines(tell);
const db = mortal(
  createPool({
    databaseUrl: setting("DATABASE_URL"),
    component: "mortal",
    connectionsMax: 20,
    statementMsMax: 5_000,
    onIdleError: () => undefined,
  }),
  "db",
  lifelines,
);
const provider = mortal(
  createStripeProvider({
    apiUrl: setting("STRIPE_API_URL"),
    secretKey: setting("STRIPE_SECRET_KEY"),
    // All sales of a test at once are more than Stripe would let in; that is not what is looked at.
    limits: { concurrentMax: 100, queuedMax: 1_000 },
  }),
  "provider",
  lifelines,
);

async function work(): Promise<void> {
  const workers = houseWorkers({
    connection: await NativeConnection.connect({ address: setting("TEMPORAL_ADDRESS") }),
    namespace: setting("TEMPORAL_NAMESPACE"),
    workflowBundle: { codePath: setting("WORKFLOW_BUNDLE") },
    // Those that have stopped keep their places.
    activitiesMax: 200,
    createSlots: () => createTaskSlots({ firstMaxWhenSlow: 200, laterMax: 200, rushMsMax: 0 }),
    activities: createActivities({
      db,
      provider: () => provider,
      announceSale: () => undefined,
      tellSeats: () => undefined,
    }),
  });
  await workers.start();
}

async function serve() {
  const redis = createRedis({
    redisUrl: setting("REDIS_URL"),
    component: "mortal",
    onError: () => undefined,
  });
  await eventually(async () => redis.status === "ready");
  const checkouts = createCheckoutClient({ address: setting("CHECKOUT_ADDRESS") });
  return buyersOperations({
    db,
    providers: [provider],
    seatLocks: mortal(createSeatLocks(redis), "redis", lifelines),
    checkouts: mortal(checkouts, "checkouts", lifelines),
  });
}

const isWorker = setting("MORTAL_ROLE") === "worker";
const operations = isWorker ? undefined : await serve();
if (isWorker) await work();

process.on("message", (order: ToMortal) => {
  if (order.kind === "stopAt") return lifelines.stopAt(order.showId, order.point);
  const operation = operations?.[order.operation] as (input: unknown) => Promise<unknown>;
  operation(order.input).then(
    () => tell({ showId: order.showId, isDone: true }),
    (error: unknown) => tell({ showId: order.showId, isDone: true, error: String(error) }),
  );
});
tell({ isReady: true });
