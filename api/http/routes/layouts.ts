import { createRoute, z } from "@hono/zod-openapi";
import type { OpenAPIHono } from "@hono/zod-openapi";

import type { Operations } from "../../operations/create-operations.ts";
import type { AppEnv } from "../app-env.ts";
import { createRoutes } from "../create-routes.ts";
import { json, problems } from "../schemas.ts";

/** Layouts are known by the hash of their content: whoever has one never asks again. */
export function createLayoutRoutes(operations: Operations): OpenAPIHono<AppEnv> {
  const routes = createRoutes();
  routes.openapi(layoutRoute, async (context) => {
    const { layout, layoutHash } = await operations.readLayout(context.req.valid("param").hash);
    context.header("cache-control", "public, max-age=31536000, immutable");
    context.header("etag", `"${layoutHash}"`);
    context.header("surrogate-key", `layout-${layoutHash} layouts`);
    return context.json(layout, 200);
  });
  return routes;
}

const layoutSchema = z
  .object({
    name: z.string(),
    width: z.number(),
    height: z.number(),
    stage: z.object({
      label: z.string(),
      x: z.number(),
      y: z.number(),
      width: z.number(),
      height: z.number(),
    }),
    sections: z.array(z.object({ id: z.string(), name: z.string() })),
    seats: z.array(
      z.object({
        id: z.string(),
        section: z.string(),
        row: z.string(),
        number: z.int(),
        x: z.number(),
        y: z.number(),
        priceCode: z.string(),
        accessible: z.literal(true).optional(),
        companion: z.literal(true).optional(),
      }),
    ),
    areas: z
      .array(
        z.object({
          id: z.string(),
          name: z.string(),
          capacity: z.int(),
          priceCode: z.string(),
          outline: z.array(z.object({ x: z.number(), y: z.number() })),
        }),
      )
      .optional()
      .openapi({
        description:
          "Room for people without seats: a standing floor, a lawn. Left out if there is none",
      }),
  })
  .openapi("Layout");

const layoutRoute = createRoute({
  method: "get",
  path: "/v1/layouts/{hash}",
  summary: "A seating layout: it never changes",
  request: { params: z.object({ hash: z.string().regex(/^[\w-]{1,128}$/) }) },
  responses: {
    200: json(layoutSchema, "The layout"),
    ...problems("REQUEST_INVALID", "LAYOUT_NOT_FOUND"),
  },
});
