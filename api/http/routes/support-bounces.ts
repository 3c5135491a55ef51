import { createRoute, z } from "@hono/zod-openapi";
import type { OpenAPIHono } from "@hono/zod-openapi";

import type { BouncedMail } from "../../../adapters/postgres/mail-bounces.ts";
import type { Operations } from "../../operations/create-operations.ts";
import type { AppEnv } from "../app-env.ts";
import { requireSupport } from "../authenticate.ts";
import type { TokenVerifier } from "../authenticate.ts";
import { createRoutes } from "../create-routes.ts";
import { json, jsonBody, noStore, problems, signedIn, timestampSchema } from "../schemas.ts";

/** What support does about mail that comes back. Addresses stand in bodies: the addresses of requests are in logs. */
export function createSupportBounceRoutes(deps: {
  operations: Operations;
  verifyToken: TokenVerifier;
}): OpenAPIHono<AppEnv> {
  const { bounces } = deps.operations;
  const routes = createRoutes();
  routes.use("/v1/support/*", requireSupport(deps.verifyToken));
  routes.openapi(findRoute, async (context) => {
    const found = await bounces.find(context.req.valid("json").address);
    return context.json({ bounces: found.map(toBounce) }, 200, noStore);
  });
  routes.openapi(liftRoute, async (context) => {
    const { userId: liftedBy } = context.get("caller");
    const { address } = context.req.valid("json");
    return context.json({ lifted: await bounces.lift({ address, liftedBy }) }, 200, noStore);
  });
  return routes;
}

const addressBody = jsonBody(z.strictObject({ address: z.email().max(254) }));
const supportProblems = [
  ...(["TOKEN_MISSING", "TOKEN_INVALID", "SUPPORT_ONLY", "REQUEST_INVALID"] as const),
  ...(["JSON_MALFORMED", "MEDIA_TYPE_UNSUPPORTED"] as const),
];

const bounceSchema = z
  .object({
    userId: z.uuid().openapi({ description: "Whose address it is" }),
    kind: z
      .enum(["hard", "soft"])
      .openapi({ description: "hard: mail is stopped until it is lifted" }),
    code: z.string().openapi({ example: "5.1.1" }),
    firstAt: timestampSchema,
    lastAt: timestampSchema,
    liftedAt: timestampSchema.nullable(),
    liftedBy: z.uuid().nullable().openapi({ description: "A user id" }),
  })
  .openapi("KeptBounce");

const findRoute = createRoute({
  method: "post",
  path: "/v1/support/bounces/find",
  summary: "What has come back from an address; for support",
  security: signedIn,
  request: { body: addressBody },
  responses: {
    200: json(
      z.object({ bounces: z.array(bounceSchema) }),
      "The newest first; none also where nobody has the address",
    ),
    ...problems(...supportProblems),
  },
});

const liftRoute = createRoute({
  method: "post",
  path: "/v1/support/bounces/lift",
  summary: "Mail goes to an address again; for support",
  description:
    "Until the next one comes back. The rows stay and say who did it. Repeating it changes nothing. Mails that were parked meanwhile are sent by `npm run parked -- replay`.",
  security: signedIn,
  request: { body: addressBody },
  responses: {
    200: json(z.object({ lifted: z.int() }), "How many bounces were lifted"),
    ...problems(...supportProblems),
  },
});

function toBounce(bounce: BouncedMail): z.infer<typeof bounceSchema> {
  const { userId, isHard, code, firstAt, lastAt, liftedAt, liftedBy } = bounce;
  return {
    ...{ userId, kind: isHard ? "hard" : "soft", code },
    ...{ firstAt: firstAt.toISOString(), lastAt: lastAt.toISOString() },
    ...{ liftedAt: liftedAt?.toISOString() ?? null, liftedBy },
  };
}
