import { randomUUID } from "node:crypto";

import type { Context, MiddlewareHandler } from "hono";

import type { AppEnv } from "./app-env.ts";
import { hasAnswer } from "./has-answer.ts";

/**
 * On every answer, but for what a page says otherwise for itself. What concerns pages only is said by them (`pageHeaders`):
 * each header more is half a microsecond of a refusal.
 */
export const alwaysHeaders: Record<string, string> = {
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "strict-transport-security": "max-age=15552000; includeSubDomains",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

/** Names the request, as it names itself in `X-Request-Id` if it does, and gives every answer the headers of the house. */
export const houseHeaders: MiddlewareHandler<AppEnv> = async (context, next) => {
  const own = context.req.header("x-request-id");
  const requestId = own !== undefined && requestIdPattern.test(own) ? own : randomUUID();
  context.set("requestId", requestId);
  await next();
  if (context.get("whole") === context.res) return;
  const { headers } = context.res;
  headers.set("x-request-id", requestId);
  // What does not say that it is for everybody is for nobody else.
  if (!headers.has("cache-control")) headers.set("cache-control", "no-store");
  for (const name in alwaysHeaders) {
    if (!headers.has(name)) headers.set(name, alwaysHeaders[name] ?? "");
  }
};

const requestIdPattern = /^[\w\-=]{1,255}$/;

/**
 * An answer that has the headers of the house already, in a plain object. A `Headers` is checked name by name, sorted and
 * copied on its way out: 15 µs for these, of the 40 µs that a warm read costs in all.
 */
export function wholeAnswer(
  context: Context<AppEnv>,
  body: string | Uint8Array<ArrayBuffer> | null,
  { status = 200, headers }: { status?: number; headers: Record<string, string> },
): Response {
  const requestId = context.get("requestId");
  const named = requestId === undefined ? {} : { "x-request-id": requestId };
  const isKnown = status === 200 && hasAnswer(context.req.raw, headers["etag"]);
  const response = new Response(isKnown ? null : body, {
    status: isKnown ? 304 : status,
    headers: { ...alwaysHeaders, ...named, ...headers },
  });
  context.set("whole", response);
  return response;
}
