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

/** What calls to somebody else's server may cost us. */
export type CallLimits = {
  /** The longest that a caller waits, whatever the client does meanwhile. */
  callMsMax: number;
  concurrentMax: number;
  queuedMax: number;
  /** So many failures in a row and the server is left alone for `breakMs`. */
  failuresMax: number;
  breakMs: number;
};

/** Nothing is retried in here: the workflow retries for as long as it takes, and would multiply what we add. */
export function guardCalls(limits: CallLimits, isOutage: (error: unknown) => boolean): IPolicy {
  return wrap(
    bulkhead(limits.concurrentMax, limits.queuedMax),
    circuitBreaker(handleWhen(isOutage), {
      halfOpenAfter: limits.breakMs,
      breaker: new ConsecutiveBreaker(limits.failuresMax),
    }),
    // A client's own limit starts anew with each byte: an answer that drips would never end.
    timeout(limits.callMsMax, TimeoutStrategy.Aggressive),
  );
}
