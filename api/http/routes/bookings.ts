import { createRoute, z } from "@hono/zod-openapi";
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context, MiddlewareHandler } from "hono";

import { bookingSeatsMax } from "../../../domain/booking.ts";
import { DomainError } from "../../../domain/errors.ts";
import { bookingIds, showIds } from "../../../domain/ids.ts";
import type { Operations } from "../../operations/create-operations.ts";
import type { AppEnv } from "../app-env.ts";
import { bookingSchema, toBookingView } from "../booking-view.ts";
import { channelCodeHeader, channelSchema, readChannelKey } from "../channel-key.ts";
import { whoAsks } from "../who-asks.ts";
import { createRoutes } from "../create-routes.ts";
import { createLineCookies, peekPassCookies } from "../line-cookies.ts";
import { ownBooking } from "../own-booking.ts";
import { readDevice } from "../read-device.ts";
import { readIdempotencyKey } from "../read-idempotency-key.ts";
import { challengeHeader } from "../request-limits.ts";
import type { RequestLimits } from "../request-limits.ts";
import { reservationSchema, toReservation } from "../reservation-view.ts";
import {
  header,
  idempotencyHeaders,
  idParam,
  idSchema,
  json,
  jsonBody,
  moneySchema,
  problems,
  promoCodeName,
  seatIdsSchema,
  signedIn,
} from "../schemas.ts";

export function createBookingRoutes(deps: {
  operations: Operations;
  publicUrl: string;
  trustedProxies: number;
  limits: RequestLimits;
}): OpenAPIHono<AppEnv> {
  const { operations } = deps;
  const passInCookie = readPassCookies(deps);
  const routes = createRoutes();
  routes.use("/v1/bookings/reserve", readPassOrChallenge(deps));

  routes.openapi(reserveRoute, async (context) => {
    const { showId, seatIds, places, userId, expectedTotal, promoCode, channel } =
      context.req.valid("json");
    const caller = context.get("caller");
    if (userId !== caller.userId && userId !== caller.subject) {
      throw new DomainError("USER_MISMATCH");
    }
    const order = {
      userId: caller.userId,
      showId: showIds.decode(showId),
      seatIds,
      places,
      expectedTotal,
      promoCode,
      channelKey: readChannelKey(context, channel, deps.trustedProxies),
    };
    operations.lineDemand.hear(order.showId, () => whoAsks(context, deps.trustedProxies));
    const reservation = await operations.reserveSeats({
      ...order,
      idempotencyKey: readIdempotencyKey(context.req),
      pass: context.get("pass") ?? passInCookie(context, order.showId),
      asker: deps.limits.asker(context),
    });
    const { bookingId } = reservation;
    const publicId = bookingIds.encode({ id: bookingId, showId: order.showId });
    const location = `/v1/bookings/${publicId}`;
    if (reservation.outcome === "unknown") {
      throw new DomainError("RESERVE_UNKNOWN", { bookingId: publicId, location });
    }
    const answer = toReservation({ bookingId, showId: order.showId }, { seatIds, ...reservation });
    return context.json(answer, 201, { location });
  });

  routes.openapi(confirmRoute, async (context) => {
    const { bookingId } = context.req.valid("json");
    const confirmation = await operations.confirmBooking(
      ownBooking(bookingId, context.get("caller")),
    );
    const view = toBookingView(confirmation.booking);
    if (confirmation.outcome === "ticketed") return context.json(view, 200);
    return context.json(view, 202, { location: `/v1/bookings/${bookingId}`, "retry-after": "1" });
  });

  routes.openapi(bookingRoute, async (context) => {
    const { id } = context.req.valid("param");
    const booking = await operations.readBooking(ownBooking(id, context.get("caller")));
    return context.json(toBookingView(booking), 200);
  });
  return routes;
}

/** Before the body is read: whoever shows a pass that is no good costs nothing more, and whoever is suspected and has none. */
function readPassOrChallenge({
  operations,
  limits,
}: {
  operations: Operations;
  limits: RequestLimits;
}): MiddlewareHandler<AppEnv> {
  return (context, next) => {
    const slip = context.req.header("line-pass");
    if (slip !== undefined) {
      context.set("pass", operations.linePasses.read(slip, callerOf(context)));
      return next();
    }
    const shown = peekPassCookies(context.req.header("cookie"), operations.peekPass);
    if (shown?.userId === context.get("caller").userId) return next();
    return limits.challenge(context)?.then(next) ?? next();
  };
}

function callerOf(context: Context<AppEnv>) {
  return { userId: context.get("caller").userId, device: readDevice(context.req) };
}

/** The pass that the page of the line has given a browser. Where there is no line any more it says nothing. */
function readPassCookies({ operations, publicUrl }: { operations: Operations; publicUrl: string }) {
  const { lines, linePasses } = operations;
  const cookies = createLineCookies(publicUrl);
  return (context: Context<AppEnv>, showId: string) => {
    const slip = cookies.read(context, "pass", showIds.encode(showId));
    if (slip === undefined || lines.of(showId) === undefined) return undefined;
    try {
      return linePasses.read(slip, callerOf(context));
    } catch (error) {
      // Browsers keep what is over, and whoever orders without a line needs none: it is as good as none.
      if (error instanceof DomainError) return undefined;
      throw error;
    }
  };
}

const placesSchema = z
  .array(
    z.strictObject({
      area: z.string().min(1).max(12),
      quantity: z.int().min(1).max(bookingSeatsMax),
    }),
  )
  .refine((places) => new Set(places.map(({ area }) => area)).size === places.length, {
    message: "An area is named twice",
  })
  .openapi({
    description: "So many places of areas without seats, whichever they are",
    example: [{ area: "FLOOR", quantity: 2 }],
  });

