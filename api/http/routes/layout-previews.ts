import { createRoute, z } from "@hono/zod-openapi";
import type { OpenAPIHono } from "@hono/zod-openapi";

import { catalogueKeySchema } from "../../../adapters/postgres/catalogue-file.ts";
import { DomainError } from "../../../domain/errors.ts";
import type { Operations } from "../../operations/create-operations.ts";
import type { Preview } from "../../organisers/preview-layout.ts";
import type { AppEnv } from "../app-env.ts";
import { itemBodySchema } from "../catalogue-view.ts";
import { createRoutes } from "../create-routes.ts";
import { askOf, organiserParam, organiserProblems } from "../organiser-view.ts";
import { jsonBody, noStore, problems, signedIn } from "../schemas.ts";

/** Layouts as pictures, before they are saved and after. */
export function createLayoutPreviewRoutes({ previewLayout }: Operations): OpenAPIHono<AppEnv> {
  const routes = createRoutes();
  routes.openapi(drawRoute, async (context) => {
    const item = context.req.valid("json");
    return context.body(svgOf(await previewLayout.draw({ ...askOf(context), item })), 200, svgType);
  });
  routes.openapi(savedRoute, async (context) => {
    const { key } = context.req.valid("param");
    const preview = await previewLayout.drawSaved({ ...askOf(context), key });
    return context.body(svgOf(preview), 200, svgType);
  });
  return routes;
}

const svgType = { ...noStore, "content-type": "image/svg+xml" };

function svgOf(preview: Preview): string {
  if ("svg" in preview) return preview.svg;
  throw new DomainError("CATALOGUE_INVALID", preview);
}

const path = "/v1/organiser/organisations/{organiserId}/layouts";
const picture = {
  description: "The picture: dots in the colours of prices, on a white ground",
  content: { "image/svg+xml": { schema: z.string() } },
};

const drawRoute = createRoute({
  method: "post",
  path: `${path}/preview`,
  summary: "Draw a layout that is not saved",
  description:
    "As in a catalogue file, 100,000 seats and places at the most. For owners and editors.",
  security: signedIn,
  request: { params: organiserParam, body: jsonBody(itemBodySchema) },
  responses: { 200: picture, ...problems(...organiserProblems, "CATALOGUE_INVALID") },
});

const savedRoute = createRoute({
  method: "get",
  path: `${path}/{key}/preview`,
  summary: "Draw a layout",
  security: signedIn,
  request: { params: organiserParam.extend({ key: catalogueKeySchema }) },
  responses: {
    200: picture,
    ...problems(...organiserProblems, "ITEM_NOT_FOUND", "CATALOGUE_INVALID"),
  },
});
