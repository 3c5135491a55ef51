import { Hono } from "hono";
import { register } from "prom-client";

import type { AppEnv } from "../app-env.ts";

/** For the machines around us. */
export function createSystemRoutes(deps: { isReady: () => Promise<boolean> }): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  routes.get("/healthz", (context) => context.text("ok\n"));
  routes.get("/readyz", async (context) => {
    const ready = await deps.isReady().catch(() => false);
    return context.text(ready ? "ready\n" : "not ready\n", ready ? 200 : 503);
  });
  routes.get("/metrics", async (context) =>
    context.body(await register.metrics(), 200, { "content-type": register.contentType }),
  );
  return routes;
}
