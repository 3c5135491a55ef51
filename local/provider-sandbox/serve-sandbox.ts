import { once } from "node:events";
import type { AddressInfo } from "node:net";

import { serve } from "@hono/node-server";
import type { HttpBindings } from "@hono/node-server";
import type { Hono } from "hono";

export type ServedSandbox = {
  /** Serves on a port of its own choice unless one is given; resolves with the address. */
  listen(address?: { host?: string; port?: number }): Promise<string>;
  close(): Promise<void>;
};

export function serveSandbox(
  app: Hono<{ Bindings: HttpBindings }>,
  closables: { close(): void }[],
): ServedSandbox {
  let server: ReturnType<typeof serve> | undefined;
  return {
    async listen({ host = "127.0.0.1", port = 0 } = {}) {
      server = serve({ fetch: app.fetch, hostname: host, port });
      await once(server, "listening");
      const address = server.address() as AddressInfo;
      return `http://127.0.0.1:${address.port}`;
    },
    async close() {
      if (server !== undefined) {
        const closed = once(server, "close");
        server.close();
        // Requests that were promised no answer would keep the server open.
        if ("closeAllConnections" in server) server.closeAllConnections();
        await closed;
      }
      for (const { close } of closables) close();
    },
  };
}
