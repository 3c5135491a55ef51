import { createHash } from "node:crypto";

import type { Context } from "hono";

import { networkOf } from "../../platform/network-of.ts";
import type { AppEnv } from "./app-env.ts";
import { requestAddress } from "./caller-address.ts";

/**
 * Tells people apart, as far as it goes without asking who they are: a network, and one of sixteen heaps of what browsers call
 * themselves. Sixteen tell most of a household or a small office apart, and one machine that makes names up is sixteen people at the
 * most; with every name a person of its own it would be as many as it likes.
 */
export function whoAsks(context: Context<AppEnv>, trustedProxies: number): string {
  const network = networkOf(requestAddress(context, trustedProxies));
  const browser = context.req.header("user-agent") ?? "";
  const heap = (createHash("sha256").update(browser).digest()[0] ?? 0) % 16;
  return `${network} ${heap}`;
}
