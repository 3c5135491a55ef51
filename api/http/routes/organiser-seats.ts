import { createRoute, z } from "@hono/zod-openapi";
import type { OpenAPIHono } from "@hono/zod-openapi";

import { seatPicks } from "../../../adapters/postgres/catalogue-file.ts";
import { bookingSeatsMax } from "../../../domain/booking.ts";
import { DomainError } from "../../../domain/errors.ts";
import { bookingIds } from "../../../domain/ids.ts";
import type { Operations } from "../../operations/create-operations.ts";
import type { AppEnv } from "../app-env.ts";
import { createRoutes } from "../create-routes.ts";
import {
  anySeatId,
  askOfShow,
  channelKey,
  promoCodeSchema,
  showParam,
  showPath,
  showProblems,
  toPromoCode,
} from "../organiser-show-view.ts";
import { userIdSchema } from "../organiser-view.ts";
import { readIdempotencyKey } from "../read-idempotency-key.ts";
import {
  bookedSeatIdsSchema,
  idempotencyHeaders,
  idSchema,
  json,
  jsonBody,
  noStore,
  personName,
  problems,
  promoCodeName,
  signedIn,
  timestampSchema,
} from "../schemas.ts";

/** What organisers do with seats of a show that is on sale. */
export function createOrganiserSeatRoutes({ showDesk }: Operations): OpenAPIHono<AppEnv> {
  const { keepSeats, giveSeats, moveTickets, promoCodes } = showDesk;
  const routes = createRoutes();
  routes.openapi(keepRoute, async (context) => {
    const kept = await keepSeats({ ...askOfShow(context), ...context.req.valid("json") });
    return context.json(kept, 200, noStore);
  });
  routes.openapi(giveRoute, async (context) => {
    const ask = askOfShow(context);
    const { to, ...gift } = context.req.valid("json");
    const idempotencyKey = readIdempotencyKey(context.req);
    const { bookingId } = await giveSeats({ ...ask, ...gift, to, idempotencyKey });
    const publicId = bookingIds.encode({ id: bookingId, showId: ask.showId });
    return context.json({ bookingId: publicId }, 201, noStore);
  });
  routes.openapi(moveRoute, async (context) => {
    const ask = askOfShow(context);
    const { bookingId, moves } = context.req.valid("json");
    const booking = bookingIds.decode(bookingId);
    if (booking.showId !== ask.showId) throw new DomainError("BOOKING_NOT_FOUND");
    const moved = await moveTickets({
      ...{ ...ask, bookingId: booking.id },
      moves: moves.map(({ from, to }) => ({ fromSeatId: from, toSeatId: to })),
    });
    return context.json(moved, 200, noStore);
  });
  routes.openapi(promoListRoute, async (context) => {
    const codes = await promoCodes.list(askOfShow(context));
    return context.json({ promoCodes: codes.map(toPromoCode) }, 200, noStore);
  });
  routes.openapi(promoAddRoute, async (context) => {
    const { code } = context.req.valid("param");
    const { usesMax, validUntil, ...offer } = context.req.valid("json");
    const validUntilMs = validUntil === undefined ? undefined : Date.parse(validUntil);
    const added = await promoCodes.add({
      ...askOfShow(context),
      code,
      offer,
      usesMax,
      validUntilMs,
    });
    return context.json(toPromoCode(added), 200, noStore);
  });
  routes.openapi(promoEndRoute, async (context) => {
    const { code } = context.req.valid("param");
    await promoCodes.end({ ...askOfShow(context), code });
    return context.body(null, 204);
  });
  return routes;
}

const keepSchema = z
  .strictObject({
    action: z.enum(["block", "keep", "release"]).openapi({
      description: "`block`: not sold. `keep`: of `channel`. `release`: everybody's",
    }),
    channel: channelKey.nullable().default(null),
    seatIds: z.array(anySeatId).max(5_000).default([]),
    picks: seatPicks.default([]).openapi({
      description: "As in a catalogue file: `{ section, rows, from, to }`",
    }),
    ofChannels: z
      .array(channelKey)
      .max(20)
      .default([])
      .openapi({ description: "All unsold seats of these channels" }),
    skipsTaken: z.boolean().default(false).openapi({
      description: "Leaves those alone that are held or sold, instead of doing nothing",
    }),
  })
  .refine(({ action, channel }) => (action === "keep") === (channel !== null), {
    path: ["channel"],
    message: "Name the channel of `keep`, and of nothing else",
  })
  .openapi("SeatKeeping");

const keepRoute = createRoute({
  method: "post",
  path: `${showPath}/seats`,
  summary: "Block seats, keep them for a channel, or release them; for owners, editors and sellers",
  description:
    "Seats that somebody holds or has bought are never touched: all is refused with their list, or they are left out. Live seat maps show it within a second. The same again changes nothing.",
  security: signedIn,
  request: { params: showParam, body: jsonBody(keepSchema) },
  responses: {
    200: json(
      z.object({ changed: z.int(), takenSeatIds: z.array(anySeatId) }).openapi("KeptSeats"),
      "So many have changed",
    ),
    ...problems(...showProblems, "SEATS_EMPTY", "SEAT_TAKEN", "SEAT_UNKNOWN", "CHANNEL_UNKNOWN"),
  },
});

