import { createAdaptorServer } from "@hono/node-server";
import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { Counter } from "prom-client";

import type { createApp } from "./create-app.ts";
import { refuseUnreadable } from "./refuse-unreadable.ts";
import { sharePort } from "./share-port.ts";
import type { SharedPort } from "./share-port.ts";

/** A stream has written its head itself. The mark must be this very object: middleware copies what a handler returns. */
function unlessSent({ outgoing }: HttpBindings) {
  return (response: Response) => (outgoing.headersSent ? RESPONSE_ALREADY_SENT : response);
}

/** What a client may take of this process before it has asked for anything. */
export type ServerLimits = {
  /** Until the head of a request is there, and until all of it is: bodies are below 64 kB. */
  headMsMax: number;
  requestMsMax: number;
  connectionsMax: number;
};

/** Serves the app on Node's own server, and resolves when it listens. `port` 0 takes a free one. Rejects when the port is taken. */
export async function serveApp(
  app: Pick<ReturnType<typeof createApp>, "fetch">,
  address: { hostname: string; port: number },
  limits: ServerLimits = defaultLimits,
): Promise<SharedPort> {
  const server = createAdaptorServer({
    serverOptions: {
      headersTimeout: limits.headMsMax,
      requestTimeout: limits.requestMsMax,
      // How late Node may be with both; by itself half a minute.
      connectionsCheckingInterval: Math.min(1_000, limits.requestMsMax),
    },
    fetch(request, env) {
      const response = app.fetch(request, env);
      // An answer that was kept is there at once, and goes out without a promise.
      return response instanceof Promise
        ? response.then(unlessSent(env as HttpBindings))
        : response;
    },
  });
  server.on("clientError", refuseUnreadable);
  const { connectionsMax } = limits;
  return sharePort(server, { ...address, sockets, connectionsMax }, () => droppedConnections.inc());
}

/**
 * A request has its room from its head on, so who sends a body drop by drop must not keep it. 20,000 connections are twice as many
 * as may watch seat maps, and some 400 MB at the most.
 */
const defaultLimits: ServerLimits = {
  headMsMax: 10_000,
  requestMsMax: 10_000,
  connectionsMax: 20_000,
};

const sockets = 8;

const droppedConnections = new Counter({
  name: "marquee_http_connections_dropped_total",
  help: "Connections that were closed at once, because as many are open as may be",
});
