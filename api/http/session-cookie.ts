import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";

import type { AppEnv } from "./app-env.ts";
import { bearerToken } from "./authenticate.ts";

/** A cookie that says who somebody is: no script reads it, and no path but its own gets it. */
export function createSessionCookie({
  name,
  ...own
}: {
  name: string;
  path: string;
  sameSite: "Lax" | "Strict";
  /** In seconds; left out: until the browser is closed. */
  maxAge?: number;
}) {
  const optionsOf = (publicUrl: string) => ({
    ...own,
    httpOnly: true,
    secure: publicUrl.startsWith("https:"),
  });
  return {
    read: (context: Context<AppEnv>) => getCookie(context, name),
    /** A browser shows its cookie, anything else its header. */
    token: (context: Context<AppEnv>) =>
      bearerToken(context.req.header("authorization")) ?? getCookie(context, name),
    set: (context: Context<AppEnv>, value: string, publicUrl: string) =>
      setCookie(context, name, value, optionsOf(publicUrl)),
    drop: (context: Context<AppEnv>, publicUrl: string) =>
      deleteCookie(context, name, optionsOf(publicUrl)),
  };
}
