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

import { asUnavailable, isOutage, isReplayedFailure } from "./stripe-errors.ts";

/** Stripe's client and the one way to call it. */
export type StripeCalls = {
  stripe: Stripe;
  /**
   * Runs one request within the limits. An unknown answer becomes `PAYMENT_PROVIDER_UNAVAILABLE`; a refusal stays
   * Stripe's own error, for the caller to translate.
   */
  call<Result>(request: () => Promise<Result>): Promise<Result>;
};

export type CallLimits = {
  /** The longest that Stripe may be silent within a request. */
  silenceMsMax: number;
  /** The longest that a caller waits; it covers the one repeat that the client makes of itself after a broken connection. */
  callMsMax: number;
  /** Stripe allows 25 requests a second at one endpoint in its sandbox and 100 a second in all; most take 0.3 s. */
  concurrentMax: number;
  queuedMax: number;
  /** So many failures in a row and Stripe is left alone for `breakMs`. */
  failuresMax: number;
  breakMs: number;
};

const defaultLimits: CallLimits = {
  silenceMsMax: 8_000,
  callMsMax: 10_000,
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
    async call(request) {
      try {
        return await policy.execute(request);
      } catch (error) {
        throw asUnavailable(error, limits.breakMs) ?? error;
      }
    },
  };
}

/**
 * Stripe repeats a stored failure under the same key for a day, even when its cause is long gone. So a failure that comes
 * back marked as a repeat is tried under the next key. Only for requests that their object's state guards as well:
 * an intent is captured or cancelled once, under however many keys.
 */
export async function underFreshKey<Result>(
  key: string,
  attempt: (idempotencyKey: string) => Promise<Result>,
): Promise<Result> {
  for (let turn = 1; ; turn += 1) {
    try {
      return await attempt(turn === 1 ? key : `${key}:${turn}`);
    } catch (error) {
      if (turn === keysMax || !isReplayedFailure(error)) throw error;
    }
  }
}

const keysMax = 3;

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
