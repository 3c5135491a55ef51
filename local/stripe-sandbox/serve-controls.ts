import type { HttpBindings } from "@hono/node-server";
import type { Context, Hono } from "hono";
import { cors } from "hono/cors";
import type Stripe from "stripe";
import { z } from "zod";

import type { Faults } from "./faults.ts";
import { faultOrder } from "./faults.ts";
import { authoriseIntent, cancelIntent, declineIntent } from "./intent-changes.ts";
import type { Ledger } from "./ledger.ts";
import { newId } from "./objects.ts";
import { missing, Refusal, unexpectedState } from "./refusal.ts";
import { settleRefund } from "./refund-routes.ts";
import type { Webhooks } from "./webhooks.ts";
import { webhookOrder } from "./webhooks.ts";

const challengeResult = z.strictObject({
  client_secret: z.string(),
  outcome: z.enum(["pass", "fail"]),
});
const refundResult = z.strictObject({ status: z.enum(["succeeded", "failed"]) });

type Parts = { ledger: Ledger; faults: Faults; webhooks: Webhooks };

/** What no real Stripe has: the sandbox's own levers, and a look into its books. */
export function serveControls(
  app: Hono<{ Bindings: HttpBindings }>,
  { ledger, faults, webhooks }: Parts,
): void {
  app.post("/_sandbox/faults", (context) =>
    withBody(context, faultOrder, (fault) => {
      faults.order(fault);
      return faults.pending();
    }),
  );
  app.post("/_sandbox/webhooks", (context) =>
    withBody(context, webhookOrder, (order) => {
      webhooks.configure(order);
      return webhooks.state();
    }),
  );
  app.get("/_sandbox/ledger", (context) => context.json(booksOf(ledger, webhooks)));
  app.delete("/_sandbox", (context) => {
    ledger.reset();
    faults.reset();
    webhooks.reset();
    return context.body(null, 204);
  });

  // What a bank does by itself, in its own time.
  app.use("/_sandbox/payment_intents/:id/challenge", cors({ origin: "*" }));
  app.post("/_sandbox/payment_intents/:id/challenge", (context) =>
    withBody(context, challengeResult, ({ client_secret: secret, outcome }) =>
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
    answer(() =>
      happen({ ledger, webhooks }, (cause) =>
        cancelIntent(ledger, intentOf(ledger, context.req.param("id")), "automatic", cause),
      ),
    ),
  );
  app.post("/_sandbox/refunds/:id/settle", (context) =>
    withBody(context, refundResult, ({ status }) =>
      happen({ ledger, webhooks }, (cause) => {
        const refund = ledger.refund(context.req.param("id"));
        if (refund === undefined) throw missing("refund", context.req.param("id"));
        return settleRefund(ledger, refund, status, cause);
      }),
    ),
  );
}

const authenticationFailed = {
  code: "payment_intent_authentication_failure",
  message: "We are unable to authenticate your payment method.",
};

/** Every intent and refund with its money, for whoever has to prove that none went missing. */
function booksOf(ledger: Ledger, webhooks: Webhooks) {
  const owed = new Set(ledger.undelivered().map(({ id }) => id));
  const intents = ledger.intents().map((intent) => ({
    id: intent.id,
    status: intent.status,
    currency: intent.currency,
    amountMinor: intent.amount,
    authorisedMinor: intent.amount_capturable,
    capturedMinor: intent.amount_received,
    refundedMinor: ledger.refundedMinor(intent.id),
    metadata: intent.metadata,
    created: intent.created,
  }));
  return {
    intents,
    refunds: ledger.refunds().map(({ id, payment_intent, amount, currency, status, metadata }) => ({
      id,
      intentId: payment_intent,
      amountMinor: amount,
      currency,
      status,
      metadata,
    })),
    events: ledger.events().map(({ id, type }) => ({ id, type, delivered: !owed.has(id) })),
    totals: totalsOf(intents),
    webhooks: webhooks.state(),
  };
}

type Sums = { authorisedMinor: number; capturedMinor: number; refundedMinor: number };

function totalsOf(intents: (Sums & { currency: string })[]) {
  const totals: Record<string, Sums> = {};
  for (const { currency, authorisedMinor, capturedMinor, refundedMinor } of intents) {
    const sums = (totals[currency] ??= { authorisedMinor: 0, capturedMinor: 0, refundedMinor: 0 });
    sums.authorisedMinor += authorisedMinor;
    sums.capturedMinor += capturedMinor;
    sums.refundedMinor += refundedMinor;
  }
  return totals;
}

function happen<Result>(
  { ledger, webhooks }: Pick<Parts, "ledger" | "webhooks">,
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

/** Only JSON is read: a page of another origin cannot send that without asking first. */
async function withBody<Body>(
  context: Context,
  schema: z.ZodType<Body>,
  work: (body: Body) => unknown,
): Promise<Response> {
  if (context.req.header("content-type")?.startsWith("application/json") !== true) {
    return Response.json({ error: { message: "Send application/json." } }, { status: 415 });
  }
  const parsed = schema.safeParse(await context.req.json().catch(() => undefined));
  if (!parsed.success) {
    const message = z.prettifyError(parsed.error);
    return Response.json({ error: { message } }, { status: 400 });
  }
  return answer(() => work(parsed.data));
}

function answer(work: () => unknown): Response {
  try {
    return Response.json(work());
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return Response.json({ error: error.body }, { status: error.status });
  }
}
