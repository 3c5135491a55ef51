import { createRoute, z } from "@hono/zod-openapi";
import type { OpenAPIHono } from "@hono/zod-openapi";

import { bookingSeatsMax } from "../../../domain/booking.ts";
import { showIds } from "../../../domain/ids.ts";
import type { Operations } from "../../operations/create-operations.ts";
import type { AppEnv } from "../app-env.ts";
import { channelCodeHeader, channelSchema, readChannelKey } from "../channel-key.ts";
import { createRoutes } from "../create-routes.ts";
import { idParam, idSchema, json, moneySchema, problems } from "../schemas.ts";

/** Seats for people who want to sit well and together, and not to search for it. */
export function createBestAvailableRoutes(deps: {
  operations: Operations;
  trustedProxies: number;
}): OpenAPIHono<AppEnv> {
  const { operations, trustedProxies } = deps;
  const routes = createRoutes();
  routes.openapi(bestAvailableRoute, async (context) => {
    const { id } = context.req.valid("param");
    const { priceCode, maxPrice, section, channel, ...party } = context.req.valid("query");
    const wish = {
      ...party,
      priceCodes: priceCode,
      priceMaxMinor: maxPrice,
      sectionIds: section,
    };
    const key = readChannelKey(context, channel, trustedProxies);
    const offered = await operations.findBestSeats(showIds.decode(id), wish, key);
    const { layoutHash, seatIds, blocks, isSplit, stranded, totalMinor, currency } = offered;
    // Everybody gets seats of their own, and whoever was not fast enough gets others the next time.
    context.header("cache-control", "no-store");
    return context.json(
      {
        ...{ showId: id, layoutHash, seatIds, blocks, isSplit, stranded },
        total: { amountMinor: totalMinor, currency },
      },
      200,
    );
  });
  return routes;
}

/** A parameter that may be there several times, as `section=101&section=102`. */
const names = z
  .preprocess(
    (value) => (typeof value === "string" ? [value] : (value ?? [])),
    z.array(z.string().min(1).max(64)).max(20),
  )
  .openapi({ type: "array", items: { type: "string" } });

const people = z.coerce.number().int().min(0).max(bookingSeatsMax).default(0);

const wishSchema = z
  .object({
    quantity: z.coerce.number().int().min(1).max(bookingSeatsMax).openapi({
      description: "Everybody, also those in a wheelchair and their companions",
      example: 4,
    }),
    priceCode: names.openapi({ description: "One of these prices. Any, if left out" }),
    maxPrice: z.coerce.number().int().min(0).optional().openapi({
      description: "What a seat may cost, its fee included, in whole minor units",
    }),
    section: names.openapi({ description: "One of these sections. Any, if left out" }),
    accessible: people.openapi({ description: "How many places for wheelchairs" }),
    companions: people.openapi({ description: "How many companions of people in wheelchairs" }),
    channel: channelSchema,
  })
  .refine(({ quantity, accessible, companions }) => accessible + companions <= quantity, {
    path: ["quantity"],
    message: "Counts everybody, also those in a wheelchair and their companions",
  })
  .refine(({ accessible, companions }) => companions === 0 || accessible > 0, {
    path: ["companions"],
    message: "Companions' seats are for those who come with somebody in a wheelchair",
  });

const bestSeatsSchema = z
  .object({
    showId: idSchema("sh"),
    layoutHash: z.string(),
    seatIds: z.array(z.string()),
    blocks: z
      .array(z.object({ section: z.string(), row: z.string(), seatIds: z.array(z.string()) }))
      .openapi({ description: "Seats side by side; two blocks, front row first, if isSplit" }),
    isSplit: z.boolean().openapi({ description: "No row has room for all" }),
    stranded: z.int().openapi({
      description: "Free seats beside these that are left alone. Nothing else was to be had then",
    }),
    total: moneySchema.openapi({ description: "With fees, as `expectedTotal` of reserve" }),
  })
  .openapi("BestSeats");

const bestAvailableRoute = createRoute({
  method: "get",
  path: "/v1/shows/{id}/best-available",
  summary: "The best free seats for a party",
  description:
    "Side by side, in the best of the wanted prices, near the stage and the middle. Places for wheelchairs and companions' seats are given to those alone who ask for them. Those who ask for the same within seconds get different seats that are worth as much and only lie farther away. Nothing is held by this: reserve the seats, and ask again when that answers SEAT_TAKEN.",
  request: { params: idParam("sh"), query: wishSchema },
  parameters: [channelCodeHeader],
  responses: {
    200: json(bestSeatsSchema, "Seats that are free now"),
    ...problems(
      "REQUEST_INVALID",
      "ID_MALFORMED",
      "SHOW_NOT_FOUND",
      "SEATS_TOO_MANY",
      "PRICE_UNKNOWN",
      "SECTION_UNKNOWN",
      "SEATS_UNAVAILABLE",
      "CHANNEL_UNKNOWN",
      "CHANNEL_CODE_WRONG",
      "CHANNEL_CODES_TOO_MANY",
    ),
  },
});
