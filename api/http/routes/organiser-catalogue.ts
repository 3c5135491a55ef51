import { createRoute, z } from "@hono/zod-openapi";
import type { OpenAPIHono } from "@hono/zod-openapi";

import { catalogueKeySchema } from "../../../adapters/postgres/catalogue-file.ts";
import { itemLists } from "../../../adapters/postgres/catalogue-items.ts";
import type { ItemList } from "../../../adapters/postgres/catalogue-items.ts";
import type { Operations } from "../../operations/create-operations.ts";
import type { AppEnv } from "../app-env.ts";
import { createRoutes } from "../create-routes.ts";
import {
  checkedSchema,
  itemBodySchema,
  readIfMatch,
  seriesShowSchema,
  storedItemSchema,
  toChecked,
  toSaved,
  toSeriesShow,
  writtenSchema,
} from "../catalogue-view.ts";
import { askOf, organiserParam, organiserProblems } from "../organiser-view.ts";
import { header, json, jsonBody, noStore, problems, signedIn } from "../schemas.ts";

const home = "/v1/organiser/organisations/{organiserId}";
const itemParam = organiserParam.extend({ key: catalogueKeySchema });
const checkQuery = z.object({
  check: z.enum(["true", "false"]).optional().openapi({
    description: "`true`: says what would happen, with all problems, and writes nothing",
  }),
});

/** An organisation's catalogue: each kind of item by its key, and all of it as one file. */
export function createOrganiserCatalogueRoutes({ items }: Operations): OpenAPIHono<AppEnv> {
  const routes = createRoutes();
  routes.openapi(showsRoute, async (context) => {
    const { key } = context.req.valid("param");
    const shows = await items.shows({ ...askOf(context), key });
    return context.json({ shows: shows.map(toSeriesShow) }, 200, noStore);
  });
  routes.openapi(exportRoute, async (context) =>
    context.json(await items.export(askOf(context)), 200, {
      ...noStore,
      "content-disposition": 'attachment; filename="catalogue.json"',
    }),
  );
  routes.openapi(importRoute, async (context) => {
    const wish = { ...askOf(context), content: context.req.valid("json") };
    if (context.req.valid("query").check === "true") {
      return context.json(toChecked(await items.checkFile(wish)), 200, noStore);
    }
    return context.json(toSaved(await items.importFile(wish)), 200, noStore);
  });
  for (const list of itemLists) addItemRoutes(routes, items, list);
  return routes;
}

function addItemRoutes(
  routes: OpenAPIHono<AppEnv>,
  items: Operations["items"],
  list: ItemList,
): void {
  const { listRoute, readRoute, putRoute, deleteRoute } = itemRoutes(list);
  routes.openapi(listRoute, async (context) => {
    const { after } = context.req.valid("query");
    return context.json(
      { items: await items.list({ ...askOf(context), list, after }) },
      200,
      noStore,
    );
  });
  routes.openapi(readRoute, async (context) => {
    const { key } = context.req.valid("param");
    const { item, version } = await items.read({ ...askOf(context), list, key });
    return context.json({ key, version, item }, 200, { ...noStore, etag: `"${version}"` });
  });
  routes.openapi(putRoute, async (context) => {
    const { key } = context.req.valid("param");
    const ifVersion = readIfMatch(context.req.header("if-match"));
    const wish = { ...askOf(context), list, key, item: context.req.valid("json"), ifVersion };
    if (context.req.valid("query").check === "true") {
      return context.json(toChecked(await items.check(wish)), 200, noStore);
    }
    const saved = await items.save(wish);
    return context.json(toSaved(saved), 200, { ...noStore, etag: `"${saved.version}"` });
  });
  routes.openapi(deleteRoute, async (context) => {
    const { key } = context.req.valid("param");
    await items.delete({ ...askOf(context), list, key });
    return context.body(null, 204);
  });
}

