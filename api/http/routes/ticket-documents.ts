import { createRoute, z } from "@hono/zod-openapi";
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";

import { writeCalendar } from "../../../adapters/calendar/write-calendar.ts";
import { drawTickets } from "../../../adapters/pdf/draw-tickets.ts";
import { toDocument } from "../../../adapters/postgres/describe-ticket.ts";
import type { TicketView } from "../../../adapters/postgres/describe-ticket.ts";
import { DomainError } from "../../../domain/errors.ts";
import { bookingIds } from "../../../domain/ids.ts";
import { nameSeat } from "../../../domain/name-seat.ts";
import type { Operations } from "../../operations/create-operations.ts";
import type { AppEnv } from "../app-env.ts";
import { createRoutes } from "../create-routes.ts";
import { ownBooking } from "../own-booking.ts";
import { idParam, problems, signedIn } from "../schemas.ts";
import { ownerOrLink, readTicketOf, ticketHeaders, ticketRefusals } from "../ticket-access.ts";
import type { TicketAccess } from "../ticket-access.ts";

/** Tickets to keep and to print: as a PDF and as a calendar entry, one by one and a whole booking; and as the mail once more. */
export function createTicketDocumentRoutes(deps: TicketAccess): OpenAPIHono<AppEnv> {
  const routes = createRoutes();
  routes.openapi(ticketPdfRoute, async (context) => {
    const view = await readTicketOf(deps, context, context.req.valid("param").id);
    return answerPdf(context, [view]);
  });
  routes.openapi(ticketCalendarRoute, async (context) => {
    const view = await readTicketOf(deps, context, context.req.valid("param").id);
    return answerCalendar(context, [view]);
  });
  routes.openapi(bookingPdfRoute, async (context) => {
    return answerPdf(context, await readTickets(deps, context, context.req.valid("param").id));
  });
  routes.openapi(bookingCalendarRoute, async (context) => {
    return answerCalendar(context, await readTickets(deps, context, context.req.valid("param").id));
  });
  routes.openapi(resendRoute, async (context) => {
    const own = ownBooking(context.req.valid("param").id, context.get("caller"));
    await deps.operations.resendTickets(own);
    return context.body(null, 202);
  });
  return routes;
}

async function readTickets(
  { operations }: { operations: Operations },
  context: Context<AppEnv>,
  publicId: string,
): Promise<TicketView[]> {
  return operations.readTickets(ownBooking(publicId, context.get("caller")));
}

async function answerPdf(context: Context<AppEnv>, views: TicketView[]) {
  const pdf = await drawTickets(liveOf(views).map(toDocument));
  return context.body(new Uint8Array(pdf), 200, attachment("application/pdf", "tickets.pdf"));
}

/** A calendar that has the entry shall hear that its show is cancelled, though the tickets are void by then. */
function answerCalendar(context: Context<AppEnv>, views: TicketView[]) {
  const [first] = views;
  const shown = first?.show.status === "cancelled" ? views : liveOf(views);
  const [{ ticket, show }] = shown as [TicketView, ...TicketView[]];
  const calendar = writeCalendar({
    bookingId: bookingIds.encode({ id: ticket.bookingId, showId: ticket.showId }),
    show,
    seats: shown.map(({ seat }) => nameSeat(seat)),
  });
  return context.body(calendar, 200, attachment("text/calendar; charset=utf-8", "event.ics"));
}

function liveOf(views: TicketView[]): TicketView[] {
  const live = views.filter(({ ticket }) => ticket.status === "live");
  if (live.length === 0) throw new DomainError("TICKET_NOT_LIVE");
  return live;
}

function attachment(type: string, filename: string) {
  return {
    "cache-control": "private, no-store",
    "content-type": type,
    "content-disposition": `attachment; filename="${filename}"`,
  };
}

const pdf = {
  200: {
    description: "A page for each live ticket",
    content: { "application/pdf": { schema: z.string() } },
  },
};
const calendar = {
  200: {
    description: "The show as a calendar entry",
    content: { "text/calendar": { schema: z.string() } },
  },
};

const ofTicket = {
  method: "get",
  security: ownerOrLink,
  request: { params: idParam("tk"), headers: ticketHeaders },
} as const;
const ofBooking = {
  method: "get",
  security: signedIn,
  request: { params: idParam("bk") },
} as const;
const bookingRefusals = [
  ...(["ID_MALFORMED", "TOKEN_MISSING", "TOKEN_INVALID", "BOOKING_NOT_FOUND"] as const),
  ...(["TICKET_NOT_LIVE", "RATE_LIMITED"] as const),
] as const;

const ticketPdfRoute = createRoute({
  ...ofTicket,
  path: "/v1/tickets/{id}/ticket.pdf",
  summary: "A ticket as a PDF",
  responses: { ...pdf, ...problems(...ticketRefusals, "TICKET_NOT_LIVE", "RATE_LIMITED") },
});
const ticketCalendarRoute = createRoute({
  ...ofTicket,
  path: "/v1/tickets/{id}/event.ics",
  summary: "The show of a ticket for a calendar",
  description:
    "The entry of a booking keeps its name and raises its number: imported again, it replaces what the calendar has, with the new time of a show that was put off, or as cancelled.",
  responses: { ...calendar, ...problems(...ticketRefusals, "TICKET_NOT_LIVE", "RATE_LIMITED") },
});
const bookingPdfRoute = createRoute({
  ...ofBooking,
  path: "/v1/bookings/{id}/tickets.pdf",
  summary: "The tickets of a booking as one PDF",
  responses: { ...pdf, ...problems(...bookingRefusals) },
});
const bookingCalendarRoute = createRoute({
  ...ofBooking,
  path: "/v1/bookings/{id}/event.ics",
  summary: "The show of a booking for a calendar",
  responses: { ...calendar, ...problems(...bookingRefusals) },
});
const resendRoute = createRoute({
  ...ofBooking,
  method: "post",
  path: "/v1/bookings/{id}/resend",
  summary: "Have the tickets sent again",
  description:
    "The mail with the live tickets that are yours, to the address that is known of you. Once in ten minutes.",
  responses: {
    202: { description: "The mail is on its way" },
    ...problems(...bookingRefusals),
  },
});
