import { readdirSync } from "node:fs";

import { Hono } from "hono";

import { showIds, titleIds } from "../../../domain/ids.ts";
import type { Logger } from "../../../platform/logger.ts";
import type { Operations } from "../../operations/create-operations.ts";
import type { AppEnv } from "../app-env.ts";
import { publicCaching, publicLives } from "../public-caching.ts";
import { noStore } from "../schemas.ts";
import { serveFiles } from "../serve-files.ts";
import { toShowSummary } from "../show-summary.ts";
import { createShopPages } from "../storefront/answer-page.ts";
import { toPoster } from "../poster-view.ts";
import { createReadShowPage } from "../storefront/read-show-page.ts";
import type { Storefront } from "../storefront/load-storefront.ts";

/** The shop: what people see. It asks the same operations as /v1, and its pages are as public as those answers. */
export function createStorefrontRoutes(deps: {
  storefront: Storefront;
  operations: Operations;
  publicUrl: string;
  logger: Logger;
}): Hono<AppEnv> {
  const { operations, storefront } = deps;
  const pages = createShopPages(deps);
  const routes = new Hono<AppEnv>();
  routes.onError(pages.tellProblems);

  routes.get("/titles/:id", async (context) => {
    const id = context.req.param("id");
    const title = await operations.readTitle(titleIds.decode(id));
    const shows = title.shows.map(toShowSummary);
    const data = { ...title, titleId: id, poster: toPoster(title.poster), shows };
    return pages.answer(context, "title", data, catalogueCaching([id]));
  });

  const readShowPage = createReadShowPage(operations);
  routes.get("/shows/:id", async (context) => {
    const id = context.req.param("id");
    const { page, staleSeconds } = await readShowPage(showIds.decode(id));
    const keys = [id, page.title.titleId, page.venue.venueId];
    const stale = staleSeconds > 0 ? { "stale-seconds": String(staleSeconds) } : {};
    return pages.answer(context, "show", page, { ...catalogueCaching(keys), ...stale });
  });
  // Drawn for everybody alike: what is of one person is asked for by the page's script, as whoever is signed in there.
  for (const page of ownPages) {
    routes.get(`/${page}`, (context) => pages.answer(context, page, {}, noStore));
  }

  return routes.route("/", serveClient(storefront.folder));
}

const ownPages = ["account"] as const;

const catalogueCaching = (keys: string[]) =>
  publicCaching(publicLives.catalogue, [...keys, "catalogue"]);

/** What browsers load. Each file is named after its content, so that it may be kept for ever. */
function serveClient(folder: URL): Hono<AppEnv> {
  return serveFiles(
    readdirSync(folder).map((file) => ({
      path: `/assets/storefront/${file}`,
      source: new URL(file, folder),
      headers: { "cache-control": "public, max-age=31536000, immutable" },
    })),
  );
}
