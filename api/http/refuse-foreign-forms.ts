import type { MiddlewareHandler } from "hono";

import { DomainError } from "../../domain/errors.ts";
import type { AppEnv } from "./app-env.ts";

/**
 * Takes forms from our own pages only: whoever is known by a cookie must not be made to act by a page of another site. Browsers say
 * where a request comes from in `Sec-Fetch-Site`, old ones in `Origin`, and no page can make them say something else. What is no
 * browser says neither, and has no cookies that somebody else could use.
 */
export const refuseForeignForms: MiddlewareHandler<AppEnv> = async (context, next) => {
  const site = context.req.header("sec-fetch-site");
  const origin = context.req.header("origin");
  const isOurs =
    site === undefined
      ? origin === undefined || hostOf(origin) === context.req.header("host")
      : site === "same-origin";
  const isRead = context.req.method === "GET" || context.req.method === "HEAD";
  if (!isRead && !isOurs) throw new DomainError("FORM_FOREIGN");
  await next();
};

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
