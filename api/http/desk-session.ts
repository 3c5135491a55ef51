import type { Context, MiddlewareHandler } from "hono";
import type { z } from "@hono/zod-openapi";

import { DomainError } from "../../domain/errors.ts";
import type { AppEnv, Caller } from "./app-env.ts";
import { createSessionCookie } from "./session-cookie.ts";

export const deskCookie = createSessionCookie({ name: "desk", path: "/desk", sameSite: "Lax" });

/** A browser shows its cookie, anything else its header. Whoever shows neither, or one that has run out, signs in. */
export function requireSession(
  verify: (token: string) => Promise<Caller>,
): MiddlewareHandler<AppEnv> {
  return async (context, next) => {
    const token = deskCookie.token(context);
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

/** The fields of a form. Throws REQUEST_INVALID. */
export async function readForm<Form extends z.ZodType>(
  context: Context<AppEnv>,
  form: Form,
): Promise<z.infer<Form>> {
  const parsed = form.safeParse(await context.req.parseBody());
  if (!parsed.success) throw new DomainError("REQUEST_INVALID");
  return parsed.data;
}
