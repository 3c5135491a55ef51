import type { IncomingMessage } from "node:http";

/** Whoever the last proxy of ours has seen; anything before that the client may have written itself. */
export function callerAddress(
  { headers, socket }: IncomingMessage,
  trustedProxies: number,
): string {
  const forwarded = String(headers["x-forwarded-for"] ?? "").split(",");
  const seen = trustedProxies > 0 ? forwarded.at(-trustedProxies)?.trim() : undefined;
  return seen || (socket.remoteAddress ?? "");
}