const reserveSchema = z
  .strictObject({
    showId: idSchema("sh"),
    seatIds: seatIdsSchema.default([]).openapi({ uniqueItems: true, example: ["F7", "F8"] }),
    places: placesSchema.default([]),
    userId: z.string().max(255).openapi({ description: "The caller: the `sub` of the token" }),
    expectedTotal: moneySchema
      .optional()
      .openapi({ description: "What the buyer was shown; another total refuses the hold" }),
    promoCode: promoCodeName
      .optional()
      .openapi({ example: "EARLY-BIRD", description: "Capitals or not; totals are after it" }),
    channel: channelSchema,
  })
  .refine((order) => seatCount(order) > 0, { params: { errorCode: "SEATS_EMPTY" } })
  .refine((order) => seatCount(order) <= bookingSeatsMax, {
    params: { errorCode: "SEATS_TOO_MANY" },
  })
  .openapi("ReserveRequest");

function seatCount({
  seatIds,
  places,
}: {
  seatIds: string[];
  places: { quantity: number }[];
}): number {
  return places.reduce((sum, { quantity }) => sum + quantity, seatIds.length);
}

const reserveRoute = createRoute({
  method: "post",
  path: "/v1/bookings/reserve",
  summary: "Hold seats, and places of areas",
  description:
    "Holds all of the seats and places, or none. Send the same `Idempotency-Key` (or `X-Retry-Key`) again to repeat the request safely. 202 means that the answer is not known yet: ask for the booking at `Location`, or repeat the request; 404 there means that nothing is held so far.",
  security: signedIn,
  request: {
    body: jsonBody(reserveSchema),
  },
  parameters: [
    ...idempotencyHeaders,
    channelCodeHeader,
    header("line-pass", "Where the show has a line, the pass for it"),
    header(challengeHeader, "After CHALLENGE_REQUIRED, its answer"),
  ],
  responses: {
    201: json(reservationSchema, "The seats are held until expiryTime"),
    ...problems(
      "RESERVE_UNKNOWN",
      "REQUEST_INVALID",
      "JSON_MALFORMED",
      "SEATS_EMPTY",
      "SEATS_TOO_MANY",
      "SEATS_DUPLICATE",
      "SEAT_UNKNOWN",
      "IDEMPOTENCY_KEY_MISSING",
      "IDEMPOTENCY_KEY_INVALID",
      "TOKEN_MISSING",
      "TOKEN_INVALID",
      "USER_MISMATCH",
      "LINE_PASS_MISSING",
      "LINE_PASS_INVALID",
      "LINE_PASS_FOREIGN",
      "LINE_PASS_OTHER_SHOW",
      "LINE_PASS_EXPIRED",
      "LINE_PASS_ENDED",
      "SHOW_NOT_FOUND",
      "SHOW_NOT_ON_SALE",
      "SEAT_TAKEN",
      "SEAT_HELD_BACK",
      "WAITING_LIST_FIRST",
      "SEAT_TOO_CLOSE",
      "CHANNEL_UNKNOWN",
      "CHANNEL_CODE_WRONG",
      "CHANNEL_CODES_TOO_MANY",
      "CHANNEL_CLOSED",
      "AREA_UNKNOWN",
      "AREA_FULL",
      "SEAT_LIMIT_REACHED",
      "HOLD_COOLDOWN",
      "RATE_LIMITED",
      "CHALLENGE_REQUIRED",
      "CHALLENGE_FAILED",
      "PARTNER_KEY_INVALID",
      "PRICE_CHANGED",
      "PROMO_CODE_INVALID",
      "PROMO_CODE_ENDED",
      "PROMO_CODE_USED",
      "IDEMPOTENCY_KEY_REUSED",
      "BODY_TOO_LARGE",
      "MEDIA_TYPE_UNSUPPORTED",
      "RESERVE_TOO_LATE",
    ),
  },
});

const confirmRoute = createRoute({
  method: "post",
  path: "/v1/bookings/confirm",
  summary: "Ask whether the booking is paid, and get its tickets",
  description: "The provider is asked; 202 means that it has not decided, or that it is away.",
  security: signedIn,
  request: { body: jsonBody(z.strictObject({ bookingId: idSchema("bk") })) },
  responses: {
    200: json(bookingSchema, "Paid: these are the tickets"),
    202: json(bookingSchema, "Not paid so far; ask again"),
    ...problems(
      "REQUEST_INVALID",
      "JSON_MALFORMED",
      "ID_MALFORMED",
      "TOKEN_MISSING",
      "TOKEN_INVALID",
      "BOOKING_NOT_FOUND",
      "PAYMENT_NOT_FOUND",
      "PAYMENT_DECLINED",
      "PAYMENT_AMOUNT_MISMATCH",
      "CARD_LIMIT_REACHED",
      "RATE_LIMITED",
      "PARTNER_KEY_INVALID",
      "HOLD_EXPIRED",
      "HOLD_LOST",
      "BOOKING_CLOSED",
    ),
  },
});

const bookingRoute = createRoute({
  method: "get",
  path: "/v1/bookings/{id}",
  summary: "A booking of the caller",
  security: signedIn,
  request: { params: idParam("bk") },
  responses: {
    200: json(bookingSchema, "The booking"),
    ...problems("ID_MALFORMED", "TOKEN_MISSING", "TOKEN_INVALID", "BOOKING_NOT_FOUND"),
  },
});
