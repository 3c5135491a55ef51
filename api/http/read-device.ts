import { createHash } from "node:crypto";

import type { HonoRequest } from "hono";

/** A short digest of what the caller's client calls itself: its own `Device-Id`, or what browsers say of themselves. */
export function readDevice(request: HonoRequest): string {
  const name = request.header("device-id") ?? request.header("user-agent") ?? "";
  return createHash("sha256").update(name).digest("base64url").slice(0, 16);
}