const giftSchema = z
  .strictObject({
    seatIds: bookedSeatIdsSchema.min(1),
    channel: channelKey.nullable().default(null).openapi({
      description: "Whose seats may be given, beside everybody's; it need not be open",
    }),
    to: z.union([
      z.strictObject({ userId: userIdSchema }),
      z.strictObject({ email: z.email().max(254), name: personName }),
    ]),
  })
  .openapi("Gift");

const giveRoute = createRoute({
  method: "post",
  path: `${showPath}/gifts`,
  summary: "Give seats away: tickets without payment; for owners, editors and sellers",
  description:
    "The tickets go out by mail. They count against the person's limit, and apart in the figures. The same `Idempotency-Key` gives the same booking.",
  security: signedIn,
  request: { params: showParam, body: jsonBody(giftSchema) },
  parameters: idempotencyHeaders,
  responses: {
    201: json(
      z.object({ bookingId: idSchema("bk") }).openapi("GivenSeats"),
      "Its tickets are live",
    ),
    ...problems(
      ...showProblems,
      ...(["IDEMPOTENCY_KEY_MISSING", "IDEMPOTENCY_KEY_INVALID"] as const),
      ...(["IDEMPOTENCY_KEY_REUSED", "PERSON_UNKNOWN", "SHOW_CANCELLED", "SEATS_EMPTY"] as const),
      ...(["SEATS_TOO_MANY", "SEATS_DUPLICATE", "SEAT_UNKNOWN", "SEAT_TAKEN"] as const),
      ...(["SEAT_HELD_BACK", "SEAT_TOO_CLOSE", "SEAT_LIMIT_REACHED"] as const),
    ),
  },
});

const moveSchema = z
  .strictObject({
    bookingId: idSchema("bk"),
    moves: z
      .array(z.strictObject({ from: anySeatId, to: anySeatId }))
      .min(1)
      .max(bookingSeatsMax),
  })
  .openapi("TicketMoves");

const moveRoute = createRoute({
  method: "post",
  path: `${showPath}/moves`,
  summary: "Move tickets of a booking to other seats; for owners, editors and sellers",
  description:
    "All of them or none. The old codes die at once, the buyer gets the new ones by mail; no money moves, whatever the new seats cost. The same again changes nothing.",
  security: signedIn,
  request: { params: showParam, body: jsonBody(moveSchema) },
  responses: {
    200: json(
      z.object({ priceDifferenceMinor: z.int() }).openapi("MovedTickets"),
      "So much more the new seats cost by the list; less than 0: so much less",
    ),
    ...problems(
      ...showProblems,
      ...(["BOOKING_NOT_FOUND", "BOOKING_CLOSED", "IN_PROGRESS", "SHOW_CANCELLED"] as const),
      ...(["TICKET_NOT_LIVE", "TICKET_ENTERED", "SEATS_DUPLICATE"] as const),
      ...(["SEAT_UNKNOWN", "SEAT_TAKEN"] as const),
      ...(["SEAT_OWN", "SEAT_HELD_BACK", "SEAT_TOO_CLOSE"] as const),
    ),
  },
});

const promoPath = `${showPath}/promo-codes`;
const promoParam = showParam.extend({
  code: promoCodeName.openapi({ example: "EARLY-BIRD" }),
});
const promoTerms = {
  usesMax: z.int().min(1).max(1_000_000),
  validUntil: timestampSchema.optional().openapi({ description: "Left out: until sales close" }),
};
const promoOfferSchema = z
  .union([
    z.strictObject({ ...promoTerms, percent: z.int().min(1).max(100) }),
    z.strictObject({ ...promoTerms, amountMinor: z.int().min(1).max(100_000_000) }),
  ])
  .openapi("PromoOffer");

const promoListRoute = createRoute({
  method: "get",
  path: promoPath,
  summary: "The promo codes of a show and their uses; for owners, editors and viewers",
  security: signedIn,
  request: { params: showParam },
  responses: {
    200: json(z.object({ promoCodes: z.array(promoCodeSchema) }), "In the order of their names"),
    ...problems(...showProblems),
  },
});

const promoAddRoute = createRoute({
  method: "put",
  path: `${promoPath}/{code}`,
  summary: "Add a promo code to a show; for owners and editors",
  description: "The same again changes nothing; another offer under the name is refused.",
  security: signedIn,
  request: { params: promoParam, body: jsonBody(promoOfferSchema) },
  responses: {
    200: json(promoCodeSchema, "The code"),
    ...problems(...showProblems, "PROMO_CODE_EXISTS", "PROMO_CODES_TOO_MANY"),
  },
});

const promoEndRoute = createRoute({
  method: "delete",
  path: `${promoPath}/{code}`,
  summary: "End a promo code; for owners and editors",
  description: "Nobody can order with it any more; who has ordered keeps the discount.",
  security: signedIn,
  request: { params: promoParam },
  responses: {
    204: { description: "It has ended" },
    ...problems(...showProblems, "PROMO_CODE_NOT_FOUND"),
  },
});
