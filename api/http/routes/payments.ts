import { createRoute, z } from "@hono/zod-openapi";
import type { OpenAPIHono } from "@hono/zod-openapi";

import { bookingIds, paymentIds } from "../../../domain/ids.ts";
import type { Operations } from "../../operations/create-operations.ts";
import type { AppEnv } from "../app-env.ts";
import { createRoutes } from "../create-routes.ts";
import type { RequestLimits } from "../request-limits.ts";
import { idParam, idSchema, json, moneySchema, problems, signedIn } from "../schemas.ts";

export function createPaymentRoutes({
  operations,
  limits,
}: {
  operations: Operations;
  limits: RequestLimits;
}): OpenAPIHono<AppEnv> {
  const routes = createRoutes();
  routes.openapi(startRoute, async (context) => {
    const { id: bookingId, showId } = bookingIds.decode(context.req.valid("param").id);
    const { userId } = context.get("caller");
    const { provider } = context.req.valid("json");
    const asker = limits.asker(context);
    const started = await operations.startPayment({ bookingId, showId, userId, provider, asker });
    return context.json(
      {
        paymentId: paymentIds.encode({ id: started.paymentId, showId }),
        provider: started.provider,
        status: started.status,
        amount: started.amount,
        ...(started.clientSecret && { clientSecret: started.clientSecret }),
        ...(started.approvalUrl && { approvalUrl: started.approvalUrl }),
      },
      201,
      // A client secret is for this buyer's browser only.
      { "cache-control": "no-store" },
    );
  });
  return routes;
}

const startRoute = createRoute({
  method: "post",
  path: "/v1/bookings/{id}/payments",
  summary: "Start paying a held booking",
  description:
    "Returns what the provider's own script needs in the browser; card data never comes here. While an attempt is open, the same one is returned.",
  security: signedIn,
  request: {
    params: idParam("bk"),
    body: {
      content: {
        "application/json": {
          schema: z.strictObject({ provider: z.enum(["stripe", "paypal"]).optional() }),
        },
      },
    },
  },
  responses: {
    201: json(
      z
        .object({
          paymentId: idSchema("pm"),
          provider: z.enum(["stripe", "paypal", "free"]),
          status: z.enum(["open", "authorised", "captured", "voided"]),
          amount: moneySchema,
          clientSecret: z.string().optional(),
          approvalUrl: z.string().optional(),
        })
        .openapi("Payment"),
      "The payment is open",
    ),
    ...problems(
      "REQUEST_INVALID",
      "JSON_MALFORMED",
      "ID_MALFORMED",
      "TOKEN_MISSING",
      "TOKEN_INVALID",
      "BOOKING_NOT_FOUND",
      "SHOW_CANCELLED",
      "HOLD_EXPIRED",
      "BOOKING_CLOSED",
      "PAYMENT_ALREADY_AUTHORISED",
      "PAYMENT_ATTEMPTS_EXHAUSTED",
      "PAYMENT_AMOUNT_UNSUPPORTED",
      "PAYMENT_PROVIDER_NOT_OFFERED",
      "ADDRESS_LIMIT_REACHED",
      "RATE_LIMITED",
      "PARTNER_KEY_INVALID",
      "MEDIA_TYPE_UNSUPPORTED",
      "PAYMENT_PROVIDER_UNAVAILABLE",
    ),
  },
});
