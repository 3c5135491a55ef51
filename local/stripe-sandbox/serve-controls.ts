import type { HttpBindings } from "@hono/node-server";
import type { Hono } from "hono";
import type Stripe from "stripe";

import type { Faults } from "../provider-sandbox/faults.ts";
import { readOrder } from "../provider-sandbox/read-order.ts";
import { webhookOrder } from "../provider-sandbox/webhook-sender.ts";
import type { WebhookSender } from "../provider-sandbox/webhook-sender.ts";
import type { Ledger } from "./ledger.ts";
import { plantIntents, plantOrder } from "./plant-intents.ts";
import { faultOrder } from "./stripe-faults.ts";
import type { StripeFault } from "./stripe-faults.ts";
import type { Traffic } from "./traffic.ts";
import { trafficOrder } from "./traffic.ts";

type Parts = {
  ledger: Ledger;
  faults: Faults<StripeFault["kind"]>;
  traffic: Traffic;
  webhooks: WebhookSender<Stripe.Event>;
};

/** What no real Stripe has: the sandbox's own levers, and a look into its books. */
export function serveControls(
  app: Hono<{ Bindings: HttpBindings }>,
  { ledger, faults, traffic, webhooks }: Parts,
): void {
  app.post("/_sandbox/faults", (context) =>
    readOrder(context, faultOrder, (fault) => {
      faults.order(fault);
      return faults.pending();
    }),
  );
  app.delete("/_sandbox/faults", (context) => {
    faults.reset();
    return context.body(null, 204);
  });
  app.post("/_sandbox/webhooks", (context) =>
    readOrder(context, webhookOrder, (order) => {
      webhooks.configure(order);
      return webhooks.state();
    }),
  );
  app.post("/_sandbox/traffic", (context) =>
    readOrder(context, trafficOrder, (order) => {
      traffic.configure(order);
      return traffic.state();
    }),
  );
  app.get("/_sandbox/traffic", (context) => context.json(traffic.state()));
  app.post("/_sandbox/payment_intents", (context) =>
    readOrder(context, plantOrder, (order) => plantIntents(ledger, order)),
  );
  app.get("/_sandbox/ledger", (context) => context.json(booksOf(ledger, webhooks)));
  app.delete("/_sandbox/keys", (context) => {
    ledger.forgetKeys();
    return context.body(null, 204);
  });
  app.delete("/_sandbox", (context) => {
    ledger.reset();
    faults.reset();
    traffic.reset();
    webhooks.reset();
    return context.body(null, 204);
  });
}

/** Every intent and refund with its money, for whoever has to prove that none went missing. */
function booksOf(ledger: Ledger, webhooks: Parts["webhooks"]) {
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
    disputes: ledger.disputes().map(({ id, payment_intent, status }) => ({
      id,
      intentId: payment_intent,
      status,
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
