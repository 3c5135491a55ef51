import { createRoute, z } from "@hono/zod-openapi";
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";

import { DomainError } from "../../../domain/errors.ts";
import { ticketIds, transferIds } from "../../../domain/ids.ts";
import { nameSeat } from "../../../domain/name-seat.ts";
import type { TicketLinks } from "../../../platform/ticket-links.ts";
import type { Operations } from "../../operations/create-operations.ts";
import type { AppEnv } from "../app-env.ts";
import { knowCaller } from "../authenticate.ts";
import type { TokenVerifier } from "../authenticate.ts";
import { createRoutes } from "../create-routes.ts";
import { readIdempotencyKey } from "../read-idempotency-key.ts";
import {
  idempotencyHeaders,
  idParam,
  idSchema,
  isoTime,
  json,
  jsonBody,
  noStore,
  personName,
  problems,
  signedIn,
  timestampSchema,
} from "../schemas.ts";
import { ticketHeaders } from "../ticket-access.ts";
import { toTransfer, transferSchema } from "../transfer-view.ts";

type Deps = { operations: Operations; verifyToken: TokenVerifier; links: TicketLinks };

/** A ticket for somebody else: its owner offers it, whoever has the link from the mail accepts it. */
export function createTransferRoutes(deps: Deps): OpenAPIHono<AppEnv> {
  const { operations, verifyToken, links } = deps;
  const { transfers } = operations;
  const routes = createRoutes();
  routes.use("/v1/transfers/:id/accept", knowCaller(verifyToken));

  routes.openapi(openRoute, async (context) => {
    const transfer = await transfers.open({
      ...ownTicket(context, context.req.valid("param").id),
      to: context.req.valid("json"),
      idempotencyKey: readIdempotencyKey(context.req),
    });
    return context.json(toTransfer(transfer), 201, noStore);
  });
  routes.openapi(ofTicketRoute, async (context) => {
    const own = ownTicket(context, context.req.valid("param").id);
    return context.json(toTransfer(await transfers.ofTicket(own)), 200, noStore);
  });
  routes.openapi(cancelRoute, async (context) => {
    await transfers.cancel(ownTicket(context, context.req.valid("param").id));
    return context.body(null, 204);
  });

  routes.openapi(readRoute, async (context) => {
    const transfer = await transfers.read(readKey(links, context, context.req.valid("param").id));
    const { showId, ticketId } = transfer;
    const { show, seat } = await operations.readTicket({ showId, ticketId, userId: undefined });
    const { title, venueName, hallName, city, startsAtMs, timeZone } = show;
    const about = { title, venueName, hallName, city, timeZone, startsAt: isoTime(startsAtMs) };
    const said = { ...toTransfer(transfer), seat: nameSeat(seat), show: about };
    return context.json(said, 200, noStore);
  });
  routes.openapi(acceptRoute, async (context) => {
    const key = readKey(links, context, context.req.valid("param").id);
    const { userId } = context.get("caller") ?? {};
    const { newTicketId, showId } = await transfers.accept({ ...key, userId });
    const ticketId = ticketIds.encode({ id: newTicketId ?? "", showId });
    return context.json({ ticketId, ticketAccess: links.access(ticketId) }, 200, noStore);
  });
  return routes;
}

function ownTicket(context: Context<AppEnv>, publicId: string) {
  const { id: ticketId, showId } = ticketIds.decode(publicId);
  return { ticketId, showId, userId: context.get("caller").userId };
}

/** The key is that of this transfer's public id: no ticket's key opens a transfer, and none of a transfer opens a ticket. */
function readKey(links: TicketLinks, context: Context<AppEnv>, publicId: string) {
  const { id: transferId, showId } = transferIds.decode(publicId);
  if (!links.verify(publicId, context.req.header("ticket-access") ?? "")) {
    throw new DomainError("TICKET_ACCESS_INVALID");
  }
  return { transferId, showId };
}

