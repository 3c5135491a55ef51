import type Stripe from "stripe";

import type { ApiRoute } from "./api-route.ts";
import { listOf } from "./form.ts";
import type { Ledger } from "./ledger.ts";
import { pageOf } from "./lists.ts";
import { chargeOf } from "./objects.ts";
import { invalidParameter, missing } from "./refusal.ts";

export const otherRoutes: ApiRoute[] = [
  {
    method: "GET",
    path: "/v1/events",
    answer: (ledger, { form }) => {
      const types = listOf(form, "types");
      if (types.length > 20) throw invalidParameter("types", "No more than 20 types.");
      const events = ledger
        .events()
        .filter(({ type }) => types.length === 0 || types.includes(type));
      return pageOf(events, form, "/v1/events");
    },
  },
  {
    method: "GET",
    path: "/v1/events/:id",
    answer: (ledger, { objectId }) => {
      const event = ledger.event(objectId);
      if (event === undefined) throw missing("event", objectId);
      return event;
    },
  },
  {
    method: "GET",
    path: "/v1/charges/:id",
    answer: (ledger, { objectId }) => {
      const intent = ledger.intents().find(({ latest_charge: latest }) => latest === objectId);
      if (intent === undefined) throw missing("charge", objectId);
      const disputed = ledger.disputes(intent.id).length > 0;
      return chargeOf(intent, ledger.refundedMinor(intent.id), disputed);
    },
  },
  { method: "GET", path: "/v1/balance", answer: balanceOf },
];

function balanceOf(ledger: Ledger): Stripe.Balance {
  const byCurrency = new Map<string, number>();
  for (const { id, currency, amount_received: received } of ledger.intents()) {
    const kept = received - ledger.refundedMinor(id);
    byCurrency.set(currency, (byCurrency.get(currency) ?? 0) + kept);
  }
  const available = [...byCurrency].map(([currency, amount]) => ({ currency, amount }));
  return {
    object: "balance",
    available,
    livemode: false,
    pending: available.map(({ currency }) => ({ currency, amount: 0 })),
  };
}
