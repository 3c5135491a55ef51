import { readdirSync } from "node:fs";

import { Hono } from "hono";

import { bookingSeatsMax } from "../../../domain/booking.ts";
import { showIds, titleIds, venueIds } from "../../../domain/ids.ts";
import type { Operations } from "../../operations/create-operations.ts";
import type { AppEnv } from "../app-env.ts";
import { publicCaching, publicLives, staleHeader } from "../public-caching.ts";
import type { PublicLife } from "../public-caching.ts";
import { noStore } from "../schemas.ts";
import type { RequestLimits } from "../request-limits.ts";
import { admitWidget, formPageHeaders, serveFiles, strictPolicy } from "../serve-files.ts";
import { toShowSummary } from "../show-summary.ts";
import type { ShopPages } from "../storefront/answer-page.ts";
import { createReadResults } from "../storefront/read-results.ts";
import { createReadShowPage } from "../storefront/read-show-page.ts";
import { toShow, toTitle } from "./shows.ts";
import { showPageLife } from "../storefront/show-page-life.ts";

/** The shop: what people see. It asks the same operations as /v1, and its pages are as public as those answers. */
export function createStorefrontRoutes(deps: {
  operations: Operations;
  pages: ShopPages;
  limits: Pick<RequestLimits, "admit" | "widgetOrigin">;
  /** What browsers load is there. */
  folder: URL;
}): Hono<AppEnv> {
  const { operations, pages } = deps;
  const routes = new Hono<AppEnv>();
  routes.onError(pages.tellProblems);

  const readResults = createReadResults(operations);
  const { search } = publicLives;
  // Each process keeps the home page as those of the catalogue, for as long while it cannot be renewed.
  const home = { ...search, errorSeconds: publicLives.catalogue.errorSeconds };
  for (const [path, name, life] of [
    ["/", "home", home],
    ["/search", "search", search],
  ] as const) {
    routes.get(path, deps.limits.admit("search"), async (context) => {
      const page = await readResults(context.req.query());
      return pages.answer(context, name, page, publicCaching(life, ["search"]));
    });
  }

  routes.get("/titles/:id", async (context) => {
    const id = context.req.param("id");
    const title = await operations.readTitle(titleIds.decode(id));
    const shows = title.shows.map(toShowSummary);
    const data = { ...toTitle(title), shows };
    return pages.answer(context, "title", data, catalogueCaching([id]));
  });

  routes.get("/venues/:id", async (context) => {
    const id = context.req.param("id");
    const venue = await operations.readVenue(venueIds.decode(id));
    const data = { ...venue, venueId: id, shows: venue.shows.map(toShowSummary) };
    return pages.answer(context, "venue", data, catalogueCaching([id]));
  });

  const { widgetOrigin } = deps.limits;
  const readShowPage = createReadShowPage(operations);
  routes.get("/shows/:id", async (context) => {
    const id = context.req.param("id");
    const { page, staleSeconds } = await readShowPage(showIds.decode(id));
    const keys = [id, page.title.titleId, page.venue.venueId];
    const caching = catalogueCaching(keys, showPageLife(page, Date.now()));
    return pages.answer(context, "show", page, {
      ...caching,
      ...staleHeader(staleSeconds),
      // Whoever holds seats may have to solve a challenge first.
      ...(widgetOrigin !== undefined && admitWidget(formPageHeaders, widgetOrigin)),
    });
  });
  // Drawn for everybody alike: what is of one person is asked for by the page's script, as whoever is signed in there.
  for (const page of ownPages) {
    routes.get(`/${page}`, (context) => pages.answer(context, page, {}, noStore));
  }
  routes.get("/shows/:id/waiting-list", async (context) => {
    const { show } = await operations.readShow(showIds.decode(context.req.param("id")));
    const partySizeMax = Math.min(show.seatsPerBuyerMax, bookingSeatsMax);
    return pages.answer(context, "waiting-list", { ...toShow(show), partySizeMax }, noStore);
  });

  return routes.route("/", serveClient(deps.folder)).route("/", serveWalletWorker());
}

const ownPages = ["bookings", "wallet", "account"] as const;

function catalogueCaching(keys: string[], life: PublicLife = publicLives.catalogue) {
  return publicCaching(life, [...keys, "catalogue"]);
}

/** It answers for the page of tickets without a network. What it may fetch is what its own policy allows. */
function serveWalletWorker(): Hono<AppEnv> {
  const source = new URL("../../../web/wallet-worker/wallet-worker.js", import.meta.url);
  const headers = { "content-security-policy": strictPolicy };
  return serveFiles([{ path: "/wallet-worker.js", source, headers }]);
}

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
