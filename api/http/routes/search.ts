import { createRoute } from "@hono/zod-openapi";
import type { OpenAPIHono } from "@hono/zod-openapi";

import { titleIds, venueIds } from "../../../domain/ids.ts";
import type { Operations } from "../../operations/create-operations.ts";
import type { AppEnv } from "../app-env.ts";
import { createRoutes } from "../create-routes.ts";
import { publicCaching, publicLives } from "../public-caching.ts";
import { json, problems } from "../schemas.ts";
import { toSearchResult } from "../search-result.ts";
import {
  searchQuerySchema,
  searchResultSchema,
  suggestQuerySchema,
  suggestionsSchema,
} from "../search-schemas.ts";
import { toShowSearch } from "../to-show-search.ts";

/** Discovery. While Elasticsearch is away PostgreSQL answers a simpler search, and says so: `degraded`. */
export function createSearchRoutes(operations: Operations): OpenAPIHono<AppEnv> {
  const routes = createRoutes();
  routes.openapi(searchRoute, async (context) => {
    const query = context.req.valid("query");
    const page = await operations.searchShows(toShowSearch(query));
    return context.json(
      toSearchResult(page, query.q),
      200,
      publicCaching(publicLives.search, ["search"]),
    );
  });
  routes.openapi(suggestRoute, async (context) => {
    const { q, limit } = context.req.valid("query");
    const { suggestions, degraded } = await operations.suggest({ text: q, limit });
    const told = suggestions.map(({ titleId, venueId, ...suggestion }) => ({
      ...suggestion,
      ...(titleId !== undefined && { titleId: titleIds.encode(titleId) }),
      ...(venueId !== undefined && { venueId: venueIds.encode(venueId) }),
    }));
    const headers = publicCaching(publicLives.suggest, ["search"]);
    return context.json({ suggestions: told, degraded }, 200, headers);
  });
  return routes;
}

const searchRoute = createRoute({
  method: "get",
  path: "/v1/search",
  summary: "Find shows",
  request: { query: searchQuerySchema },
  responses: {
    200: json(searchResultSchema, "A page of shows"),
    ...problems("REQUEST_INVALID", "CURSOR_INVALID", "RATE_LIMITED", "PARTNER_KEY_INVALID"),
  },
});

const suggestRoute = createRoute({
  method: "get",
  path: "/v1/suggest",
  summary: "Complete what somebody types",
  request: { query: suggestQuerySchema },
  responses: {
    200: json(suggestionsSchema, "What it may become"),
    ...problems("REQUEST_INVALID", "RATE_LIMITED", "PARTNER_KEY_INVALID"),
  },
});
