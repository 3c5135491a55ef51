import type { IncomingMessage } from "node:http";

import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";

import type { AppEnv } from "./app-env.ts";

/** Whoever the last proxy of ours has seen; anything before that the client may have written itself. */
export function callerAddress(
  { headers, socket }: IncomingMessage,
  trustedProxies: number,
): string {
  const forwarded = String(headers["x-forwarded-for"] ?? "").split(",");
  const seen = trustedProxies > 0 ? forwarded.at(-trustedProxies)?.trim() : undefined;
  return seen || (socket.remoteAddress ?? "");
}

/** The same of a request; empty when the app is called without a server. */
export function requestAddress(context: Context<AppEnv>, trustedProxies: number): string {
  const { incoming } = (context.env ?? {}) as Partial<HttpBindings>;
  return incoming === undefined ? "" : callerAddress(incoming, trustedProxies);
}
