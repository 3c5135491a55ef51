import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";

import { DomainError } from "../../domain/errors.ts";
import type { AppEnv } from "./app-env.ts";

/**
 * Refuses bodies that are too large; at the paths of `roomy` later. Node's parser holds a client to the length that it announces, so that is all there is to
 * compare; only who announces none is counted. Hono's own limit looks at the body first, which makes a whole web request and a stream
 * of what Node has in hand: 100 µs of CPU, a third of a refusal.
 */
export function limitBody(
  bytesMax: number,
  roomy: { path: RegExp; bytesMax: number },
): MiddlewareHandler<AppEnv> {
  const small = countedTo(bytesMax);
  const large = countedTo(roomy.bytesMax);
  return (context, next) => {
    const { method } = context.req;
    // No route reads the body of these.
    if (method === "GET" || method === "HEAD") return next();
    const length = context.req.header("content-length");
    if (length === undefined || context.req.header("transfer-encoding") !== undefined) {
      return (roomy.path.test(context.req.path) ? large : small)(context, next);
    }
    if (Number(length) > bytesMax) {
      const { path } = context.req;
      if (!roomy.path.test(path)) refuse(bytesMax);
      if (Number(length) > roomy.bytesMax) refuse(roomy.bytesMax);
    }
    return next();
  };
}

function countedTo(maxSize: number): MiddlewareHandler {
  return bodyLimit({ maxSize, onError: () => refuse(maxSize) });
}

function refuse(bytesMax: number): never {
  throw new DomainError("BODY_TOO_LARGE", { bytesMax });
}
