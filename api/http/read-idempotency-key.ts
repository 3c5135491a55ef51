import type { HonoRequest } from "hono";

import { DomainError } from "../../domain/errors.ts";

/** The client's own name for this request: 8–255 visible ASCII characters. `X-Retry-Key` is another name for the header. */
export function readIdempotencyKey(request: HonoRequest): string {
  const key = request.header("idempotency-key");
  const alias = request.header("x-retry-key");
  const chosen = key ?? alias;
  if (chosen === undefined) throw new DomainError("IDEMPOTENCY_KEY_MISSING");
  if (!/^[\x21-\x7e]{8,255}$/.test(chosen)) throw new DomainError("IDEMPOTENCY_KEY_INVALID");
  if (alias !== undefined && alias !== chosen) {
    throw new DomainError("IDEMPOTENCY_KEY_INVALID", { reason: "two different keys" });
  }
  return chosen;
}
