import { createRoute, z } from "@hono/zod-openapi";
import type { OpenAPIHono } from "@hono/zod-openapi";

import { DomainError } from "../../../domain/errors.ts";
import { languages } from "../../../domain/notices.ts";
import { sessionSeconds } from "../../../domain/sign-in.ts";
import type { AccessToken } from "../../../domain/sign-in.ts";
import type { Operations } from "../../operations/create-operations.ts";
import type { AppEnv } from "../app-env.ts";
import { createRoutes } from "../create-routes.ts";
import { json, jsonBody, noStore, problems } from "../schemas.ts";
import { createSessionCookie } from "../session-cookie.ts";

/**
 * Signing in by a code in a mail, for pages of this origin. What lasts is a cookie that no script reads and no other site sends; what
 * scripts get is a token of minutes, which they keep in memory.
 */
export function createSessionRoutes(deps: {
  operations: Operations;
  publicUrl: string;
}): OpenAPIHono<AppEnv> {
  const { operations, publicUrl } = deps;
  const { signIn } = operations;
  const routes = createRoutes();

  routes.openapi(codeRoute, async (context) => {
    await signIn.sendCode(context.req.valid("json"));
    return context.body(null, 202, noStore);
  });
  routes.openapi(beginRoute, async (context) => {
    const { session, ...token } = await signIn.begin(context.req.valid("json"));
    cookie.set(context, session, publicUrl);
    return context.json(toTokenView(token), 200, noStore);
  });
  routes.openapi(tokenRoute, async (context) => {
    const session = cookie.read(context);
    if (session === undefined) throw new DomainError("TOKEN_MISSING");
    const token = await signIn.accessToken(session);
    // It ends so long after it was last used.
    cookie.set(context, session, publicUrl);
    return context.json(toTokenView(token), 200, noStore);
  });
  routes.openapi(endRoute, async (context) => {
    const everywhere = context.req.valid("query").everywhere === "true";
    const session = cookie.read(context);
    // Nobody knows whose sessions the others are.
    if (session === undefined && everywhere) throw new DomainError("TOKEN_MISSING");
    if (session !== undefined) await signIn.end(session, { everywhere });
    cookie.drop(context, publicUrl);
    return context.body(null, 204, noStore);
  });
  return routes;
}

const cookie = createSessionCookie({
  ...{ name: "session", path: "/v1/session", sameSite: "Strict", maxAge: sessionSeconds },
});

function toTokenView({ token, userId, expiresInSeconds }: AccessToken) {
  return { accessToken: token, userId, expiresInSeconds };
}

const tokenView = z
  .object({ accessToken: z.string(), userId: z.string(), expiresInSeconds: z.int() })
  .openapi("AccessToken");

const language = z.enum(languages).optional().openapi({ description: "Of the page that asks" });
const email = z.email().max(254).openapi({ example: "asha@example.com" });

const codeRoute = createRoute({
  method: "post",
  path: "/v1/session/code",
  summary: "Have a code sent by mail, to sign in with",
  description: "The same answer whether we know the address or not. The code before it is over.",
  request: {
    body: jsonBody(z.strictObject({ email, language })),
  },
  responses: {
    202: { description: "The mail is on its way" },
    ...problems(
      ...(["REQUEST_INVALID", "JSON_MALFORMED", "MEDIA_TYPE_UNSUPPORTED", "RATE_LIMITED"] as const),
      ...(["SIGN_IN_MAIL_REFUSED", "SIGN_IN_NOT_OFFERED", "SIGN_IN_UNAVAILABLE"] as const),
    ),
  },
});

const beginRoute = createRoute({
  method: "post",
  path: "/v1/session",
  summary: "Sign in with the code",
  description:
    "Sets a cookie for thirty days, which no script can read, and gives an access token for fifteen minutes. Whoever signs in for the first time gets a user id, and mails come in the language to whoever has chosen none.",
  request: {
    body: jsonBody(z.strictObject({ email, code: z.string().regex(/^\d{6}$/), language })),
  },
  responses: {
    200: json(tokenView, "Signed in"),
    ...problems(
      ...(["REQUEST_INVALID", "JSON_MALFORMED", "MEDIA_TYPE_UNSUPPORTED", "RATE_LIMITED"] as const),
      ...(["SIGN_IN_CODE_WRONG", "SIGN_IN_CODE_OVER"] as const),
      ...(["SIGN_IN_NOT_OFFERED", "SIGN_IN_UNAVAILABLE"] as const),
    ),
  },
});

const tokenRoute = createRoute({
  method: "post",
  path: "/v1/session/token",
  summary: "Get an access token for the session of the cookie",
  responses: {
    200: json(tokenView, "Good for fifteen minutes"),
    ...problems(
      ...(["TOKEN_MISSING", "RATE_LIMITED"] as const),
      ...(["SIGN_IN_NOT_OFFERED", "SIGN_IN_UNAVAILABLE"] as const),
    ),
  },
});

const endRoute = createRoute({
  method: "delete",
  path: "/v1/session",
  summary: "Sign out here, or everywhere",
  description:
    "Tokens that were given out before are good until they end, which is fifteen minutes at the most. Everywhere can only be asked for by a session that is not over: TOKEN_MISSING says that nothing was ended, and that one must sign in first.",
  request: { query: z.object({ everywhere: z.enum(["true", "false"]).default("false") }) },
  responses: {
    204: { description: "Signed out" },
    ...problems(
      ...(["REQUEST_INVALID", "TOKEN_MISSING", "RATE_LIMITED"] as const),
      ...(["SIGN_IN_NOT_OFFERED", "SIGN_IN_UNAVAILABLE"] as const),
    ),
  },
});
