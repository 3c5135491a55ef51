import type { Context } from "hono";

import type { DomainError } from "../../domain/errors.ts";
import { errorTable } from "../../domain/errors.ts";
import type { AppEnv } from "./app-env.ts";
import { wholeAnswer } from "./house-headers.ts";

/** An RFC 9457 answer. `code` is stable; `type` leads to the page that explains it. */
export function problemResponse(
  context: Context<AppEnv>,
  error: DomainError,
  publicUrl: string,
): Response {
  const body = problemBody(error, { publicUrl, requestId: context.get("requestId") });
  return wholeAnswer(context, body, {
    status: errorTable[error.code].status,
    headers: {
      "content-type": "application/problem+json",
      "cache-control": "no-store",
      ...problemHeaders(error),
    },
  });
}

/** The JSON of such an answer, also where there is no app. */
export function problemBody(
  { code, details }: Pick<DomainError, "code" | "details">,
  { publicUrl, requestId }: { publicUrl: string; requestId: string | undefined },
): string {
  const { status, title } = errorTable[code];
  const type = `${publicUrl}/docs/errors#${code}`;
  return JSON.stringify({ type, title, status, code, details, requestId });
}

/** What such an answer says in its headers, also where it is a page. */
export function problemHeaders({ code, details }: DomainError): Record<string, string> {
  const { retryable } = errorTable[code];
  if (code === "TOKEN_MISSING") return { "www-authenticate": 'Bearer realm="marquee"' };
  if (code === "TOKEN_INVALID") {
    return { "www-authenticate": 'Bearer realm="marquee", error="invalid_token"' };
  }
  if (code === "METHOD_NOT_ALLOWED" && Array.isArray(details["allowed"])) {
    return { allow: details["allowed"].join(", ") };
  }
  if (code === "RESERVE_UNKNOWN") return { location: String(details["location"]) };
  return retryable ? { "retry-after": retryAfter(details) } : {};
}

function retryAfter({ retryAfterSeconds }: Record<string, unknown>): string {
  return typeof retryAfterSeconds === "number" ? String(Math.ceil(retryAfterSeconds)) : "1";
}
