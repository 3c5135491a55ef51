import { createRoute, z } from "@hono/zod-openapi";
import type { OpenAPIHono } from "@hono/zod-openapi";

import { posterTypes } from "../../../domain/read-poster.ts";
import type { Operations } from "../../operations/create-operations.ts";
import type { AppEnv } from "../app-env.ts";
import { createRoutes } from "../create-routes.ts";
import { askOf, organiserParam, organiserProblems } from "../organiser-view.ts";
import { posterSchema, posterUrl } from "../poster-view.ts";
import { json, noStore, problems, signedIn } from "../schemas.ts";
import { pictureContent } from "./posters.ts";

/** Pictures for titles to name. */
export function createOrganiserPosterRoutes({ uploadPoster }: Operations): OpenAPIHono<AppEnv> {
  const routes = createRoutes();
  routes.openapi(uploadRoute, async (context) => {
    const bytes = new Uint8Array(await context.req.arrayBuffer());
    const { posterHash, width, height } = await uploadPoster({ ...askOf(context), bytes });
    const poster = { hash: posterHash, url: posterUrl(posterHash), width, height };
    return context.json(poster, 201, noStore);
  });
  return routes;
}

const uploadedSchema = posterSchema
  .extend({ hash: z.string().openapi({ description: "What a title's `poster` says" }) })
  .openapi("UploadedPoster");

const uploadRoute = createRoute({
  method: "post",
  path: "/v1/organiser/organisations/{organiserId}/posters",
  summary: "Upload a poster",
  description: `The body is the picture itself (${posterTypes.join(", ")}), 512 kB and 4,096 pixels a side at the most; its bytes say what it is. It is kept as it is, with all that a camera wrote into it. A title has it when its \`poster\` is the hash. The same again changes nothing. For owners and editors.`,
  security: signedIn,
  request: { params: organiserParam, body: { required: true, content: pictureContent() } },
  responses: {
    201: json(uploadedSchema, "It is there"),
    ...problems(
      ...organiserProblems,
      ...(["POSTER_TYPE_UNKNOWN", "POSTER_DAMAGED", "POSTER_TOO_LARGE"] as const),
      ...(["POSTER_SIDE_TOO_LONG", "POSTERS_TOO_MANY", "BODY_TOO_LARGE"] as const),
    ),
  },
});
