import type { MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import { Histogram } from "prom-client";

import type { AppEnv } from "./app-env.ts";

/** Counts and times every request by its route, not by its address: addresses have no end. */
export const measureRequests: MiddlewareHandler<AppEnv> = async (context, next) => {
  const startedAt = performance.now();
  await next();
  const path = routePath(context, -1);
  countRequest({
    method: context.req.method,
    route: path.endsWith("*") ? "unknown" : path,
    status: context.res.status,
    startedAt,
  });
};

/** An answer that is ready to go. `startedAt` is of `performance.now()`. */
export function countRequest(request: {
  method: string;
  route: string;
  status: number;
  startedAt: number;
}): void {
  const { startedAt, method, route, status } = request;
  const name = `${method} ${route} ${status}`;
  const seconds = known.get(name) ?? requestSeconds.labels({ method, route, status });
  known.set(name, seconds);
  seconds.observe((performance.now() - startedAt) / 1_000);
}

/** As many as the histogram itself keeps: finding the labels anew takes 2 µs each time. */
const known = new Map<string, Histogram.Internal<string>>();

const requestSeconds = new Histogram({
  name: "marquee_http_request_seconds",
  help: "Time from request to answer, by route and status",
  labelNames: ["method", "route", "status"],
  buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5],
});
