import { createRoute, z } from "@hono/zod-openapi";
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import { toString as toQrCode } from "qrcode";

import { DomainError } from "../../../domain/errors.ts";
import { bookingIds, showIds, ticketIds } from "../../../domain/ids.ts";
import { ticketCode } from "../../../domain/ticket-code.ts";
import type { Operations } from "../../operations/create-operations.ts";
import type { TicketView } from "../../operations/read-ticket.ts";
import type { AppEnv } from "../app-env.ts";
import { bearerToken } from "../authenticate.ts";
import type { TokenVerifier } from "../authenticate.ts";
import { createRoutes } from "../create-routes.ts";
import { idParam, idSchema, isoTime, json, problems, timestampSchema } from "../schemas.ts";

/** Whether `access` is the key of the link that was mailed for this ticket (its public id). */
export type VerifyTicketLink = (ticketId: string, access: string) => boolean;

type Deps = {
  operations: Operations;
  verifyToken: TokenVerifier;
  verifyTicketLink: VerifyTicketLink;
};

/** A ticket for its owner, or for whoever has the link from the mail: a friend at the door need not sign in. */
export function createTicketRoutes(deps: Deps): OpenAPIHono<AppEnv> {
  const routes = createRoutes();
  routes.openapi(ticketRoute, async (context) => {
    const view = await readTicket(deps, context, context.req.valid("param").id);
    return context.json(toTicket(view), 200, privateCaching);
  });
  routes.openapi(qrRoute, async (context) => {
    const { qr } = await readTicket(deps, context, context.req.valid("param").id);
    if (qr === null) throw new DomainError("TICKET_NOT_FOUND", { reason: "void" });
    const svg = await toQrCode(qr, { type: "svg", errorCorrectionLevel: "M", margin: 4 });
    return context.body(svg, 200, { ...privateCaching, "content-type": "image/svg+xml" });
  });
  return routes;
}

const privateCaching = { "cache-control": "private, no-store" };

async function readTicket(
  { operations, verifyToken, verifyTicketLink }: Deps,
  context: Context<AppEnv>,
  publicId: string,
) {
  const { id: ticketId, showId } = ticketIds.decode(publicId);
  const access = context.req.header("ticket-access");
  if (access !== undefined) {
    if (!verifyTicketLink(publicId, access)) throw new DomainError("TICKET_ACCESS_INVALID");
    return operations.readTicket({ ticketId, showId, userId: undefined });
  }
  const token = bearerToken(context.req.header("authorization"));
  if (token === undefined) throw new DomainError("TOKEN_MISSING");
  const { userId } = await verifyToken(token);
  return operations.readTicket({ ticketId, showId, userId });
}

const ticketSchema = z
  .object({
    ticketId: idSchema("tk"),
    bookingId: idSchema("bk"),
    status: z.enum(["live", "void"]),
    issuedAt: timestampSchema,
    seat: z.object({
      seatId: z.string(),
      section: z.string(),
      row: z.string(),
      number: z.int().nullable(),
    }),
    show: z.object({
      showId: idSchema("sh"),
      title: z.string(),
      format: z.string(),
      ageRating: z.string(),
      venueName: z.string(),
      venueAddress: z.string(),
      city: z.string(),
      hallName: z.string(),
      startsAt: timestampSchema,
      localDate: z.string(),
      localTime: z.string(),
      timeZone: z.string(),
      status: z.enum(["scheduled", "cancelled"]),
    }),
    code: z.string().nullable().openapi({
      description: "What is typed at the door where the code cannot be scanned",
      example: "7K3M9QPA",
    }),
    qr: z.string().nullable().openapi({
      description: "The signed text of the code; none when the ticket is void",
      example: "MQ1.k1.WyJ0a18uLi4iXQ.c2lnbmF0dXJl",
    }),
  })
  .openapi("Ticket");

const ticketHeaders = z.object({
  "ticket-access": z
    .string()
    .optional()
    .openapi({ description: "The key after the # of the link in the mail" }),
});

const ownerOrLink = [{ bearer: [] }, { ticketAccess: [] }];

const refusals = problems(
  "ID_MALFORMED",
  "TOKEN_MISSING",
  "TOKEN_INVALID",
  "TICKET_ACCESS_INVALID",
  "TICKET_NOT_FOUND",
);

const ticketRoute = createRoute({
  method: "get",
  path: "/v1/tickets/{id}",
  summary: "A ticket",
  security: ownerOrLink,
  request: { params: idParam("tk"), headers: ticketHeaders },
  responses: { 200: json(ticketSchema, "The ticket"), ...refusals },
});

const qrRoute = createRoute({
  method: "get",
  path: "/v1/tickets/{id}/qr.svg",
  summary: "The code of a ticket as a picture",
  security: ownerOrLink,
  request: { params: idParam("tk"), headers: ticketHeaders },
  responses: {
    200: {
      description: "The code",
      content: { "image/svg+xml": { schema: z.string() } },
    },
    ...refusals,
  },
});

function toTicket({ ticket, show, section, seat, qr }: TicketView): z.infer<typeof ticketSchema> {
  const { showId } = ticket;
  return {
    ticketId: ticketIds.encode({ id: ticket.ticketId, showId }),
    bookingId: bookingIds.encode({ id: ticket.bookingId, showId }),
    status: ticket.status,
    issuedAt: isoTime(ticket.issuedAtMs),
    seat: {
      seatId: ticket.seatId,
      section,
      row: seat?.row ?? "",
      number: seat?.number ?? null,
    },
    show: {
      showId: showIds.encode(showId),
      title: show.title.name,
      format: show.format,
      ageRating: show.title.ageRating,
      venueName: show.venue.name,
      venueAddress: show.venue.address,
      city: show.venue.city,
      hallName: show.hall.name,
      startsAt: isoTime(show.startsAtMs),
      localDate: show.localDate,
      localTime: show.localTime,
      timeZone: show.venue.timeZone,
      status: show.status,
    },
    code: qr === null ? null : ticketCode(ticket.ticketId),
    qr,
  };
}
