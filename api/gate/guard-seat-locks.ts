import { CountBreaker, circuitBreaker, handleWhenResult, isBrokenCircuitError } from "cockatiel";
import { Counter } from "prom-client";

import type { SeatLockOutcome, SeatLocks } from "../../adapters/redis/seat-locks.ts";

/**
 * Leaves a Redis alone that does not answer within 50 ms: after five unknown answers nobody waits for it for two seconds, and
 * orders go straight to PostgreSQL. When some of the last twenty were answered it is not left alone: one node of a cluster is
 * away, and the shows of the others keep their locks.
 */
export function guardSeatLocks(seatLocks: SeatLocks): SeatLocks {
  const breaker = circuitBreaker(
    handleWhenResult((result) => (result as SeatLockOutcome).outcome === "unknown"),
    {
      halfOpenAfter: 2_000,
      breaker: new CountBreaker({ size: 20, threshold: 0.8, minimumNumberOfCalls: 5 }),
    },
  );
  return {
    ...seatLocks,
    async take(lock) {
      const outcome = await breaker
        .execute(() => seatLocks.take(lock))
        .catch((error: unknown): SeatLockOutcome => {
          if (isBrokenCircuitError(error)) return { outcome: "unknown" };
          throw error;
        });
      if (outcome.outcome === "unknown") unlocked.inc();
      return outcome;
    },
  };
}

const unlocked = new Counter({
  name: "marquee_orders_unlocked_total",
  help: "Orders that went to PostgreSQL without locks, because Redis did not answer in time",
});
