import { z } from "zod";

import { runUntilSignal } from "../../platform/lifecycle.ts";
import { createLogger } from "../../platform/logger.ts";
import { createPaypalSandbox } from "./create-paypal-sandbox.ts";

const port = z.coerce.number().int().min(1).max(65_535);

const settings = z
  .object({
    PAYPAL_SANDBOX_PORT: port,
    PAYPAL_API_URL: z.url(),
    PAYPAL_SANDBOX_PAGE_URL: z.url().optional(),
    PAYPAL_CLIENT_ID: z.string().min(16),
    PAYPAL_CLIENT_SECRET: z.string().min(16),
    PAYPAL_WEBHOOK_ID: z.string().min(1),
    PAYPAL_WEBHOOK_URL: z.url().optional(),
    PAYPAL_SANDBOX_AUTHORITY_KEY: z.string().min(16),
    PAYPAL_SANDBOX_JOURNAL: z.string().optional(),
    HEALTH_PORT: port.optional(),
    LISTEN_HOST: z.string().default("127.0.0.1"),
    LOG_LEVEL: z.string().default("info"),
  })
  .parse(process.env);

const logger = createLogger("paypal-sandbox", settings.LOG_LEVEL);
const sandbox = createPaypalSandbox({
  clientId: settings.PAYPAL_CLIENT_ID,
  clientSecret: settings.PAYPAL_CLIENT_SECRET,
  webhookId: settings.PAYPAL_WEBHOOK_ID,
  authorityKey: settings.PAYPAL_SANDBOX_AUTHORITY_KEY,
  webhookUrl: settings.PAYPAL_WEBHOOK_URL,
  apiUrl: settings.PAYPAL_API_URL,
  pageUrl: settings.PAYPAL_SANDBOX_PAGE_URL,
  journalPath: settings.PAYPAL_SANDBOX_JOURNAL,
});
await sandbox.listen({ host: settings.LISTEN_HOST, port: settings.PAYPAL_SANDBOX_PORT });

await runUntilSignal({
  logger,
  health: { host: settings.LISTEN_HOST, port: settings.HEALTH_PORT },
  closables: [{ name: "sandbox", close: sandbox.close }],
});
