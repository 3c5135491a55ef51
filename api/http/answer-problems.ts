import type { OpenAPIHono } from "@hono/zod-openapi";

import { DomainError, errorTable } from "../../domain/errors.ts";
import type { Logger } from "../../platform/logger.ts";
import type { AppEnv } from "./app-env.ts";
import { domainErrorOf } from "./domain-error-of.ts";
import { findAllowedMethods } from "./find-allowed-methods.ts";
import { problemResponse } from "./problem.ts";
import type { RequestLimits } from "./request-limits.ts";
import type { ShopPages } from "./storefront/answer-page.ts";
import { wantsPage } from "./wants-page.ts";

/** What is said where there is no answer: a problem in JSON, and a page of the shop, if there are any, to who wants to read one. */
export function answerProblems(
  app: OpenAPIHono<AppEnv>,
  deps: {
    limits: Pick<RequestLimits, "hear">;
    pages: Pick<ShopPages, "problem"> | undefined;
    publicUrl: string;
    logger: Logger;
  },
): void {
  const { limits, pages, publicUrl, logger } = deps;
  app.notFound((context) => {
    const allowed = findAllowedMethods(app, context.req.path);
    if (allowed.length === 0) throw new DomainError("ROUTE_UNKNOWN");
    throw new DomainError("METHOD_NOT_ALLOWED", { allowed });
  });
  app.onError((thrown, context) => {
    const error = domainErrorOf(thrown);
    limits.hear(context, error);
    // Who is turned away is counted; a line each would be work, which is what there is too much of.
    if (errorTable[error.code].status >= 500 && error.code !== "BUSY") {
      const requestId = context.get("requestId");
      logger.error({ err: error, cause: error.cause, requestId }, "request failed");
    }
    if (pages !== undefined && wantsPage(context.req.raw)) return pages.problem(context, error);
    return problemResponse(context, error, publicUrl);
  });
}
