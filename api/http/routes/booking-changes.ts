import { createRoute, z } from "@hono/zod-openapi";
import type { OpenAPIHono } from "@hono/zod-openapi";

import type { Operations } from "../../operations/create-operations.ts";
import type { AppEnv } from "../app-env.ts";
import { createRoutes } from "../create-routes.ts";
import { ownBooking } from "../own-booking.ts";
import { readIdempotencyKey } from "../read-idempotency-key.ts";
import { reservationSchema, toReservation } from "../reservation-view.ts";
import {
  bookedSeatIdsSchema,
  idParam,
  idempotencyHeaders,
  isoTime,
  json,
  jsonBody,
  moneySchema,
  problems,
  seatIdsSchema,
  signedIn,
  timestampSchema,
} from "../schemas.ts";

/** What a buyer may change about a booking: its seats, its time, and giving the hold or the tickets back. */
export function createBookingChangeRoutes(operations: Operations): OpenAPIHono<AppEnv> {
  const routes = createRoutes();

  routes.openapi(cancelRoute, async (context) => {
    const { id } = context.req.valid("param");
    await operations.cancelHold(ownBooking(id, context.get("caller")));
    return context.body(null, 204);
  });

  routes.openapi(extendRoute, async (context) => {
    const { id } = context.req.valid("param");
    const { heldUntilMs } = await operations.extendHold({
      ...ownBooking(id, context.get("caller")),
      idempotencyKey: readIdempotencyKey(context.req),
    });
    return context.json({ expiryTime: isoTime(heldUntilMs) }, 200);
  });

  routes.openapi(seatsRoute, async (context) => {
    const { id } = context.req.valid("param");
    const own = ownBooking(id, context.get("caller"));
    const hold = await operations.changeSeats({ ...own, ...context.req.valid("json") });
    return context.json(toReservation(own, hold), 200);
  });

  routes.openapi(refundRoute, async (context) => {
    const { id } = context.req.valid("param");
    const refund = await operations.refundBooking({
      ...ownBooking(id, context.get("caller")),
      seatIds: context.req.valid("json").seatIds,
      idempotencyKey: readIdempotencyKey(context.req),
    });
    return context.json(refund, 202, { location: `/v1/bookings/${id}` });
  });
  return routes;
}

const everyChange = [
  "ID_MALFORMED",
  "TOKEN_MISSING",
  "TOKEN_INVALID",
  "BOOKING_NOT_FOUND",
  "BOOKING_CLOSED",
] as const;

const cancelRoute = createRoute({
  method: "delete",
  path: "/v1/bookings/{id}",
  summary: "Give a hold back",
  description:
    "The seats are on sale again when this answers. A payment that was begun is voided. Repeating it is harmless.",
  security: signedIn,
  request: { params: idParam("bk") },
  responses: { 204: { description: "The seats are given back" }, ...problems(...everyChange) },
});

const extendRoute = createRoute({
  method: "post",
  path: "/v1/bookings/{id}/extend",
  summary: "Ask for more time to pay",
  description: "Five minutes more, at most twice, and twenty minutes in all.",
  security: signedIn,
  request: { params: idParam("bk") },
  parameters: idempotencyHeaders,
  responses: {
    200: json(z.object({ expiryTime: timestampSchema }), "The seats are held until then"),
    ...problems(
      ...everyChange,
      "IDEMPOTENCY_KEY_MISSING",
      "IDEMPOTENCY_KEY_INVALID",
      "HOLD_EXPIRED",
      "HOLD_EXTENSIONS_EXHAUSTED",
    ),
  },
});

const seatsSchema = z
  .strictObject({
    add: seatIdsSchema.default([]).openapi({ example: ["F9"] }),
    drop: bookedSeatIdsSchema.default([]).openapi({ example: ["F7"] }),
    expectedTotal: moneySchema
      .optional()
      .openapi({ description: "Of the hold after it; another total refuses the change" }),
  })
  .refine(({ add, drop }) => add.length + drop.length > 0, {
    message: "Name a seat to add or to drop",
    params: { errorCode: "SEATS_EMPTY" },
  })
  .refine(({ add, drop }) => !add.some((seatId) => drop.includes(seatId)), {
    message: "A seat is both added and dropped",
    params: { errorCode: "SEATS_DUPLICATE" },
  })
  .openapi("SeatChange");

const seatsRoute = createRoute({
  method: "post",
  path: "/v1/bookings/{id}/seats",
  summary: "Change the seats of a hold",
  description:
    "Adds seats and drops others, all of it or nothing, until a payment has begun. The hold ends when it would have ended; its price is that of all its seats at this moment. It says how the hold shall be, so it needs no `Idempotency-Key`: to add a seat that the hold has, or to drop one that it has not, is no error. To give all seats back, delete the booking.",
  security: signedIn,
  request: { params: idParam("bk"), body: jsonBody(seatsSchema) },
  responses: {
    200: json(reservationSchema, "The hold as it is now"),
    ...problems(
      ...everyChange,
      "REQUEST_INVALID",
      "JSON_MALFORMED",
      "MEDIA_TYPE_UNSUPPORTED",
      "SEATS_EMPTY",
      "SEATS_TOO_MANY",
      "SEATS_DUPLICATE",
      "SEAT_UNKNOWN",
      "SEAT_TAKEN",
      "SEAT_HELD_BACK",
      "WAITING_LIST_FIRST",
      "SEAT_TOO_CLOSE",
      "SEAT_LIMIT_REACHED",
      "SHOW_NOT_ON_SALE",
      "PRICE_CHANGED",
      "HOLD_EXPIRED",
      "HOLD_WOULD_BE_EMPTY",
      "HOLD_CHANGES_EXHAUSTED",
      "PAYMENT_BEGUN",
    ),
  },
});

const refundRoute = createRoute({
  method: "post",
  path: "/v1/bookings/{id}/refund",
  summary: "Give tickets back",
  description:
    "While the organiser allows it. The tickets are void when this answers; the money follows, and the booking says how far it is. Fees are kept, unless the show was put off after you had booked. Of a cancelled show everything goes back, whatever is named.",
  security: signedIn,
  request: {
    params: idParam("bk"),
    body: jsonBody(
      z
        .strictObject({
          seatIds: bookedSeatIdsSchema
            .min(1)
            .optional()
            .openapi({ description: "Left out: every seat of the booking" }),
        })
        .openapi("RefundRequest"),
    ),
  },
  parameters: idempotencyHeaders,
  responses: {
    202: json(
      z.object({ amount: moneySchema, seatIds: z.array(z.string()) }).openapi("TicketRefund"),
      "The tickets are void; the money is on its way",
    ),
    ...problems(
      ...everyChange,
      "REQUEST_INVALID",
      "JSON_MALFORMED",
      "MEDIA_TYPE_UNSUPPORTED",
      "SEATS_DUPLICATE",
      "IDEMPOTENCY_KEY_MISSING",
      "IDEMPOTENCY_KEY_INVALID",
      "IN_PROGRESS",
      "REFUND_NOT_ALLOWED",
      "REFUND_EXCEEDS_PAYMENT",
      "TICKET_NOT_LIVE",
      "TICKET_ENTERED",
    ),
  },
});
