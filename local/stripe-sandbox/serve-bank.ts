import type { HttpBindings } from "@hono/node-server";
import type { Hono } from "hono";
import { cors } from "hono/cors";
import type Stripe from "stripe";
import { z } from "zod";

import { readOrder } from "../provider-sandbox/read-order.ts";
import type { WebhookSender } from "../provider-sandbox/webhook-sender.ts";
import { closeDispute, openDispute } from "./disputes.ts";
import { authoriseIntent, cancelIntent, declineIntent } from "./intent-changes.ts";
import type { Ledger } from "./ledger.ts";
import { newId } from "./objects.ts";
import { settleRefund } from "./refund-routes.ts";
import { missing, unexpectedState } from "./refusal.ts";

const challengeResult = z.strictObject({
  client_secret: z.string(),
  outcome: z.enum(["pass", "fail"]),
});
const refundResult = z.strictObject({ status: z.enum(["succeeded", "failed"]) });
const nothing = z.strictObject({});
const disputeResult = z.strictObject({ status: z.enum(["won", "lost"]) });

type Parts = { ledger: Ledger; webhooks: WebhookSender<Stripe.Event> };

/** What a buyer's bank does by itself, in its own time. */
export function serveBank(
  app: Hono<{ Bindings: HttpBindings }>,
  { ledger, webhooks }: Parts,
): void {
  app.use("/_sandbox/payment_intents/:id/challenge", cors({ origin: "*" }));
  app.post("/_sandbox/payment_intents/:id/challenge", (context) =>
    readOrder(context, challengeResult, ({ client_secret: secret, outcome }) =>
      happen({ ledger, webhooks }, (cause) => {
        const intent = intentOf(ledger, context.req.param("id"));
        if (intent.client_secret !== secret) throw missing("payment_intent", intent.id);
        if (intent.status !== "requires_action") throw unexpectedState(intent, "authenticated");
        if (outcome === "pass") return authoriseIntent(ledger, intent, cause);
        declineIntent(ledger, intent, authenticationFailed, cause);
        return intentOf(ledger, intent.id);
      }),
    ),
  );
  app.post("/_sandbox/payment_intents/:id/expire", (context) =>
    readOrder(context, nothing, () =>
      happen({ ledger, webhooks }, (cause) =>
        cancelIntent(ledger, intentOf(ledger, context.req.param("id")), "automatic", cause),
      ),
    ),
  );
  app.post("/_sandbox/refunds/:id/settle", (context) =>
    readOrder(context, refundResult, ({ status }) =>
      happen({ ledger, webhooks }, (cause) => {
        const refund = ledger.refund(context.req.param("id"));
        if (refund === undefined) throw missing("refund", context.req.param("id"));
        return settleRefund(ledger, refund, status, cause);
      }),
    ),
  );
  app.post("/_sandbox/payment_intents/:id/dispute", (context) =>
    readOrder(context, nothing, () =>
      happen({ ledger, webhooks }, (cause) =>
        openDispute(ledger, intentOf(ledger, context.req.param("id")), cause),
      ),
    ),
  );
  app.post("/_sandbox/disputes/:id/close", (context) =>
    readOrder(context, disputeResult, ({ status }) =>
      happen({ ledger, webhooks }, (cause) => {
        const dispute = ledger.dispute(context.req.param("id"));
        if (dispute === undefined) throw missing("dispute", context.req.param("id"));
        return closeDispute(ledger, dispute, status, cause);
      }),
    ),
  );
}

const authenticationFailed = {
  code: "payment_intent_authentication_failure",
  message: "We are unable to authenticate your payment method.",
};

function happen<Result>(
  { ledger, webhooks }: Parts,
  change: (cause: { id: string; idempotencyKey: null }) => Result,
): Result {
  const result = change({ id: newId("req"), idempotencyKey: null });
  webhooks.publish(ledger.commit());
  return result;
}

function intentOf(ledger: Ledger, id: string): Stripe.PaymentIntent {
  const intent = ledger.intent(id);
  if (intent === undefined) throw missing("payment_intent", id);
  return intent;
}
