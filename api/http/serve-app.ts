import { serve } from "@hono/node-server";
import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";

import type { createApp } from "./create-app.ts";

/** Serves the app on Node's own server. `port` 0 takes a free one. */
export function serveApp(
  app: Pick<ReturnType<typeof createApp>, "fetch">,
  address: { hostname: string; port: number },
): ReturnType<typeof serve> {
  return serve({
    ...address,
    async fetch(request, env) {
      const response = await app.fetch(request, env);
      // A stream has written its head itself. The mark must be this very object: middleware copies what a handler returns.
      return (env as HttpBindings).outgoing.headersSent ? RESPONSE_ALREADY_SENT : response;
    },
  });
}
