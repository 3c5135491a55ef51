import { createRoute, z } from "@hono/zod-openapi";
import type { OpenAPIHono } from "@hono/zod-openapi";

import { toDocument } from "../../../adapters/postgres/describe-ticket.ts";
import { DomainError } from "../../../domain/errors.ts";
import type { AppEnv } from "../app-env.ts";
import { createRoutes } from "../create-routes.ts";
import { idParam, json, noStore, problems } from "../schemas.ts";
import { ownerOrLink, readTicketOf, ticketHeaders, ticketRefusals } from "../ticket-access.ts";
import type { TicketAccess } from "../ticket-access.ts";

/** Tickets for the wallets of phones, where this deployment has an account. */
export function createWalletPassRoutes(deps: TicketAccess): OpenAPIHono<AppEnv> {
  const { apple, google } = deps.wallets;
  const routes = createRoutes();
  routes.openapi(appleRoute, async (context) => {
    const ticket = await readTicketOf(deps, context, context.req.valid("param").id);
    if (apple === undefined) throw new DomainError("WALLET_NOT_OFFERED");
    return context.body(new Uint8Array(apple(toDocument(ticket))), 200, {
      ...noStore,
      "content-type": "application/vnd.apple.pkpass",
      "content-disposition": 'attachment; filename="ticket.pkpass"',
    });
  });
  routes.openapi(googleRoute, async (context) => {
    const ticket = await readTicketOf(deps, context, context.req.valid("param").id);
    if (google === undefined) throw new DomainError("WALLET_NOT_OFFERED");
    return context.json({ url: await google(toDocument(ticket)) }, 200, noStore);
  });
  return routes;
}

const ofTicket = {
  method: "get",
  security: ownerOrLink,
  request: { params: idParam("tk"), headers: ticketHeaders },
} as const;
const refusals = [
  ...ticketRefusals,
  ...(["TICKET_NOT_LIVE", "WALLET_NOT_OFFERED", "RATE_LIMITED"] as const),
] as const;

const appleRoute = createRoute({
  ...ofTicket,
  path: "/v1/tickets/{id}/ticket.pkpass",
  summary: "A ticket for Apple's wallet",
  responses: {
    200: {
      description: "A signed pass",
      content: { "application/vnd.apple.pkpass": { schema: z.string() } },
    },
    ...problems(...refusals),
  },
});

const googleRoute = createRoute({
  ...ofTicket,
  path: "/v1/tickets/{id}/google-wallet",
  summary: "A ticket for Google's wallet",
  responses: {
    200: json(
      z.object({ url: z.url().openapi({ description: "Whoever opens it may save the ticket" }) }),
      "Where it is saved",
    ),
    ...problems(...refusals),
  },
});
