import type { MiddlewareHandler } from "hono";

import { DomainError } from "../../domain/errors.ts";
import type { AppEnv } from "./app-env.ts";
import type { TokenVerifier } from "./authenticate.ts";
import { createSessionCookie } from "./session-cookie.ts";

export const doorCookie = createSessionCookie({
  ...{ name: "door", path: "/v1/door", sameSite: "Strict" },
});

/** Lets in who is signed in: a scanner's page shows its cookie, which no script can read, anything else its header. */
export function requireDoorSession(verifyToken: TokenVerifier): MiddlewareHandler<AppEnv> {
  return async (context, next) => {
    const token = doorCookie.token(context);
    if (token === undefined) throw new DomainError("TOKEN_MISSING");
    context.set("caller", await verifyToken(token));
    await next();
  };
}
