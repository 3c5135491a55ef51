import { once } from "node:events";
import { promisify } from "node:util";

import { serve } from "@hono/node-server";
import { z } from "zod";

import { runUntilSignal } from "../../platform/lifecycle.ts";
import { createLogger } from "../../platform/logger.ts";
import { createIdentityIssuer } from "./create-identity-issuer.ts";

const port = z.coerce.number().int().min(1).max(65_535);

const settings = z
  .object({
    IDENTITY_PORT: port,
    IDENTITY_ISSUER: z.url(),
    IDENTITY_AUDIENCE: z.string().default("marquee"),
    IDENTITY_KEY_FILE: z.string().optional(),
    HEALTH_PORT: port.optional(),
    LISTEN_HOST: z.string().default("127.0.0.1"),
    LOG_LEVEL: z.string().default("info"),
  })
  .parse(process.env);

const logger = createLogger("identity", settings.LOG_LEVEL);
const { app } = await createIdentityIssuer({
  issuer: settings.IDENTITY_ISSUER,
  audience: settings.IDENTITY_AUDIENCE,
  keyFile: settings.IDENTITY_KEY_FILE,
});
const server = serve({
  fetch: app.fetch,
  hostname: settings.LISTEN_HOST,
  port: settings.IDENTITY_PORT,
});
await once(server, "listening");

await runUntilSignal({
  logger,
  health: { host: settings.LISTEN_HOST, port: settings.HEALTH_PORT },
  closables: [{ name: "http", close: promisify(server.close.bind(server)) }],
});
