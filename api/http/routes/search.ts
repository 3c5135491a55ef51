import { createRoute, z } from "@hono/zod-openapi";
import type { OpenAPIHono } from "@hono/zod-openapi";

import type { Operations } from "../../operations/create-operations.ts";
import type { AppEnv } from "../app-env.ts";
import { createRoutes } from "../create-routes.ts";
import { publicCaching, publicLives } from "../public-caching.ts";
import { json, problems } from "../schemas.ts";
import { showSummarySchema, toShowSummary } from "../show-summary.ts";

/** Discovery. While Elasticsearch is away PostgreSQL answers a simpler search, and says so: `degraded`. */
export function createSearchRoutes(operations: Operations): OpenAPIHono<AppEnv> {
  const routes = createRoutes();
  routes.openapi(searchRoute, async (context) => {
    const { q, date, from, to, near, radiusKm, ...filter } = context.req.valid("query");
    const page = await operations.searchShows({
      ...filter,
      text: q,
      fromDate: date ?? from,
      toDate: date ?? to,
      near: near && { ...near, radiusKm },
    });
    return context.json(
      {
        shows: page.shows.map(toShowSummary),
        ...(page.total !== undefined && { total: page.total }),
        ...(page.facets && { facets: page.facets }),
        ...(page.nextCursor !== undefined && { nextCursor: page.nextCursor }),
        degraded: page.degraded,
      },
      200,
      publicCaching(publicLives.search, ["search"]),
    );
  });
  routes.openapi(suggestRoute, async (context) => {
    const { q, limit } = context.req.valid("query");
    const { suggestions, degraded } = await operations.suggest({ text: q, limit });
    const headers = publicCaching(publicLives.suggest, ["search"]);
    return context.json({ suggestions, degraded }, 200, headers);
  });
  return routes;
}

const word = z.string().trim().min(1).max(100);
const localDate = z.iso.date().openapi({ description: "On the venue's own calendar" });

const placeSchema = z
  .string()
  .regex(/^-?\d{1,2}(\.\d+)?,-?\d{1,3}(\.\d+)?$/)
  .transform((text) => {
    const [latitude = 0, longitude = 0] = text.split(",").map(Number);
    return { latitude, longitude };
  })
  .refine(({ latitude, longitude }) => Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180, {
    message: "Not a place on Earth",
  })
  .openapi({ type: "string", example: "51.51,-0.13", description: "latitude,longitude" });

const searchRoute = createRoute({
  method: "get",
  path: "/v1/search",
  summary: "Find shows",
  request: {
    query: z.object({
      q: z.string().trim().max(200).optional(),
      city: word.optional(),
      date: localDate.optional(),
      from: localDate.optional(),
      to: localDate.optional(),
      genre: word.optional(),
      language: word.optional(),
      format: word.optional(),
      near: placeSchema.optional(),
      radiusKm: z.coerce.number().min(0.1).max(500).default(25),
      sort: z.enum(["relevance", "date", "price", "distance"]).optional(),
      cursor: z.string().max(1_000).optional(),
      limit: z.coerce.number().int().min(1).max(50).default(20),
    }),
  },
  responses: {
    200: json(
      z
        .object({
          shows: z.array(showSummarySchema),
          total: z.int().optional(),
          facets: z
            .record(z.string(), z.array(z.object({ value: z.string(), count: z.int() })))
            .optional(),
          nextCursor: z.string().optional(),
          degraded: z.boolean(),
        })
        .openapi("SearchResult"),
      "A page of shows",
    ),
    ...problems("REQUEST_INVALID", "CURSOR_INVALID", "RATE_LIMITED", "PARTNER_KEY_INVALID"),
  },
});

const suggestRoute = createRoute({
  method: "get",
  path: "/v1/suggest",
  summary: "Complete what somebody types",
  request: {
    query: z.object({ q: word, limit: z.coerce.number().int().min(1).max(20).default(8) }),
  },
  responses: {
    200: json(
      z
        .object({
          suggestions: z.array(z.object({ text: z.string(), kind: z.string() })),
          degraded: z.boolean(),
        })
        .openapi("Suggestions"),
      "What it may become",
    ),
    ...problems("REQUEST_INVALID", "RATE_LIMITED", "PARTNER_KEY_INVALID"),
  },
});
