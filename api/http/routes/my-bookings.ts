import { createRoute, z } from "@hono/zod-openapi";
import type { OpenAPIHono } from "@hono/zod-openapi";

import type { StoredShow } from "../../../adapters/postgres/catalogue.ts";
import type { BookingPlace } from "../../../adapters/postgres/user-bookings.ts";
import { bookingStatuses } from "../../../domain/booking.ts";
import { DomainError } from "../../../domain/errors.ts";
import { bookingIds, isUuid, showIds, ticketIds } from "../../../domain/ids.ts";
import type { BookingPage } from "../../operations/list-bookings.ts";
import type { Operations } from "../../operations/create-operations.ts";
import type { AppEnv } from "../app-env.ts";
import { createRoutes } from "../create-routes.ts";
import {
  idSchema,
  isoTime,
  json,
  moneySchema,
  noStore,
  problems,
  signedIn,
  timestampSchema,
} from "../schemas.ts";

/** What the caller has booked, and was handed by others. */
export function createMyBookingRoutes(operations: Operations): OpenAPIHono<AppEnv> {
  const routes = createRoutes();
  routes.openapi(listRoute, async (context) => {
    const { when, cursor, limit } = context.req.valid("query");
    const page = await operations.listBookings({
      ...{ userId: context.get("caller").userId, when, limit },
      after: cursor === undefined ? undefined : readCursor(cursor),
    });
    return context.json(toPage(page), 200, noStore);
  });
  return routes;
}

const listedShow = z.object({
  showId: idSchema("sh"),
  title: z.string(),
  venueName: z.string(),
  hallName: z.string(),
  city: z.string(),
  startsAt: timestampSchema,
  localDate: z.string(),
  localTime: z.string(),
  timeZone: z.string(),
  status: z.enum(["scheduled", "cancelled"]),
});

const listedBooking = z
  .object({
    bookingId: idSchema("bk"),
    status: z.enum(bookingStatuses),
    seatCount: z.int(),
    totalAmount: moneySchema,
    refundedAmount: moneySchema.openapi({ description: "On its way back, or back already" }),
    liveTickets: z.int(),
    canGiveBack: z.boolean().openapi({ description: "The organiser takes tickets back now" }),
    expiryTime: timestampSchema,
    createdAt: timestampSchema,
    show: listedShow,
  })
  .openapi("ListedBooking");

const receivedTickets = z
  .object({
    bookingId: idSchema("bk"),
    ticketIds: z.array(idSchema("tk")),
    show: listedShow,
  })
  .openapi("ReceivedTickets", {
    description: "Live tickets of somebody else's booking that the caller was handed",
  });

const listRoute = createRoute({
  method: "get",
  path: "/v1/me/bookings",
  summary: "The caller's bookings, and the tickets that others have handed them",
  description:
    "Upcoming ones by their start, soonest first; past ones latest first. A new booking is there some seconds after it was made. What was let go of without paying is not listed. A page has `limit` bookings at the most, own and others' together. It is empty only at the end, or after a thousand places of tickets that have moved on.",
  security: signedIn,
  request: {
    query: z.object({
      when: z.enum(["upcoming", "past"]).default("upcoming"),
      cursor: z
        .string()
        .max(64)
        .optional()
        .openapi({ description: "`nextCursor` of the last page" }),
      limit: z.coerce.number().int().min(1).max(50).default(20),
    }),
  },
  responses: {
    200: json(
      z.object({
        bookings: z.array(listedBooking),
        received: z.array(receivedTickets),
        nextCursor: z.string().optional(),
      }),
      "A page of them",
    ),
    ...problems("REQUEST_INVALID", "CURSOR_INVALID", "TOKEN_MISSING", "TOKEN_INVALID"),
  },
});

function toPage({ bookings, received, next }: BookingPage) {
  return {
    bookings: bookings.map(({ booking, show }) => ({
      bookingId: publicId(booking),
      status: booking.status,
      seatCount: booking.seatCount,
      totalAmount: { amountMinor: booking.totalMinor, currency: booking.currency },
      refundedAmount: { amountMinor: booking.refundedMinor, currency: booking.currency },
      liveTickets: booking.liveTickets,
      canGiveBack: booking.isReturnable && booking.liveTickets > 0,
      expiryTime: isoTime(booking.heldUntilMs),
      createdAt: isoTime(booking.createdAtMs),
      show: toListedShow(show),
    })),
    received: received.map(({ ticketIds: ids, show, ...booking }) => ({
      bookingId: publicId(booking),
      ticketIds: ids.map((id) => ticketIds.encode({ id, showId: booking.showId })),
      show: toListedShow(show),
    })),
    ...(next !== undefined && { nextCursor: `${next.startsAtMicros}.${next.bookingId}` }),
  };
}

function publicId({ bookingId, showId }: { bookingId: string; showId: string }): string {
  return bookingIds.encode({ id: bookingId, showId });
}

function toListedShow(show: StoredShow): z.infer<typeof listedShow> {
  return {
    showId: showIds.encode(show.showId),
    title: show.title.name,
    ...{ venueName: show.venue.name, hallName: show.hall.name, city: show.venue.city },
    startsAt: isoTime(show.startsAtMs),
    ...{ localDate: show.localDate, localTime: show.localTime },
    ...{ timeZone: show.venue.timeZone, status: show.status },
  };
}

/** Microseconds of sixteen digits reach to the year 2286. */
function readCursor(text: string): BookingPlace {
  const [startsAtMicros = "", bookingId = "", ...rest] = text.split(".");
  if (!/^\d{1,16}$/.test(startsAtMicros)) throw new DomainError("CURSOR_INVALID");
  if (!isUuid(bookingId) || rest.length > 0) throw new DomainError("CURSOR_INVALID");
  return { startsAtMicros, bookingId };
}
