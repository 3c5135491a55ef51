import type { Context, MiddlewareHandler } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import type { z } from "@hono/zod-openapi";

import { DomainError } from "../../domain/errors.ts";
import type { AppEnv, Caller } from "./app-env.ts";
import { bearerToken } from "./authenticate.ts";

/** A browser shows its cookie, anything else its header. Whoever shows neither, or one that has run out, signs in. */
export function requireSession(
  verify: (token: string) => Promise<Caller>,
): MiddlewareHandler<AppEnv> {
  return async (context, next) => {
    const token =
      bearerToken(context.req.header("authorization")) ?? getCookie(context, sessionCookie);
    if (token === undefined) return context.redirect("/desk/sign-in", 303);
    try {
      context.set("caller", await verify(token));
    } catch (error) {
      const isOver = error instanceof DomainError && error.code === "TOKEN_INVALID";
      if (isOver) return context.redirect("/desk/sign-in", 303);
      throw error;
    }
    return next();
  };
}

export function beginSession(context: Context<AppEnv>, token: string, publicUrl: string): void {
  setCookie(context, sessionCookie, token, cookieOf(publicUrl));
}

export function endSession(context: Context<AppEnv>, publicUrl: string): void {
  deleteCookie(context, sessionCookie, cookieOf(publicUrl));
}

/** The fields of a form. Throws REQUEST_INVALID. */
export async function readForm<Form extends z.ZodType>(
  context: Context<AppEnv>,
  form: Form,
): Promise<z.infer<Form>> {
  const parsed = form.safeParse(await context.req.parseBody());
  if (!parsed.success) throw new DomainError("REQUEST_INVALID");
  return parsed.data;
}

const sessionCookie = "desk";

function cookieOf(publicUrl: string) {
  return {
    ...{ path: "/desk", httpOnly: true, secure: publicUrl.startsWith("https:") },
    sameSite: "Lax",
  } as const;
}
