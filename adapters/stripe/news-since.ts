import type Stripe from "stripe";

import type { ProviderNews } from "../../domain/payment.ts";
import { newsIn, paymentEventTypes, reversalEventTypes } from "./news.ts";
import { readPages } from "./read-pages.ts";
import type { StripeCalls } from "./stripe-calls.ts";

/**
 * What Stripe has to tell since a moment, under the event ids that its webhooks bear: the way round a webhook that never came.
 * Payments come first, then refunds and disputes, each oldest first.
 */
export async function listNewsSince(
  calls: StripeCalls,
  sinceMs: number,
  pagesMax = defaultPagesMax,
): Promise<ProviderNews[]> {
  const range = { sinceMs, pagesMax };
  return [
    ...(await listNews(calls, paymentEventTypes, range)),
    ...(await listNews(calls, reversalEventTypes, range)),
  ];
}

/** Ten thousand events of each kind: five seconds at our pace. */
const defaultPagesMax = 100;

/** The newest of these news. What is older than that was there to be read when the caller asked before. */
async function listNews(
  calls: StripeCalls,
  types: readonly Stripe.Event["type"][],
  { sinceMs, pagesMax }: { sinceMs: number; pagesMax: number },
): Promise<ProviderNews[]> {
  const created = { gte: Math.floor(sinceMs / 1_000) };
  const pages = readPages(pagesMax, (page) =>
    calls.call("events.list", () =>
      calls.stripe.events.list({ types: [...types], created, ...page }),
    ),
  );
  const news: ProviderNews[] = [];
  let pagesRead = 0;
  for await (const events of pages) {
    for (const event of events) {
      const said = await newsIn(calls, event);
      if (said !== "ignored") news.push(said);
    }
    pagesRead += 1;
    if (pagesRead === pagesMax) break;
  }
  return news.reverse();
}
