import { isBrokenCircuitError, isBulkheadRejectedError, isTaskCancelledError } from "cockatiel";
import Stripe from "stripe";

import { DomainError } from "../../domain/errors.ts";

/**
 * The error that says "nobody knows", or undefined when Stripe has given a clear answer. A breaker that is open, or a full
 * queue, has sent nothing; for the caller it is the same: ask again later.
 */
export function asUnavailable(error: unknown, breakMs: number): DomainError | undefined {
  if (isBrokenCircuitError(error)) {
    return unavailable({ retryAfterSeconds: Math.ceil(breakMs / 1_000) }, error);
  }
  if (
    isOutage(error) ||
    isRateLimit(error) ||
    isBulkheadRejectedError(error) ||
    isKeyInUse(error)
  ) {
    const retryAfterSeconds = retryAfterOf(error);
    return unavailable(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }, error);
  }
  // A stored 500 that is only repeated to us: Stripe is well, yet its answer still says nothing.
  if (isServerFailure(error)) return unavailable({}, error);
  // Stripe gave us every id that we send. If it knows one no more we are asking in another account, and the money is
  // where it was: that must be looked at, and never be taken for "nothing moved".
  if (hasCode(error, "resource_missing")) return unavailable({}, error);
  return undefined;
}

/**
 * Whether this failure speaks against Stripe as a whole. A declined card, a wrong state or our own haste do not; a refused key
 * does.
 */
export function isOutage(error: unknown): boolean {
  return (
    isTaskCancelledError(error) ||
    error instanceof Stripe.errors.StripeConnectionError ||
    error instanceof Stripe.errors.StripeAuthenticationError ||
    error instanceof Stripe.errors.StripePermissionError ||
    (isServerFailure(error) && !isReplayedFailure(error))
  );
}

/** We are too fast at an endpoint. Two requests about one object at once are a 429 too, and say nothing about the others. */
export function isTooManyRequests(error: unknown): boolean {
  return isRateLimit(error) && !hasCode(error, "lock_timeout");
}

/** Stripe did not try again: it has repeated what it had stored under the idempotency key. */
export function isReplayedFailure(error: unknown): boolean {
  const failure = error instanceof DomainError ? error.cause : error;
  return (
    failure instanceof Stripe.errors.StripeError &&
    failure.headers?.["idempotent-replayed"] === "true"
  );
}

/** The intent that a refused request was about, as it is now. */
export function intentInside(error: unknown): Stripe.PaymentIntent | undefined {
  return error instanceof Stripe.errors.StripeError ? error.payment_intent : undefined;
}

export function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Stripe.errors.StripeError && codes.includes(error.code ?? "");
}

/** The sum or its currency is what Stripe will not have: unknown, too small, too large, or with decimals where it takes none. */
export function isBadAmount(error: unknown): boolean {
  return (
    error instanceof Stripe.errors.StripeInvalidRequestError &&
    (error.param === "amount" || error.param === "currency")
  );
}

/** 5xx, and what came with a 2xx but was no JSON. */
function isServerFailure(error: unknown): boolean {
  return error instanceof Stripe.errors.StripeAPIError && (error.statusCode ?? 500) >= 500;
}

function isRateLimit(error: unknown): boolean {
  return error instanceof Stripe.errors.StripeRateLimitError;
}

/** The same request is still running at Stripe. */
function isKeyInUse(error: unknown): boolean {
  return (
    error instanceof Stripe.errors.StripeError &&
    (error.statusCode === 409 || error.code === "idempotency_key_in_use")
  );
}

/** The client reads this header no more than it retries a 429. */
export function retryAfterOf(error: unknown): number | undefined {
  if (!(error instanceof Stripe.errors.StripeError)) return undefined;
  const seconds = Number(error.headers?.["retry-after"]);
  return Number.isInteger(seconds) && seconds > 0 ? seconds : undefined;
}

export function unavailable(details: { retryAfterSeconds?: number }, cause?: unknown): DomainError {
  return new DomainError(
    "PAYMENT_PROVIDER_UNAVAILABLE",
    { provider: "stripe", ...details },
    { cause },
  );
}
