import type { Context, MiddlewareHandler } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";

import { DomainError } from "../../domain/errors.ts";
import type { AppEnv } from "./app-env.ts";
import { bearerToken } from "./authenticate.ts";
import type { TokenVerifier } from "./authenticate.ts";

/** Lets in who is signed in: a scanner's page shows its cookie, which no script can read, anything else its header. */
export function requireDoorSession(verifyToken: TokenVerifier): MiddlewareHandler<AppEnv> {
  return async (context, next) => {
    const token =
      bearerToken(context.req.header("authorization")) ?? getCookie(context, sessionCookie);
    if (token === undefined) throw new DomainError("TOKEN_MISSING");
    context.set("caller", await verifyToken(token));
    await next();
  };
}

export function beginDoorSession(context: Context<AppEnv>, token: string, publicUrl: string): void {
  setCookie(context, sessionCookie, token, cookieOf(publicUrl));
}

export function endDoorSession(context: Context<AppEnv>, publicUrl: string): void {
  deleteCookie(context, sessionCookie, cookieOf(publicUrl));
}

const sessionCookie = "door";

function cookieOf(publicUrl: string) {
  return {
    ...{ path: "/v1/door", httpOnly: true, secure: publicUrl.startsWith("https:") },
    sameSite: "Strict",
  } as const;
}
