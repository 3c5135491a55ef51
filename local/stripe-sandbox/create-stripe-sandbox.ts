import { once } from "node:events";
import type { AddressInfo } from "node:net";

import { serve } from "@hono/node-server";
import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { cors } from "hono/cors";

import { answerApi } from "./answer-api.ts";
import { disputeRoutes } from "./disputes.ts";
import { createFaults } from "./faults.ts";
import { intentRoutes } from "./intent-routes.ts";
import { openJournal } from "./journal.ts";
import { createLedger } from "./ledger.ts";
import { otherRoutes } from "./other-routes.ts";
import { servePayPage } from "./pay-page.ts";
import { refundRoutes } from "./refund-routes.ts";
import { missing } from "./refusal.ts";
import { serveBank } from "./serve-bank.ts";
import { serveControls } from "./serve-controls.ts";
import { createTraffic } from "./traffic.ts";
import { createWebhooks } from "./webhooks.ts";

export type StripeSandboxOptions = {
  secretKey: string;
  webhookSecret: string;
  /** Where signed events go; without it none are sent. */
  webhookUrl?: string | undefined;
  /** A file that keeps charges over a restart; without it they are forgotten. */
  journalPath?: string | undefined;
};

export type StripeSandbox = {
  app: Hono<{ Bindings: HttpBindings }>;
  /** Serves on a port of its own choice unless one is given; resolves with the address. */
  listen(address?: { host?: string; port?: number }): Promise<string>;
  close(): Promise<void>;
};

/**
 * A stand-in for Stripe that the official client cannot tell from the original, as far as Marquee uses it. It moves no money
 * and knows no cards but the test ones.
 */
export function createStripeSandbox(options: StripeSandboxOptions): StripeSandbox {
  const journal = openJournal(options.journalPath);
  const ledger = createLedger(journal);
  const faults = createFaults();
  const traffic = createTraffic();
  const webhooks = createWebhooks({
    url: options.webhookUrl,
    secret: options.webhookSecret,
    onDelivered: (eventId) => ledger.delivered(eventId),
  });
  const api = {
    ledger,
    faults,
    traffic,
    secretKey: options.secretKey,
    runningKeys: new Set<string>(),
    publish: webhooks.publish,
  };

  const app = new Hono<{ Bindings: HttpBindings }>();
  app.use(bodyLimit({ maxSize: 64 * 1_024 }));
  // Stripe.js runs on the shop's page and calls from there.
  app.use("/v1/*", cors({ origin: "*", allowMethods: ["GET", "POST"], maxAge: 600 }));
  for (const route of [...intentRoutes, ...refundRoutes, ...disputeRoutes, ...otherRoutes]) {
    app.on(route.method, route.path, (context) => answerApi(api, route, context));
  }
  app.all("/v1/*", (context) => {
    const { status, body } = missing("route", `${context.req.method} ${context.req.path}`);
    return Response.json({ error: body }, { status });
  });
  serveControls(app, { ledger, faults, traffic, webhooks });
  serveBank(app, { ledger, webhooks });
  servePayPage(app, ledger);
  app.onError((error, context) => {
    const message = `The sandbox failed: ${error.message}`;
    return context.json({ error: { type: "api_error", message } }, 500);
  });

  // What an earlier process could not deliver is owed still.
  webhooks.publish(ledger.undelivered());
  return { app, ...serving(app, [webhooks, journal]) };
}

function serving(
  app: StripeSandbox["app"],
  closables: { close(): void }[],
): Pick<StripeSandbox, "listen" | "close"> {
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
