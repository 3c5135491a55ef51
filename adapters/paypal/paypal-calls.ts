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

import { createPaypalClient } from "./paypal-client.ts";
import type { PaypalRequest } from "./paypal-client.ts";
import { asUnavailable, isOutage } from "./paypal-errors.ts";

/** The one way to call PayPal. */
export type PaypalCalls = {
  /**
   * Runs one request within the limits. An unknown answer becomes `PAYMENT_PROVIDER_UNAVAILABLE`; a refusal stays a
   * `PaypalError`, for the caller to translate.
   */
  call<Result>(request: PaypalRequest<Result>): Promise<Result>;
  /** Where PayPal sends a buyer back to. The same in every process: a start that is repeated elsewhere is the same request. */
  returnUrl: string;
  cancelUrl: string;
};

export type CallLimits = {
  /** The longest that PayPal may be silent within a request. */
  silenceMsMax: number;
  /** The longest that a caller waits, the fetching of a token included. */
  callMsMax: number;
  concurrentMax: number;
  queuedMax: number;
  /** So many failures in a row and PayPal is left alone for `breakMs`. */
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

export type PaypalCallOptions = {
  apiUrl: string;
  clientId: string;
  clientSecret: string;
  returnUrl: string;
  cancelUrl: string;
  limits?: Partial<CallLimits>;
};

/** Nothing is retried in here: the workflow retries for as long as it takes, and would multiply what we add. */
export function createPaypalCalls(options: PaypalCallOptions): PaypalCalls {
  const limits = { ...defaultLimits, ...options.limits };
  const client = createPaypalClient({ ...options, silenceMsMax: limits.silenceMsMax });
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
    returnUrl: options.returnUrl,
    cancelUrl: options.cancelUrl,
    async call(request) {
      try {
        return await policy.execute(({ signal }) => client.send(request, signal));
      } catch (error) {
        throw asUnavailable(error, limits.breakMs) ?? error;
      }
    },
  };
}
