import { guardCalls } from "../../platform/guard-calls.ts";
import type { CallLimits } from "../../platform/guard-calls.ts";
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

export type PaypalCallLimits = CallLimits & {
  /** The longest that PayPal may be silent within a request. */
  silenceMsMax: number;
};

const defaultLimits: PaypalCallLimits = {
  silenceMsMax: 8_000,
  callMsMax: 10_000,
  concurrentMax: 25,
  queuedMax: 100,
  queuedMsMax: 4_000,
  failuresMax: 5,
  breakMs: 5_000,
};

export type PaypalCallOptions = {
  apiUrl: string;
  clientId: string;
  clientSecret: string;
  returnUrl: string;
  cancelUrl: string;
  limits?: Partial<PaypalCallLimits>;
};

export function createPaypalCalls(options: PaypalCallOptions): PaypalCalls {
  const limits = { ...defaultLimits, ...options.limits };
  const client = createPaypalClient({ ...options, silenceMsMax: limits.silenceMsMax });
  const policy = guardCalls(limits, isOutage);
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
