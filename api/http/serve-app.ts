import { serve } from "@hono/node-server";
import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";

import type { createApp } from "./create-app.ts";

/** A stream has written its head itself. The mark must be this very object: middleware copies what a handler returns. */
function unlessSent({ outgoing }: HttpBindings) {
  return (response: Response) => (outgoing.headersSent ? RESPONSE_ALREADY_SENT : response);
}

/** Serves the app on Node's own server. `port` 0 takes a free one. */
export function serveApp(
  app: Pick<ReturnType<typeof createApp>, "fetch">,
  address: { hostname: string; port: number },
): ReturnType<typeof serve> {
  return serve({
    ...address,
    fetch(request, env) {
      const response = app.fetch(request, env);
      // An answer that was kept is there at once, and goes out without a promise.
      return response instanceof Promise
        ? response.then(unlessSent(env as HttpBindings))
        : response;
    },
  });
}
