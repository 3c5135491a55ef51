import { z } from "zod";

import { runUntilSignal } from "../../platform/lifecycle.ts";
import { createLogger } from "../../platform/logger.ts";
import { createStripeSandbox } from "./create-stripe-sandbox.ts";

const port = z.coerce.number().int().min(1).max(65_535);

const settings = z
  .object({
    STRIPE_SANDBOX_PORT: port,
    STRIPE_SECRET_KEY: z.string().min(16),
    STRIPE_WEBHOOK_SECRET: z.string().min(16),
    STRIPE_WEBHOOK_URL: z.url().optional(),
    STRIPE_WEBHOOK_EVENTS: z.string().optional(),
    STRIPE_SANDBOX_JOURNAL: z.string().optional(),
    HEALTH_PORT: port.optional(),
    LISTEN_HOST: z.string().default("127.0.0.1"),
    LOG_LEVEL: z.string().default("info"),
  })
  .parse(process.env);

const logger = createLogger("stripe-sandbox", settings.LOG_LEVEL);
const sandbox = createStripeSandbox({
  secretKey: settings.STRIPE_SECRET_KEY,
  webhookSecret: settings.STRIPE_WEBHOOK_SECRET,
  webhookUrl: settings.STRIPE_WEBHOOK_URL,
  webhookEvents: settings.STRIPE_WEBHOOK_EVENTS?.split(","),
  journalPath: settings.STRIPE_SANDBOX_JOURNAL,
});
await sandbox.listen({ host: settings.LISTEN_HOST, port: settings.STRIPE_SANDBOX_PORT });

await runUntilSignal({
  logger,
  health: { host: settings.LISTEN_HOST, port: settings.HEALTH_PORT },
  closables: [{ name: "sandbox", close: sandbox.close }],
});
