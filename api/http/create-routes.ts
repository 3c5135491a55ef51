import { OpenAPIHono } from "@hono/zod-openapi";

import type { ErrorCode } from "../../domain/errors.ts";
import { DomainError } from "../../domain/errors.ts";
import type { AppEnv } from "./app-env.ts";

/** An empty group of routes whose requests are checked against their schemas. */
export function createRoutes(): OpenAPIHono<AppEnv> {
  return new OpenAPIHono<AppEnv>({
    defaultHook: (result) => {
      if (!result.success) throw refusal(result.target, result.error.issues);
      return undefined;
    },
  });
}

type Issue = {
  code?: string | undefined;
  message: string;
  path: PropertyKey[];
  params?: unknown;
};

/** The first issue that has a code of its own wins: a client can act on it. All others are told with their places. */
export function refusal(target: string, issues: readonly Issue[]): DomainError {
  const own = issues.map(ownCode).find((code) => code !== undefined);
  if (own !== undefined) return new DomainError(own);
  return new DomainError("REQUEST_INVALID", {
    issues: issues.slice(0, issuesMax).map(({ path, message }) => ({
      in: target,
      path: path.map(String).join("."),
      message,
    })),
  });
}

/** A thousand wrong entries are one wrong request, not a thousand lines. */
const issuesMax = 20;

const seatLists = new Set(["seatIds", "add", "drop"]);

function ownCode({ code, path, params }: Issue): ErrorCode | undefined {
  if (path.join() === "seatIds" && code === "too_small") return "SEATS_EMPTY";
  if (seatLists.has(path.join()) && code === "too_big") return "SEATS_TOO_MANY";
  if (typeof params !== "object" || params === null || !("errorCode" in params)) return undefined;
  return params.errorCode as ErrorCode;
}
