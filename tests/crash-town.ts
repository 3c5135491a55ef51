import type { WorkflowBundleWithSourceMap } from "@temporalio/worker";

import { createCheckoutClient } from "../adapters/checkout/create-checkout-client.ts";
import { createRedis } from "../adapters/redis/create-redis.ts";
import { createSeatLocks } from "../adapters/redis/seat-locks.ts";
import type { ProviderNews } from "../domain/payment.ts";
import { createLogger } from "../platform/logger.ts";
import { serveCheckouts } from "../workers/checkout/serve-checkouts.ts";
import { createShowChanges } from "../workers/checkout/show-changes.ts";
import { buyersOperations } from "./buyers-operations.ts";
import { openCheckoutHouse } from "./checkout-house.ts";
import { eventually } from "./eventually.ts";
import { freePort } from "./free-port.ts";
import { plantShow, plantShowLike } from "./plant-show.ts";
import { receiveWebhooks } from "./receive-webhooks.ts";
import { serverAddress } from "./server-address.ts";
import { startMortal } from "./start-mortal.ts";
import type { Mortal } from "./start-mortal.ts";
import { startStripeShop } from "./stripe-shop.ts";
import { TroubledSale } from "./troubled-sale.ts";

export type CrashTown = Awaited<ReturnType<typeof openCrashTown>>;

/** A house and its provider, who sends webhooks, and processes that may die (tests/mortal-process.ts). */
export async function openCrashTown(workflowBundle: WorkflowBundleWithSourceMap) {
  const sales = new Map<string, TroubledSale>();
  async function hear(news: ProviderNews): Promise<void> {
    const { showId } = news.kind === "payment" ? news.fact : news;
    if (sales.get(showId)?.isUnheard !== true) await house.acceptNews(news);
  }
  const webhooks = await receiveWebhooks(() => ({ ...shop, stripe: provider }), hear);
  const shop = await startStripeShop(webhooks.url);
  // All sales at once are more than Stripe would let in; that is not what is looked at.
  const provider = shop.provider({ concurrentMax: 100, queuedMax: 1_000 });
  const house = await openCheckoutHouse({ workflowBundle, provider });
  const template = await plantShow(house.db, { seats: 2 });

  const logger = createLogger("crash-town", "silent");
  const socket = { host: "127.0.0.1", port: await freePort() };
  const showChanges = createShowChanges(house.temporal);
  const server = await serveCheckouts({
    ...{ checkouts: house.checkouts, showChanges, logger, ...socket },
  });
  const address = `${socket.host}:${socket.port}`;
  const checkouts = createCheckoutClient({ address });
  const redisUrl = serverAddress("REDIS_URL");
  const redis = createRedis({ redisUrl, component: "crash-town", onError: () => undefined });
  await eventually(async () => redis.status === "ready");
  const seatLocks = createSeatLocks(redis);

  const settings = {
    DATABASE_URL: house.databaseUrl,
    TEMPORAL_ADDRESS: serverAddress("TEMPORAL_ADDRESS"),
    TEMPORAL_NAMESPACE: house.namespace,
    STRIPE_API_URL: shop.apiUrl,
    STRIPE_SECRET_KEY: shop.secretKey,
    REDIS_URL: redisUrl,
    CHECKOUT_ADDRESS: address,
  };
  const mortals: Mortal[] = [];

  return {
    house,
    shop,
    operations: buyersOperations({ db: house.db, seatLocks, checkouts, providers: [provider] }),
    async startMortal(role: "worker" | "api", workflowBundlePath = "") {
      const mortal = await startMortal(role, { ...settings, WORKFLOW_BUNDLE: workflowBundlePath });
      mortals.push(mortal);
      return mortal;
    },
    async openSale() {
      const sale = new TroubledSale(house, shop, await plantShowLike(house.db, template));
      sales.set(sale.booking.showId, sale);
      return sale;
    },
    async close() {
      for (const mortal of mortals) await mortal.kill();
      redis.disconnect();
      await checkouts.close();
      await server.close();
      await house.close();
      await shop.close();
      webhooks.close();
    },
  };
}
