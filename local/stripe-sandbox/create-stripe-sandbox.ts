import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { cors } from "hono/cors";
import Stripe from "stripe";

import { createFaults } from "../provider-sandbox/faults.ts";
import { openJournal } from "../provider-sandbox/journal.ts";
import { serveSandbox } from "../provider-sandbox/serve-sandbox.ts";
import type { ServedSandbox } from "../provider-sandbox/serve-sandbox.ts";
import { createWebhookSender } from "../provider-sandbox/webhook-sender.ts";
import { answerApi } from "./answer-api.ts";
import { disputeRoutes } from "./disputes.ts";
import { intentRoutes } from "./intent-routes.ts";
import { createLedger } from "./ledger.ts";
import type { JournalEntry } from "./ledger.ts";
import { otherRoutes } from "./other-routes.ts";
import { servePayPage } from "./pay-page.ts";
import { refundRoutes } from "./refund-routes.ts";
import { missing, Refusal } from "./refusal.ts";
import { serveBank } from "./serve-bank.ts";
import { serveControls } from "./serve-controls.ts";
import type { StripeFault } from "./stripe-faults.ts";
import { createTraffic } from "./traffic.ts";

export type StripeSandboxOptions = {
  secretKey: string;
  webhookSecret: string;
  /** Where signed events go; without it none are sent. */
  webhookUrl?: string | undefined;
  /** The types of events that go there, as an endpoint at Stripe is registered for some; left out: all. */
  webhookEvents?: readonly string[] | undefined;
  /** A file that keeps charges over a restart; without it they are forgotten. */
  journalPath?: string | undefined;
};

export type StripeSandbox = ServedSandbox & { app: Hono<{ Bindings: HttpBindings }> };

/**
 * A stand-in for Stripe that the official client cannot tell from the original, as far as Marquee uses it. It moves no money
 * and knows no cards but the test ones.
 */
export function createStripeSandbox(options: StripeSandboxOptions): StripeSandbox {
  const journal = openJournal<JournalEntry>(options.journalPath);
  const ledger = createLedger(journal);
  const faults = createFaults<StripeFault["kind"]>();
  const traffic = createTraffic();
  const webhooks = createWebhookSender<Stripe.Event>({
    url: options.webhookUrl,
    isWanted: ({ type }) => options.webhookEvents?.includes(type) ?? true,
    sign: (payload) => ({
      "stripe-signature": Stripe.webhooks.generateTestHeaderString({
        payload,
        secret: options.webhookSecret,
      }),
      "user-agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
    }),
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
    if (error instanceof Refusal) {
      return Response.json({ error: error.body }, { status: error.status });
    }
    const message = `The sandbox failed: ${error.message}`;
    return context.json({ error: { type: "api_error", message } }, 500);
  });

  // What an earlier process could not deliver is owed still.
  webhooks.publish(ledger.undelivered());
  return { app, ...serveSandbox(app, [webhooks, journal]) };
}
