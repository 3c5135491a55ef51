import { createRoute, z } from "@hono/zod-openapi";
import type { OpenAPIHono } from "@hono/zod-openapi";

import type { ProviderNews } from "../../../domain/payment.ts";
import type { Operations } from "../../operations/create-operations.ts";
import type { AppEnv } from "../app-env.ts";
import { createRoutes } from "../create-routes.ts";
import { json, problems } from "../schemas.ts";

/**
 * Reads a signed webhook; throws WEBHOOK_SIGNATURE_INVALID, and PAYMENT_PROVIDER_UNAVAILABLE when the provider had to be asked
 * what its news is about, or who signs for it. The signature covers the bytes as they came.
 */
export type ReadWebhook<Signature> = (
  rawBody: Uint8Array,
  signature: Signature,
) => Promise<ProviderNews | "ignored">;

export type WebhookReaders = {
  readStripeWebhook: ReadWebhook<string | undefined>;
  /** Undefined where PayPal is not offered: then there is nothing at its address. */
  readPaypalWebhook: ReadWebhook<Pick<Headers, "get">> | undefined;
};

/** Providers sign; nobody else gets in. */
export function createWebhookRoutes(
  deps: WebhookReaders & { operations: Operations },
): OpenAPIHono<AppEnv> {
  const routes = createRoutes();
  routes.openapi(stripeRoute, async (context) => {
    const rawBody = new Uint8Array(await context.req.arrayBuffer());
    const news = await deps.readStripeWebhook(rawBody, context.req.header("stripe-signature"));
    if (news !== "ignored") await deps.operations.acceptProviderNews(news);
    return context.json({ received: true }, 200);
  });
  const { readPaypalWebhook } = deps;
  if (readPaypalWebhook === undefined) return routes;
  routes.openapi(paypalRoute, async (context) => {
    const rawBody = new Uint8Array(await context.req.arrayBuffer());
    const news = await readPaypalWebhook(rawBody, context.req.raw.headers);
    if (news !== "ignored") await deps.operations.acceptProviderNews(news);
    return context.json({ received: true }, 200);
  });
  return routes;
}

const answers = {
  200: json(z.object({ received: z.boolean() }), "Kept; it need not be sent again"),
  ...problems("WEBHOOK_SIGNATURE_INVALID", "PAYMENT_PROVIDER_UNAVAILABLE", "BODY_TOO_LARGE"),
};

const stripeRoute = createRoute({
  method: "post",
  path: "/webhooks/stripe",
  summary: "Stripe tells us about a payment, a refund or a dispute",
  security: [{ stripeSignature: [] }],
  responses: answers,
});

const paypalRoute = createRoute({
  method: "post",
  path: "/webhooks/paypal",
  summary: "PayPal tells us about a payment",
  security: [{ paypalSignature: [] }],
  responses: answers,
});
