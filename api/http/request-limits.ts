import type { Context, MiddlewareHandler } from "hono";

import type { Partners } from "../limits/partners.ts";
import type { Asker, RateLimits, RateName } from "../limits/rate-limits.ts";
import type { AppEnv } from "./app-env.ts";
import { requestAddress } from "./caller-address.ts";
import { networkOf } from "../../platform/network-of.ts";

export type RequestLimits = {
  /** Counts the request in this process, before its body is read. Behind `requireCaller` where a person shall be counted. */
  admit(name: RateName): MiddlewareHandler<AppEnv>;
  /** The same, and in all processes together. */
  spend(name: RateName): MiddlewareHandler<AppEnv>;
  /** Who asks. */
  asker(context: Context<AppEnv>): Asker;
};

export function createRequestLimits(deps: {
  limits: RateLimits;
  partners: Partners;
  trustedProxies: number;
}): RequestLimits {
  const { limits, partners, trustedProxies } = deps;

  function asker(context: Context<AppEnv>): Asker {
    const address = requestAddress(context, trustedProxies);
    const partner = partners.of({ key: context.req.header("partner-key"), address });
    return { userId: context.get("caller")?.userId, network: networkOf(address), partner };
  }
  return {
    asker,
    admit: (name) => (context, next) => {
      limits.admit(name, asker(context));
      return next();
    },
    spend: (name) => async (context, next) => {
      const who = asker(context);
      limits.admit(name, who);
      await limits.spend(name, who);
      await next();
    },
  };
}
