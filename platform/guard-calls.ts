import {
  bulkhead,
  BulkheadRejectedError,
  circuitBreaker,
  ConsecutiveBreaker,
  handleWhen,
  timeout,
  TimeoutStrategy,
  wrap,
} from "cockatiel";

/** What calls to somebody else's server may cost us. */
export type CallLimits = {
  /** The longest that a call takes, whatever the client does meanwhile. */
  callMsMax: number;
  concurrentMax: number;
  queuedMax: number;
  /** The longest that a call waits in the queue; then nothing was sent. */
  queuedMsMax: number;
  /** So many failures in a row and the server is left alone for `breakMs`. */
  failuresMax: number;
  breakMs: number;
};

export type GuardedCalls = {
  execute<Result>(call: (context: { signal: AbortSignal }) => Promise<Result>): Promise<Result>;
};

/** Nothing is retried in here: the workflow retries for as long as it takes, and would multiply what we add. */
export function guardCalls(
  limits: CallLimits,
  isOutage: (error: unknown) => boolean,
): GuardedCalls {
  const { concurrentMax, queuedMax, queuedMsMax } = limits;
  const policy = wrap(
    bulkhead(concurrentMax, queuedMax),
    circuitBreaker(handleWhen(isOutage), {
      halfOpenAfter: limits.breakMs,
      breaker: new ConsecutiveBreaker(limits.failuresMax),
    }),
    // A client's own limit starts anew with each byte: an answer that drips would never end.
    timeout(limits.callMsMax, TimeoutStrategy.Aggressive),
  );

  return {
    async execute(call) {
      // The bulkhead bounds how many wait, and not for how long: behind a hundred slow calls that were half a minute.
      const queued = new AbortController();
      const { promise: waitedTooLong, reject } = Promise.withResolvers<never>();
      const timer = setTimeout(() => {
        queued.abort();
        reject(new BulkheadRejectedError(concurrentMax, queuedMax));
      }, queuedMsMax);
      const called = policy.execute((context) => {
        clearTimeout(timer);
        return call(context);
      }, queued.signal);
      return Promise.race([called, waitedTooLong]).finally(() => clearTimeout(timer));
    },
  };
}
