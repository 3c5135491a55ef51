import { createRoute, z } from "@hono/zod-openapi";
import type { OpenAPIHono } from "@hono/zod-openapi";

import type { Operations } from "../../operations/create-operations.ts";
import type { AppEnv } from "../app-env.ts";
import { createRoutes } from "../create-routes.ts";
import { json, jsonBody, noStore, personName, problems, signedIn } from "../schemas.ts";

/** Where tickets are sent to. Stored sealed; the rest of the house knows a person by user id. */
export function createMeRoutes(operations: Operations): OpenAPIHono<AppEnv> {
  const routes = createRoutes();
  routes.openapi(getMeRoute, async (context) => {
    const { userId } = context.get("caller");
    const { email = null, name = null } = (await operations.findPerson(userId)) ?? {};
    return context.json({ userId, email, name: name === "" ? null : name }, 200, noStore);
  });
  routes.openapi(putMeRoute, async (context) => {
    const { userId } = context.get("caller");
    const { email, name } = context.req.valid("json");
    await operations.savePerson({ userId, email, name });
    return context.json({ userId, email, name }, 200, noStore);
  });
  return routes;
}

const getMeRoute = createRoute({
  method: "get",
  path: "/v1/me",
  summary: "What is known of the caller",
  security: signedIn,
  responses: {
    200: json(
      z
        .object({ userId: z.string(), email: z.string().nullable(), name: z.string().nullable() })
        .openapi("KnownMe"),
      "null: nobody has told us",
    ),
    ...problems("TOKEN_MISSING", "TOKEN_INVALID"),
  },
});

const putMeRoute = createRoute({
  method: "put",
  path: "/v1/me",
  summary: "Say where the caller's tickets are to be sent",
  security: signedIn,
  request: { body: jsonBody(z.strictObject({ email: z.email().max(254), name: personName })) },
  responses: {
    200: json(
      z.object({ userId: z.string(), email: z.string(), name: z.string() }).openapi("Me"),
      "What is now known",
    ),
    ...problems(
      "REQUEST_INVALID",
      "JSON_MALFORMED",
      "TOKEN_MISSING",
      "TOKEN_INVALID",
      "MEDIA_TYPE_UNSUPPORTED",
    ),
  },
});
