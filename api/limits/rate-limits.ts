import { Counter } from "prom-client";

import type { CreateLimitCount } from "../../adapters/redis/limit-counts.ts";
import { DomainError, retryAfterSeconds } from "../../domain/errors.ts";
import { within } from "../../platform/within.ts";
import { createLimit, ownShare } from "./limit.ts";
import type { Limit } from "./limit.ts";

/** How often one person, and one address, may ask for something in a window. */
export type Rate = { person: number; address: number };
export type RateName = "reserve" | "join" | "payments" | "search" | "signIn" | "documents";
/** Of those who search or sign in only the address is known. */
export type Rates = Record<RateName, Rate> & {
  /** A partner counts as so many addresses. */
  partnerFactor: number;
  windowSeconds: number;
};

/** Who asks, as far as it is known: a person is somebody who is signed in. */
export type Asker = {
  userId?: string | undefined;
  /** Empty when nobody knows it. */
  address: string;
  /** What it is counted by: of IPv6 the /64. */
  network: string;
  partner?: string | undefined;
};

/** How often somebody may ask. Both throw RATE_LIMITED. */
export type RateLimits = {
  /** Counts in this process: before anything is done for the asker, and for next to nothing. */
  admit(name: RateName, asker: Asker): void;
  /** Counts in all processes together, before work that costs more than a Redis command. */
  spend(name: RateName, asker: Asker): Promise<void>;
};

/**
 * A person who asks too often is refused before their address is counted, so that they do not use up what others behind it have.
 * A partner answers for its people: they are counted as one, under its name.
 */
export function createRateLimits({
  rates,
  limitCount,
}: {
  rates: Rates;
  limitCount: CreateLimitCount;
}): RateLimits {
  const { windowSeconds, partnerFactor } = rates;
  const limitOf = (name: string, max: number) =>
    createLimit(limitCount, { name, max, windowSeconds, ownMax: ownShare(max) });
  const limitsOf = (name: RateName) => ({
    person: limitOf(`${name}:person`, rates[name].person),
    address: limitOf(`${name}:address`, rates[name].address),
    partner: limitOf(`${name}:partner`, rates[name].address * partnerFactor),
  });
  const limits = {
    reserve: limitsOf("reserve"),
    join: limitsOf("join"),
    payments: limitsOf("payments"),
    search: limitsOf("search"),
    signIn: limitsOf("signIn"),
    documents: limitsOf("documents"),
  };

  return {
    admit(name, { userId, network, partner }) {
      const { person, address, partner: partners } = limits[name];
      if (partner !== undefined) return refuse(partners.admit(partner), name, "partner");
      if (userId !== undefined) refuse(person.admit(userId), name, "person");
      if (network !== "") refuse(address.admit(network), name, "address");
    },
    async spend(name, { userId, network, partner }) {
      const { person, address, partner: partners } = limits[name];
      if (partner !== undefined) return refuse(await ask(partners, partner), name, "partner");
      if (userId !== undefined) refuse(await ask(person, userId), name, "person");
      if (network !== "") refuse(await ask(address, network), name, "address");
    },
  };
}

/** Nobody waits for Redis longer than a reserve does. */
async function ask(limit: Limit, key: string): Promise<number | undefined> {
  return within(50, "a limit", limit.spend(key)).catch(() => undefined);
}

function refuse(leftMs: number | undefined, name: RateName, by: string): void {
  if (leftMs === undefined) return;
  refusals.inc({ name, by });
  throw new DomainError("RATE_LIMITED", { by, retryAfterSeconds: retryAfterSeconds(leftMs) });
}

const refusals = new Counter({
  name: "marquee_rate_limited_total",
  help: "Requests that were refused because their person, address or partner asks too often",
  labelNames: ["name", "by"],
});