const ownerRefusals = [
  ...(["ID_MALFORMED", "TOKEN_MISSING", "TOKEN_INVALID", "TICKET_NOT_FOUND"] as const),
] as const;
const ticketRefusals = [
  ...(["TICKET_NOT_LIVE", "TICKET_ENTERED", "SHOW_BEGUN", "SHOW_CANCELLED"] as const),
] as const;

const ticketPath = {
  path: "/v1/tickets/{id}/transfer",
  security: signedIn,
} as const;

const openRoute = createRoute({
  ...ticketPath,
  method: "post",
  summary: "Offer a ticket to somebody else",
  description:
    "Whoever reads this mailbox gets a link, and has a week to accept, until the show begins at the latest. Until then the ticket is yours. Afterwards its code is void, and the receiver has another one; the seat counts for its buyer, and so does the money if it is given back. A ticket may be offered five times.",
  request: {
    params: idParam("tk"),
    body: jsonBody(
      z.strictObject({ email: z.email().max(254), name: personName }).openapi("TransferRequest"),
    ),
  },
  parameters: idempotencyHeaders,
  responses: {
    201: json(transferSchema, "The receiver is written to"),
    ...problems(
      ...ownerRefusals,
      ...ticketRefusals,
      ...(["REQUEST_INVALID", "JSON_MALFORMED", "MEDIA_TYPE_UNSUPPORTED", "RATE_LIMITED"] as const),
      ...(["IDEMPOTENCY_KEY_MISSING", "IDEMPOTENCY_KEY_INVALID"] as const),
      ...(["IDEMPOTENCY_KEY_REUSED", "TRANSFER_OPEN", "TRANSFERS_EXHAUSTED"] as const),
    ),
  },
});
const ofTicketRoute = createRoute({
  ...ticketPath,
  method: "get",
  summary: "How the offer of a ticket stands",
  request: { params: idParam("tk") },
  responses: {
    200: json(transferSchema, "The last one that you have made"),
    ...problems("ID_MALFORMED", "TOKEN_MISSING", "TOKEN_INVALID", "TRANSFER_NOT_FOUND"),
  },
});
const cancelRoute = createRoute({
  ...ticketPath,
  method: "delete",
  summary: "Keep a ticket that was offered",
  description: "Until it is accepted. Repeating it is harmless.",
  request: { params: idParam("tk") },
  responses: {
    204: { description: "The ticket stays yours; the link opens nothing any more" },
    ...problems(...ownerRefusals, "TRANSFER_CLOSED"),
  },
});

const link = [{ ticketAccess: [] }];
const linkRefusals = [
  ...(["ID_MALFORMED", "TICKET_ACCESS_INVALID", "TRANSFER_NOT_FOUND"] as const),
] as const;

const readRoute = createRoute({
  method: "get",
  path: "/v1/transfers/{id}",
  summary: "A ticket that somebody offers you",
  security: link,
  request: { params: idParam("tt"), headers: ticketHeaders },
  responses: {
    200: json(
      transferSchema
        .extend({
          seat: z.string().openapi({ example: "Stalls, row F, seat 12" }),
          show: z.object({
            title: z.string(),
            venueName: z.string(),
            hallName: z.string(),
            city: z.string(),
            timeZone: z.string(),
            startsAt: timestampSchema,
          }),
        })
        .openapi("OfferedTicket"),
      "What it is, and whether it can still be had",
    ),
    ...problems(...linkRefusals),
  },
});
const acceptRoute = createRoute({
  method: "post",
  path: "/v1/transfers/{id}/accept",
  summary: "Accept a ticket",
  description:
    "The ticket is the caller's if a token comes with it; without one it is of whoever has its link. Repeating it gives the same ticket.",
  security: [{ ticketAccess: [] }, { ticketAccess: [], bearer: [] }],
  request: { params: idParam("tt"), headers: ticketHeaders },
  responses: {
    200: json(
      z
        .object({
          ticketId: idSchema("tk"),
          ticketAccess: z.string().openapi({ description: "The key of the new ticket's link" }),
        })
        .openapi("AcceptedTicket"),
      "The receiver's ticket",
    ),
    ...problems(...linkRefusals, ...ticketRefusals, "TOKEN_INVALID", "TRANSFER_CLOSED"),
  },
});
