import { createRoute, z } from "@hono/zod-openapi";
import type { OpenAPIHono } from "@hono/zod-openapi";

import type { ProviderNews } from "../../../domain/payment.ts";
import type { Operations } from "../../operations/create-operations.ts";
import type { AppEnv } from "../app-env.ts";
import { createRoutes } from "../create-routes.ts";
import { json, problems } from "../schemas.ts";

/**
 * Reads a signed webhook; throws WEBHOOK_SIGNATURE_INVALID, and PAYMENT_PROVIDER_UNAVAILABLE when the provider had to be asked
 * what its news is about. The signature covers the bytes as they came.
 */
export type ReadWebhook = (
  rawBody: Uint8Array,
  signatureHeader: string | undefined,
) => Promise<ProviderNews | "ignored">;

/** Providers sign; nobody else gets in. */
export function createWebhookRoutes(deps: {
  operations: Operations;
  readStripeWebhook: ReadWebhook;
}): OpenAPIHono<AppEnv> {
  const routes = createRoutes();
  routes.openapi(stripeRoute, async (context) => {
    const rawBody = new Uint8Array(await context.req.arrayBuffer());
    const news = await deps.readStripeWebhook(rawBody, context.req.header("stripe-signature"));
    if (news !== "ignored" && news.kind === "payment") {
      await deps.operations.acceptPaymentEvent(news.fact);
    }
    return context.json({ received: true }, 200);
  });
  return routes;
}

const stripeRoute = createRoute({
  method: "post",
  path: "/webhooks/stripe",
  summary: "Stripe tells us about a payment",
  security: [{ stripeSignature: [] }],
  responses: {
    200: json(z.object({ received: z.boolean() }), "Kept; it need not be sent again"),
    ...problems("WEBHOOK_SIGNATURE_INVALID", "PAYMENT_PROVIDER_UNAVAILABLE", "BODY_TOO_LARGE"),
  },
});
