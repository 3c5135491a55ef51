import { createRoute, z } from "@hono/zod-openapi";
import type { OpenAPIHono } from "@hono/zod-openapi";

import type { StoredShow, StoredTitle } from "../../../adapters/postgres/catalogue.ts";
import { showIds, titleIds, venueIds } from "../../../domain/ids.ts";
import type { Operations } from "../../operations/create-operations.ts";
import type { AppEnv } from "../app-env.ts";
import { createRoutes } from "../create-routes.ts";
import { posterSchema, toPoster } from "../poster-view.ts";
import { publicCaching, publicLives, staleHeader } from "../public-caching.ts";
import {
  idParam,
  idSchema,
  isoTime,
  json,
  moneySchema,
  problems,
  timestampSchema,
} from "../schemas.ts";
import { showSummarySchema, toShowSummary } from "../show-summary.ts";

/** The catalogue: the same for everybody, so every cache on the way may keep it for some seconds. */
export function createShowRoutes(operations: Operations): OpenAPIHono<AppEnv> {
  const routes = createRoutes();
  routes.openapi(showRoute, async (context) => {
    const { id } = context.req.valid("param");
    const { show, staleSeconds } = await operations.readShow(showIds.decode(id));
    const { titleId, venueId } = { ...show.title, ...show.venue };
    const keys = [id, titleIds.encode(titleId), venueIds.encode(venueId)];
    const stale = staleHeader(staleSeconds);
    return context.json(toShow(show), 200, { ...caching(keys), ...stale });
  });
  routes.openapi(titleRoute, async (context) => {
    const { id } = context.req.valid("param");
    const title = await operations.readTitle(titleIds.decode(id));
    return context.json(
      {
        ...toTitle(title),
        shows: title.shows.map(toShowSummary),
      },
      200,
      caching([id]),
    );
  });
  routes.openapi(venueRoute, async (context) => {
    const { id } = context.req.valid("param");
    const venue = await operations.readVenue(venueIds.decode(id));
    return context.json(
      {
        ...venue,
        venueId: venueIds.encode(venue.venueId),
        halls: venue.halls.map(({ name, layoutHash }) => ({ name, layoutHash })),
        shows: venue.shows.map(toShowSummary),
      },
      200,
      caching([id]),
    );
  });
  return routes;
}

const caching = (keys: string[]) => publicCaching(publicLives.catalogue, [...keys, "catalogue"]);

const titleFields = {
  titleId: idSchema("ti"),
  name: z.string(),
  kind: z.enum(["film", "concert", "theatre", "comedy", "sport"]),
  genre: z.string(),
  language: z.string(),
  people: z.array(z.string()),
  synopsis: z.string(),
  durationMinutes: z.int(),
  ageRating: z.string(),
  poster: posterSchema.nullable(),
};

const venueFields = {
  venueId: idSchema("ve"),
  name: z.string(),
  city: z.string(),
  country: z.string(),
  timeZone: z.string(),
  address: z.string(),
  latitude: z.number(),
  longitude: z.number(),
};

const showSchema = z
  .object({
    showId: idSchema("sh"),
    title: z.object(titleFields),
    venue: z.object(venueFields),
    hallName: z.string(),
    layoutHash: z.string(),
    seatCount: z.int(),
    format: z.string(),
    startsAt: timestampSchema,
    localDate: z.string(),
    localTime: z.string(),
    salesOpenAt: timestampSchema,
    salesCloseAt: timestampSchema,
    status: z.enum(["scheduled", "cancelled"]),
    currency: z.string(),
    seatsPerBuyerMax: z.int(),
    seatsApart: z.int().openapi({
      description:
        "So many seats of a row stay empty between two bookings; an aisle is distance enough. Neighbours are at most 1.5 apart in the layout",
    }),
    channels: z
      .array(
        z.object({
          channel: z.string(),
          name: z.string(),
          opensAt: timestampSchema,
          closesAt: timestampSchema.nullable().openapi({
            description: "From then on its unsold seats are everybody's; null: never",
          }),
        }),
      )
      .openapi({ description: "Those that a code opens" }),
    prices: z.array(
      z.object({ priceCode: z.string(), name: z.string(), amount: moneySchema, fee: moneySchema }),
    ),
  })
  .openapi("Show");

const showRoute = createRoute({
  method: "get",
  path: "/v1/shows/{id}",
  summary: "A show with its prices",
  request: { params: idParam("sh") },
  responses: { 200: json(showSchema, "The show"), ...problems("ID_MALFORMED", "SHOW_NOT_FOUND") },
});

const titleRoute = createRoute({
  method: "get",
  path: "/v1/titles/{id}",
  summary: "A title with its coming shows",
  request: { params: idParam("ti") },
  responses: {
    200: json(
      z.object({ ...titleFields, shows: z.array(showSummarySchema) }).openapi("Title"),
      "The title",
    ),
    ...problems("ID_MALFORMED", "TITLE_NOT_FOUND"),
  },
});

const venueRoute = createRoute({
  method: "get",
  path: "/v1/venues/{id}",
  summary: "A venue with its coming shows",
  request: { params: idParam("ve") },
  responses: {
    200: json(
      z
        .object({
          ...venueFields,
          halls: z.array(z.object({ name: z.string(), layoutHash: z.string() })),
          shows: z.array(showSummarySchema),
        })
        .openapi("Venue"),
      "The venue",
    ),
    ...problems("ID_MALFORMED", "VENUE_NOT_FOUND"),
  },
});

export function toTitle<Title extends Pick<StoredTitle, "titleId" | "poster">>(title: Title) {
  return { ...title, titleId: titleIds.encode(title.titleId), poster: toPoster(title.poster) };
}

export function toShow(show: StoredShow): z.infer<typeof showSchema> {
  const { currency, layoutHash, seatCount, format, localDate, localTime, status } = show;
  return {
    showId: showIds.encode(show.showId),
    title: toTitle(show.title),
    venue: { ...show.venue, venueId: venueIds.encode(show.venue.venueId) },
    hallName: show.hall.name,
    ...{ layoutHash, seatCount, format, localDate, localTime, status, currency },
    startsAt: isoTime(show.startsAtMs),
    salesOpenAt: isoTime(show.salesOpenAtMs),
    salesCloseAt: isoTime(show.salesCloseAtMs),
    seatsPerBuyerMax: show.seatsPerBuyerMax,
    seatsApart: show.seatsApart,
    channels: show.channels.flatMap(({ channel, name, codeHash, opensAtMs, closesAtMs }) => {
      // What is held back is nobody's business.
      if (codeHash === null) return [];
      const opensAt = isoTime(opensAtMs ?? show.salesOpenAtMs);
      return [
        { channel, name, opensAt, closesAt: closesAtMs === null ? null : isoTime(closesAtMs) },
      ];
    }),
    prices: show.prices.map(({ priceCode, name, amountMinor, feeMinor }) => ({
      priceCode,
      name,
      amount: { amountMinor, currency },
      fee: { amountMinor: feeMinor, currency },
    })),
  };
}
