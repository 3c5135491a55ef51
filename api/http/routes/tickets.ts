import { createRoute, z } from "@hono/zod-openapi";
import type { OpenAPIHono } from "@hono/zod-openapi";
import { toString as toQrCode } from "qrcode";

import type { TicketView } from "../../../adapters/postgres/describe-ticket.ts";
import type { Wallets } from "../../../adapters/wallet/offer-wallets.ts";
import { DomainError } from "../../../domain/errors.ts";
import { bookingIds, ticketIds } from "../../../domain/ids.ts";
import type { Transfer } from "../../../domain/transfer.ts";
import { ticketCode } from "../../../domain/ticket-code.ts";
import type { AppEnv } from "../app-env.ts";
import { createRoutes } from "../create-routes.ts";
import { idParam, idSchema, isoTime, json, problems, timestampSchema } from "../schemas.ts";
import {
  isByLink,
  ownerOrLink,
  readTicketOf,
  ticketHeaders,
  ticketRefusals,
} from "../ticket-access.ts";
import type { TicketAccess } from "../ticket-access.ts";
import { toTransfer, transferSchema } from "../transfer-view.ts";

/** A ticket for its owner, or for whoever has the link from the mail: a friend at the door need not sign in. */
export function createTicketRoutes(deps: TicketAccess): OpenAPIHono<AppEnv> {
  const { openOffer } = deps.operations.transfers;
  const routes = createRoutes();
  routes.openapi(ticketRoute, async (context) => {
    const view = await readTicketOf(deps, context, context.req.valid("param").id);
    const offer = isByLink(context) ? undefined : await openOffer(view.ticket);
    return context.json(toTicket(view, { offer, wallets: deps.wallets }), 200, privateCaching);
  });
  routes.openapi(qrRoute, async (context) => {
    const { qr } = await readTicketOf(deps, context, context.req.valid("param").id);
    if (qr === null) throw new DomainError("TICKET_NOT_LIVE");
    const svg = await toQrCode(qr, { type: "svg", errorCorrectionLevel: "M", margin: 4 });
    return context.body(svg, 200, { ...privateCaching, "content-type": "image/svg+xml" });
  });
  return routes;
}

const privateCaching = { "cache-control": "private, no-store" };

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
    wallets: z
      .array(z.enum(["apple", "google"]))
      .openapi({ description: "Of phones, for which this ticket can be had" }),
    offer: transferSchema.nullable().openapi({
      description: "To somebody else, who has not accepted it yet; told to the owner alone",
    }),
  })
  .openapi("Ticket");

const ticketRoute = createRoute({
  method: "get",
  path: "/v1/tickets/{id}",
  summary: "A ticket",
  security: ownerOrLink,
  request: { params: idParam("tk"), headers: ticketHeaders },
  responses: { 200: json(ticketSchema, "The ticket"), ...problems(...ticketRefusals) },
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
    ...problems(...ticketRefusals, "TICKET_NOT_LIVE"),
  },
});

function toTicket(
  { ticket, show, seat, qr }: TicketView,
  { offer, wallets }: { offer: Transfer | undefined; wallets: Wallets },
): z.infer<typeof ticketSchema> {
  const { showId, seatId } = ticket;
  const { title, format, ageRating, venueName, venueAddress, city, hallName } = show;
  const { localDate, localTime, timeZone, status } = show;
  return {
    ticketId: ticketIds.encode({ id: ticket.ticketId, showId }),
    bookingId: bookingIds.encode({ id: ticket.bookingId, showId }),
    status: ticket.status,
    issuedAt: isoTime(ticket.issuedAtMs),
    seat: { seatId, ...seat },
    show: {
      showId: show.showId,
      ...{ title, format, ageRating, venueName, venueAddress, city, hallName },
      ...{ startsAt: isoTime(show.startsAtMs), localDate, localTime, timeZone, status },
    },
    code: qr === null ? null : ticketCode(ticket.ticketId),
    qr,
    wallets: (["apple", "google"] as const).filter((name) => qr !== null && wallets[name]),
    offer: offer === undefined ? null : toTransfer(offer),
  };
}
