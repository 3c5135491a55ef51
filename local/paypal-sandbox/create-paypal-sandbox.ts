import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";

import { createFaults } from "../provider-sandbox/faults.ts";
import { openJournal } from "../provider-sandbox/journal.ts";
import { createLedger } from "../provider-sandbox/ledger.ts";
import type { LedgerEntry } from "../provider-sandbox/ledger.ts";
import { breakConnection, keepSilent } from "../provider-sandbox/lost-answers.ts";
import type { SandboxContext } from "../provider-sandbox/lost-answers.ts";
import { serveSandbox } from "../provider-sandbox/serve-sandbox.ts";
import type { ServedSandbox } from "../provider-sandbox/serve-sandbox.ts";
import { createWebhookSender } from "../provider-sandbox/webhook-sender.ts";
import { createAccessTokens } from "./access-tokens.ts";
import type { Api } from "./answer-api.ts";
import { answerApi } from "./answer-api.ts";
import { serveApprovePage } from "./approve-page.ts";
import { orderRoutes } from "./order-routes.ts";
import { paymentRoutes } from "./payment-routes.ts";
import type { PaypalFault } from "./paypal-faults.ts";
import { missing, Refusal } from "./refusal.ts";
import type { KeyRecord, Rows, SandboxEvent } from "./rows.ts";
import { searchPath, searchTransactions } from "./search-transactions.ts";
import { serveControls } from "./serve-controls.ts";
import { createWebhookSigning } from "./webhook-signing.ts";

export type PaypalSandboxOptions = {
  clientId: string;
  clientSecret: string;
  webhookId: string;
  /** Issues the certificate that signs events: base64 of PKCS#8, Ed25519. */
  authorityKey: string;
  /** Where signed events go; without it none are sent. */
  webhookUrl?: string | undefined;
  /** How the shop's servers reach this one, if not as it listens: events name it for their certificate. */
  apiUrl?: string | undefined;
  /** How a buyer's browser reaches this one, if not as it listens. */
  pageUrl?: string | undefined;
  /** A file that keeps payments over a restart; without it they are forgotten. */
  journalPath?: string | undefined;
};

export type PaypalSandbox = ServedSandbox & { app: Hono<{ Bindings: HttpBindings }> };

/**
 * A stand-in for PayPal that the official client cannot tell from the original, as far as Marquee uses it. It moves no money and
 * knows no buyers.
 */
export function createPaypalSandbox(options: PaypalSandboxOptions): PaypalSandbox {
  const journal = openJournal<LedgerEntry<SandboxEvent, KeyRecord>>(options.journalPath);
  const clock = { hoursAgo: 0 };
  const ledger = createLedger<Rows, SandboxEvent, KeyRecord>(
    journal,
    () => Date.now() - clock.hoursAgo * 3_600_000,
  );
  const signing = createWebhookSigning(options);
  const urls = { apiUrl: options.apiUrl ?? "", pageUrl: options.pageUrl ?? "" };
  const webhooks = createWebhookSender<SandboxEvent>({
    url: options.webhookUrl,
    sign: (payload) => signing.sign(payload, urls.apiUrl + signing.certPath),
    onDelivered: (eventId) => ledger.delivered(eventId),
  });
  const api: Api = {
    ledger,
    faults: createFaults<PaypalFault["kind"]>(),
    tokens: createAccessTokens({ id: options.clientId, secret: options.clientSecret }),
    site: urls,
    runningKeys: new Set(),
    publish: webhooks.publish,
    reporting: { lagHours: 0 },
  };

  const app = new Hono<{ Bindings: HttpBindings }>();
  app.use(bodyLimit({ maxSize: 64 * 1_024 }));
  app.post("/v1/oauth2/token", (context) => answerToken(api, context));
  app.get(signing.certPath, (context) => context.text(signing.chain));
  for (const route of [...orderRoutes, ...paymentRoutes]) {
    app.on(route.method, route.path, (context) => answerApi(api, route, context));
  }
  app.get(searchPath, (context) => searchTransactions(api, context));
  serveControls(app, { ...api, webhooks, clock });
  serveApprovePage(app, api);
  app.notFound(() => Response.json(missing().body(""), { status: 404 }));
  app.onError((error, context) =>
    error instanceof Refusal
      ? Response.json(error.body(""), { status: error.status })
      : context.json({ name: "SANDBOX_FAILED", message: error.message }, 500),
  );

  const served = serveSandbox(app, [webhooks, journal]);
  return {
    app,
    close: served.close,
    async listen(address) {
      const here = await served.listen(address);
      urls.apiUrl ||= here;
      urls.pageUrl ||= here;
      // What an earlier process could not deliver is owed still.
      webhooks.publish(ledger.undelivered());
      return here;
    },
  };
}

async function answerToken({ faults, tokens }: Api, context: SandboxContext): Promise<Response> {
  const fault = faults.strike("POST", "/v1/oauth2/token");
  if (fault?.kind === "black_hole") return keepSilent(context, fault.ms);
  if (fault?.kind === "reset_after_commit") return breakConnection(context);
  if (fault?.kind === "500")
    return Response.json({ name: "INTERNAL_SERVER_ERROR" }, { status: 500 });
  return tokens.answer(context.req.header("authorization"));
}