const wordsOf: Record<ItemList, { one: string; many: string; changes: string }> = {
  layouts: {
    ...{ one: "a layout", many: "layouts" },
    changes: "Halls that have it have it at once; shows, when their series is saved again.",
  },
  venues: {
    ...{ one: "a venue with its halls", many: "venues" },
    changes: "Its coming shows are published again. Its time zone stays once it has shows.",
  },
  titles: {
    ...{ one: "a title", many: "titles" },
    changes: "Its shows are published again.",
  },
  series: {
    ...{ one: "a series of shows", many: "series" },
    changes:
      "Its shows are made, or changed and published again. Shows that it no longer names stay on sale and are told as `left`.",
  },
};

function itemRoutes(list: ItemList) {
  const { one, many, changes } = wordsOf[list];
  const path = `${home}/${list}` as const;
  const common = { security: signedIn };
  return {
    listRoute: createRoute({
      ...{ ...common, method: "get", path, summary: `The ${many} of an organisation` },
      request: {
        params: organiserParam,
        query: z.object({ after: z.string().max(64).optional() }),
      },
      responses: {
        200: json(
          z.object({
            items: z.array(z.object({ key: z.string(), name: z.string(), version: z.int() })),
          }),
          "A thousand at the most, by key; `after` the last key is the next page",
        ),
        ...problems(...organiserProblems),
      },
    }),
    readRoute: createRoute({
      ...{ ...common, method: "get", path: `${path}/{key}`, summary: `Read ${one}` },
      request: { params: itemParam },
      responses: {
        200: json(storedItemSchema, "As it was written down"),
        ...problems(...organiserProblems, "ITEM_NOT_FOUND"),
      },
    }),
    putRoute: createRoute({
      ...{ ...common, method: "put", path: `${path}/{key}`, summary: `Save ${one}` },
      description: `As in a catalogue file (docs/catalogue-format.md); \`key\` and \`organiser\` may be left out. ${changes} The same again changes nothing. For owners and editors.`,
      parameters: [header("if-match", 'The version that is changed; "0": only if it is new')],
      request: { params: itemParam, query: checkQuery, body: jsonBody(itemBodySchema) },
      responses: {
        200: json(z.union([writtenSchema, checkedSchema]), "What it did, or would do"),
        ...problems(...organiserProblems, "CATALOGUE_INVALID", "ITEM_CHANGED", "ITEMS_TOO_MANY"),
      },
    }),
    deleteRoute: createRoute({
      ...{ ...common, method: "delete", path: `${path}/{key}`, summary: `Delete ${one}` },
      description: "What something else names, or has shows, stays. For owners and editors.",
      request: { params: itemParam },
      responses: {
        204: { description: "It is gone" },
        ...problems(...organiserProblems, "ITEM_NOT_FOUND", "ITEM_IN_USE"),
      },
    }),
  };
}

const showsRoute = createRoute({
  method: "get",
  path: `${home}/series/{key}/shows`,
  summary: "The shows of a series",
  security: signedIn,
  request: { params: itemParam },
  responses: {
    200: json(z.object({ shows: z.array(seriesShowSchema) }), "Soonest first"),
    ...problems(...organiserProblems, "ITEM_NOT_FOUND"),
  },
});

const exportRoute = createRoute({
  method: "get",
  path: `${home}/catalogue`,
  summary: "An organisation's catalogue as a file",
  description:
    "What was saved comes back as it was written. Codes of channels are in it for owners and editors alone.",
  security: signedIn,
  request: { params: organiserParam },
  responses: { 200: json(itemBodySchema, "A catalogue file"), ...problems(...organiserProblems) },
});

const importRoute = createRoute({
  method: "put",
  path: `${home}/catalogue`,
  summary: "Import a catalogue file",
  description:
    "All of it or nothing; what it does not name stays. It may name no other organisation. 1 MB, 1,000 shows and 1,000,000 seats for sale at the most. For owners and editors.",
  security: signedIn,
  request: { params: organiserParam, query: checkQuery, body: jsonBody(itemBodySchema) },
  responses: {
    200: json(z.union([writtenSchema, checkedSchema]), "What it did, or would do"),
    ...problems(...organiserProblems, "CATALOGUE_INVALID", "ITEMS_TOO_MANY", "BODY_TOO_LARGE"),
  },
});
