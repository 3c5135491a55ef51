import type { Context } from "hono";

import type { AppEnv } from "./app-env.ts";
import { requestAddress } from "./caller-address.ts";

/** Tells people apart, as far as it goes without asking who they are: an address, and what its browser calls itself. */
export function whoAsks(context: Context<AppEnv>, trustedProxies: number): string {
  const address = requestAddress(context, trustedProxies);
  return `${address} ${context.req.header("user-agent") ?? ""}`;
}
