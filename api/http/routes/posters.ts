import { createRoute, z } from "@hono/zod-openapi";
import type { OpenAPIHono } from "@hono/zod-openapi";

import { posterHashPattern } from "../../../adapters/postgres/catalogue-file.ts";
import { posterTypes } from "../../../domain/read-poster.ts";
import type { Operations } from "../../operations/create-operations.ts";
import type { AppEnv } from "../app-env.ts";
import { createRoutes } from "../create-routes.ts";
import { hasAnswer } from "../has-answer.ts";
import { problems } from "../schemas.ts";

/** Posters are known by the hash of their bytes: whoever has one never asks again. */
export function createPosterRoutes({ readPoster }: Operations): OpenAPIHono<AppEnv> {
  const routes = createRoutes();
  routes.openapi(posterRoute, async (context) => {
    const { posterHash, mediaType, bytes } = await readPoster(context.req.valid("param").hash);
    const headers = {
      "content-type": mediaType,
      "cache-control": "public, max-age=31536000, immutable",
      etag: `"${posterHash}"`,
      "surrogate-key": `poster-${posterHash} posters`,
      // Shops of other origins show them.
      "cross-origin-resource-policy": "cross-origin",
    };
    if (hasAnswer(context.req.raw, headers.etag)) return context.body(null, 304, headers);
    return context.body(new Uint8Array(bytes), 200, headers);
  });
  return routes;
}

const posterRoute = createRoute({
  method: "get",
  path: "/v1/posters/{hash}",
  summary: "The poster of a title: it never changes",
  request: { params: z.object({ hash: z.string().regex(posterHashPattern) }) },
  responses: {
    200: { description: "The picture", content: pictureContent() },
    304: { description: "The one that you have" },
    ...problems("REQUEST_INVALID", "POSTER_NOT_FOUND"),
  },
});

/** For the reference: bytes of one of these types. */
export function pictureContent() {
  const schema = z.string().openapi({ format: "binary" });
  return Object.fromEntries(posterTypes.map((type) => [type, { schema }]));
}
