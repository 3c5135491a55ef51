import { Hono } from "hono";

import { bookingIds } from "../../../domain/ids.ts";
import type { PaymentWays } from "../../../web/storefront/page-data.ts";
import type { AppEnv } from "../app-env.ts";
import type { ShopPages } from "../storefront/answer-page.ts";

/** The page of a booking. It is the same for everybody: what it shows it asks /v1 for, as its buyer. */
export function createBookingPageRoutes({
  pages,
  paymentWays: ways,
}: {
  pages: ShopPages;
  paymentWays: PaymentWays;
}): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  routes.onError(pages.tellProblems);
  routes.get("/bookings/:id", (context) => {
    const bookingId = context.req.param("id");
    // What is no id at all has no page.
    bookingIds.decode(bookingId);
    const data = { bookingId, ways };
    const answer = pages.answer(context, "booking", data, { "cache-control": "no-store" });
    if (ways.card?.kind === "form") admitStripe(answer.headers);
    return answer;
  });
  return routes;
}

/** Stripe's script, its frames, and what they ask: on this page alone, and only where a card form of Stripe's is set up. */
function admitStripe(headers: Headers): void {
  const policy = headers.get("content-security-policy") ?? "";
  const sources = {
    "script-src": stripeScripts,
    "connect-src": "https://api.stripe.com",
  };
  const widened = Object.entries(sources).reduce(
    (text, [directive, source]) =>
      text.replace(`${directive} 'self'`, `${directive} 'self' ${source}`),
    policy,
  );
  const frames = `frame-src ${stripeScripts} https://hooks.stripe.com`;
  headers.set("content-security-policy", `${widened}; ${frames}`);
}

/** As docs.stripe.com/security/guide names them: the script loads parts of itself, and frames, from hosts below its own. */
const stripeScripts = "https://js.stripe.com https://*.js.stripe.com";
