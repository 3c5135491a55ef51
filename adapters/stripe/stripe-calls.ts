import { randomUUID } from "node:crypto";

import type { IPolicy } from "cockatiel";
import {
  bulkhead,
  circuitBreaker,
  ConsecutiveBreaker,
  handleWhen,
  timeout,
  TimeoutStrategy,
  wrap,
} from "cockatiel";
import Stripe from "stripe";

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
};

/** The operations that we use, each of which has a budget of its own at Stripe. */
export type StripeEndpoint =
  | `payment_intents.${"create" | "retrieve" | "list" | "search" | "capture" | "cancel"}`
  | `refunds.${"create" | "retrieve" | "list"}`
  | "disputes.retrieve"
  | "events.list";

export type CallLimits = {
  /** The longest that Stripe may be silent within a request. */
  silenceMsMax: number;
  /** The longest that a caller waits; it covers the one repeat that the client makes of itself after a broken connection. */
  callMsMax: number;
  /** Requests to one endpoint. Stripe allows an account 25, unless it has raised that; on their way they catch up a little. */
  perSecondMax: number;
  /** The longest that a caller waits for its turn within that. */
  turnMsMax: number;
  /** Most requests take 0.3 s, so this is 80 a second; Stripe allows an account 100 a second in all. */
  concurrentMax: number;
  queuedMax: number;
  /** So many failures in a row and Stripe is left alone for `breakMs`. */
  failuresMax: number;
  breakMs: number;
};

const defaultLimits: CallLimits = {
  silenceMsMax: 8_000,
  callMsMax: 10_000,
  perSecondMax: 20,
  turnMsMax: 4_000,
  concurrentMax: 25,
  queuedMax: 100,
  failuresMax: 5,
  breakMs: 5_000,
};

/** Nothing is retried in here: the workflow retries for as long as it takes, and would multiply what we add. */
export function createStripeCalls(options: {
  apiUrl: string;
  secretKey: string;
  limits?: Partial<CallLimits>;
}): StripeCalls {
  const limits = { ...defaultLimits, ...options.limits };
  const pace = createPace({ perSecondMax: limits.perSecondMax, waitMsMax: limits.turnMsMax });
  const policy: IPolicy = wrap(
    bulkhead(limits.concurrentMax, limits.queuedMax),
    circuitBreaker(handleWhen(isOutage), {
      halfOpenAfter: limits.breakMs,
      breaker: new ConsecutiveBreaker(limits.failuresMax),
    }),
    // The client's own limit starts anew with each byte: an answer that drips would never end.
    timeout(limits.callMsMax, TimeoutStrategy.Aggressive),
  );
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

function createClient(apiUrl: string, secretKey: string, limits: CallLimits): Stripe {
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
