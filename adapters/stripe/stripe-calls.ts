import { randomUUID } from "node:crypto";

import Stripe from "stripe";

import { guardCalls } from "../../platform/guard-calls.ts";
import type { CallLimits } from "../../platform/guard-calls.ts";
import { createPace } from "./pace.ts";
import {
  asUnavailable,
  isOutage,
  isReplayedFailure,
  isTooManyRequests,
  retryAfterOf,
  unavailable,
} from "./stripe-errors.ts";

/** Stripe's client and the one way to call it. */
export type StripeCalls = {
  stripe: Stripe;
  /**
   * Runs one request to an endpoint within the limits. An unknown answer becomes `PAYMENT_PROVIDER_UNAVAILABLE`, as does a turn
   * that is too far away: nothing was sent then. A refusal stays Stripe's own error, for the caller to translate.
   */
  call<Result>(endpoint: StripeEndpoint, request: () => Promise<Result>): Promise<Result>;
  /** How long a request would wait for its turn now. */
  waitMs(): number;
};

/** The operations that we use, each of which has a budget of its own at Stripe. */
export type StripeEndpoint =
  | `payment_intents.${"create" | "retrieve" | "list" | "search" | "capture" | "cancel"}`
  | `refunds.${"create" | "retrieve" | "list"}`
  | "disputes.retrieve"
  | "events.list";

export type StripeCallLimits = CallLimits & {
  /** The longest that Stripe may be silent within a request. */
  silenceMsMax: number;
  /** Requests to one endpoint. Stripe allows an account 25, unless it has raised that; on their way they catch up a little. */
  perSecondMax: number;
  /** The longest that a caller waits for its turn within that. */
  turnMsMax: number;
};

const defaultLimits: StripeCallLimits = {
  silenceMsMax: 8_000,
  callMsMax: 10_000,
  perSecondMax: 20,
  turnMsMax: 4_000,
  // Most requests take 0.3 s, so this is 80 a second; Stripe allows an account 100 a second in all.
  concurrentMax: 25,
  queuedMax: 100,
  queuedMsMax: 4_000,
  failuresMax: 5,
  breakMs: 5_000,
};

export function createStripeCalls(options: {
  apiUrl: string;
  secretKey: string;
  limits?: Partial<StripeCallLimits>;
}): StripeCalls {
  const limits = { ...defaultLimits, ...options.limits };
  const pace = createPace({ perSecondMax: limits.perSecondMax, waitMsMax: limits.turnMsMax });
  const policy = guardCalls(limits, isOutage);
  return {
    stripe: createClient(options.apiUrl, options.secretKey, limits),
    async call(endpoint, request) {
      const tooEarlyMs = await pace.turn(endpoint);
      if (tooEarlyMs > 0) throw unavailable({ retryAfterSeconds: Math.ceil(tooEarlyMs / 1_000) });
      try {
        return await policy.execute(request);
      } catch (error) {
        // A 429 did nothing. It slows this endpoint down, and speaks against nobody but ourselves.
        if (isTooManyRequests(error)) {
          pace.pause(endpoint, 1_000 * (retryAfterOf(error) ?? pauseSeconds));
        }
        throw asUnavailable(error, limits.breakMs) ?? error;
      }
    },
    waitMs: pace.waitMs,
  };
}

/**
 * Stripe repeats a stored failure under the same key for a day, even when its cause is long gone. So a failure that comes
 * back marked as a repeat is tried under a key that nobody has used: a row of keys would be spent by an outage, and then money
 * could not move for a day. Only for requests that their object's state guards as well: an intent is captured or cancelled
 * once, under however many keys.
 */
export async function underFreshKey<Result>(
  key: string,
  attempt: (idempotencyKey: string) => Promise<Result>,
): Promise<Result> {
  try {
    return await attempt(key);
  } catch (error) {
    if (!isReplayedFailure(error)) throw error;
  }
  return attempt(`${key}:${randomUUID()}`);
}

/** For a 429 that does not say how long. */
const pauseSeconds = 1;

function createClient(apiUrl: string, secretKey: string, limits: StripeCallLimits): Stripe {
  const { hostname, port, protocol } = new URL(apiUrl);
  return new Stripe(secretKey, {
    host: hostname,
    protocol: protocol === "http:" ? "http" : "https",
    ...(port === "" ? {} : { port }),
    timeout: limits.silenceMsMax,
    maxNetworkRetries: 0,
    telemetry: false,
  });
}
