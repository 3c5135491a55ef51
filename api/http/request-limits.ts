import type { Context, MiddlewareHandler } from "hono";

import type { DomainError } from "../../domain/errors.ts";
import { networkOf } from "../../platform/network-of.ts";
import type { Challenges } from "../limits/challenges.ts";
import type { Partners } from "../limits/partners.ts";
import type { Asker, RateLimits, RateName } from "../limits/rate-limits.ts";
import type { Signals } from "../limits/signals.ts";
import type { AppEnv } from "./app-env.ts";
import { requestAddress } from "./caller-address.ts";

export type RequestLimits = {
  /** Counts the request in this process, before its body is read. Behind `requireCaller` where a person shall be counted. */
  admit(name: RateName): MiddlewareHandler<AppEnv>;
  /** The same, and in all processes together. */
  spend(name: RateName): MiddlewareHandler<AppEnv>;
  /** Who asks. */
  asker(context: Context<AppEnv>): Asker;
  /** Asks whoever is suspected for a solved challenge; for all others there is nothing to wait for. */
  challenge(context: Context<AppEnv>): Promise<void> | undefined;
  /** Whose script and frames a page needs beside ours where somebody may have to solve one. */
  widgetOrigin: string | undefined;
  /** What somebody was refused for may make them suspected. */
  hear(context: Context<AppEnv>, refusal: DomainError): void;
};

/** The header with the answer to a challenge. */
export const challengeHeader = "challenge-answer";

export function createRequestLimits(deps: {
  limits: RateLimits;
  challenges: Challenges;
  signals: Signals;
  partners: Partners;
  trustedProxies: number;
}): RequestLimits {
  const { limits, challenges, signals, partners, trustedProxies } = deps;

  function asker(context: Context<AppEnv>): Asker {
    const known = context.get("asker");
    if (known !== undefined) return known;
    const address = requestAddress(context, trustedProxies);
    const partner = partners.of({ key: context.req.header("partner-key"), address });
    const { userId } = context.get("caller") ?? {};
    const who = { userId, address, network: networkOf(address), partner };
    context.set("asker", who);
    return who;
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
    challenge: (context) => challenges.admit(asker(context), context.req.header(challengeHeader)),
    widgetOrigin: challenges.widgetOrigin,
    hear(context, { code }) {
      if (!signals.concerns(code)) return;
      const address = requestAddress(context, trustedProxies);
      const who = context.get("asker") ?? { address, network: networkOf(address) };
      signals.refused(who, code);
    },
  };
}
