import { createRoute, z } from "@hono/zod-openapi";
import type { OpenAPIHono } from "@hono/zod-openapi";

import type { WaitingEntry } from "../../../adapters/postgres/waiting-list.ts";
import { bookingSeatsMax } from "../../../domain/booking.ts";
import { bookingIds, showIds } from "../../../domain/ids.ts";
import { waitingStates } from "../../../domain/waiting-list.ts";
import type { Operations } from "../../operations/create-operations.ts";
import type { AppEnv } from "../app-env.ts";
import { createRoutes } from "../create-routes.ts";
import {
  idParam,
  idSchema,
  isoTime,
  json,
  jsonBody,
  moneySchema,
  noStore,
  problems,
  signedIn,
  timestampSchema,
} from "../schemas.ts";

/** For those who want seats of a sold-out show, should any come back. */
export function createWaitingListRoutes({ waitingList }: Operations): OpenAPIHono<AppEnv> {
  const routes = createRoutes();

  routes.openapi(joinRoute, async (context) => {
    const { id } = context.req.valid("param");
    const { maxTotal, together, ...party } = context.req.valid("json");
    const person = { showId: showIds.decode(id), userId: context.get("caller").userId };
    const { isNew, entry } = await waitingList.join(person, {
      ...party,
      isTogether: together,
      totalMaxMinor: maxTotal?.amountMinor ?? null,
      ...(maxTotal !== undefined && { currency: maxTotal.currency }),
    });
    return context.json(toEntry(person.showId, entry), isNew ? 201 : 200, noStore);
  });

  routes.openapi(readRoute, async (context) => {
    const showId = showIds.decode(context.req.valid("param").id);
    const entry = await waitingList.read({ showId, userId: context.get("caller").userId });
    return context.json(toEntry(showId, entry), 200, noStore);
  });

  routes.openapi(leaveRoute, async (context) => {
    const showId = showIds.decode(context.req.valid("param").id);
    await waitingList.leave({ showId, userId: context.get("caller").userId });
    return context.body(null, 204);
  });
  return routes;
}

function toEntry(showId: string, entry: WaitingEntry): z.infer<typeof entrySchema> {
  const { currency, offer, totalMaxMinor, isTogether } = entry;
  const { state, position, partySize, priceCodes, accessible, companions } = entry;
  return {
    showId: showIds.encode(showId),
    ...{ state, position, partySize, priceCodes, accessible, companions },
    together: isTogether,
    maxTotal: totalMaxMinor === null ? null : { amountMinor: totalMaxMinor, currency },
    joinedAt: isoTime(entry.joinedAtMs),
    offer: offer && {
      bookingId: bookingIds.encode({ id: offer.bookingId, showId }),
      seatIds: offer.seatIds,
      expiryTime: isoTime(offer.heldUntilMs),
      totalAmount: { amountMinor: offer.totalMinor, currency },
    },
  };
}

const people = z.int().min(0).max(bookingSeatsMax).default(0);

const wishSchema = z
  .strictObject({
    partySize: z.int().min(1).max(bookingSeatsMax).openapi({
      description: "Everybody, also those in a wheelchair and their companions",
      example: 2,
    }),
    priceCodes: z
      .array(z.string().min(1).max(64))
      .max(20)
      .default([])
      .openapi({ description: "One of these prices, of seats or areas. Any, if left out" }),
    maxTotal: moneySchema
      .optional()
      .openapi({ description: "What the seats may cost together, fees included" }),
    together: z.boolean().default(true).openapi({
      description: "Side by side in one row; false: better apart than not at all",
    }),
    accessible: people.openapi({ description: "How many places for wheelchairs" }),
    companions: people.openapi({ description: "How many companions of people in wheelchairs" }),
  })
  .refine(({ partySize, accessible, companions }) => accessible + companions <= partySize, {
    path: ["partySize"],
    message: "Counts everybody, also those in a wheelchair and their companions",
  })
  .refine(({ accessible, companions }) => companions === 0 || accessible > 0, {
    path: ["companions"],
    message: "Companions' seats are for those who come with somebody in a wheelchair",
  });

const entrySchema = z
  .object({
    showId: idSchema("sh"),
    state: z.enum(waitingStates),
    position: z.int().nullable().openapi({ description: "1: the next one. null: not waiting" }),
    partySize: z.int(),
    priceCodes: z.array(z.string()),
    maxTotal: moneySchema.nullable(),
    together: z.boolean(),
    accessible: z.int(),
    companions: z.int(),
    joinedAt: timestampSchema,
    offer: z
      .object({
        bookingId: idSchema("bk"),
        seatIds: z.array(z.string()),
        expiryTime: timestampSchema,
        totalAmount: moneySchema,
      })
      .nullable()
      .openapi({
        description:
          "Seats that are held for you: pay for the booking until expiryTime, or give it back",
      }),
  })
  .openapi("WaitingListEntry");

const path = "/v1/shows/{id}/waiting-list";
const common = [
  ...(["ID_MALFORMED", "TOKEN_MISSING", "TOKEN_INVALID"] as const),
  ...(["RATE_LIMITED", "PARTNER_KEY_INVALID"] as const),
] as const;

const joinRoute = createRoute({
  method: "post",
  path,
  summary: "Wait for seats of a sold-out show",
  description:
    "One entry a person and show: the same wish again finds it. Seats that come back are offered in the order of the list to the first party that they fit, as a hold with a mail: pay for its booking in time, or give it back. While somebody waits nobody else can buy, so whoever sees free seats then joins too.",
  security: signedIn,
  request: { params: idParam("sh"), body: jsonBody(wishSchema) },
  responses: {
    200: json(entrySchema, "You were on the list with this wish already"),
    201: json(entrySchema, "You are on the list"),
    ...problems(
      ...([...common, "REQUEST_INVALID", "JSON_MALFORMED", "MEDIA_TYPE_UNSUPPORTED"] as const),
      ...(["SHOW_NOT_FOUND", "SHOW_CANCELLED", "SHOW_NOT_ON_SALE", "SEATS_TOO_MANY"] as const),
      ...(["PRICE_UNKNOWN", "SEAT_LIMIT_REACHED", "WAITING_LIST_CLOSED"] as const),
      ...(["WAITING_LIST_JOINED", "WAITING_WISH_IMPOSSIBLE"] as const),
    ),
  },
});

const readRoute = createRoute({
  method: "get",
  path,
  summary: "How I stand on the waiting list",
  description: "Your last entry, also when it is over. Nobody needs to ask: offers come by mail.",
  security: signedIn,
  request: { params: idParam("sh") },
  responses: {
    200: json(entrySchema, "Your entry"),
    ...problems(...common, "WAITING_LIST_ENTRY_NOT_FOUND"),
  },
});

const leaveRoute = createRoute({
  method: "delete",
  path,
  summary: "Leave the waiting list",
  description: "Seats that are offered to you go to the next. Repeating it is harmless.",
  security: signedIn,
  request: { params: idParam("sh") },
  responses: {
    204: { description: "You are not on the list" },
    ...problems(...common, "BOOKING_CLOSED"),
  },
});
