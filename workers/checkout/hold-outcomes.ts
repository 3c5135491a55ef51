import type { HoldOutcome } from "../../domain/hold.ts";

/** Lets a request wait for the hold that a workflow makes in this same process, without asking the server. */
export type HoldOutcomes = {
  /** Resolves when this process announces the booking's hold, or with `undefined` when `waitMsMax` is over. */
  next(bookingId: string, waitMsMax: number): Promise<HoldOutcome | undefined>;
  announce(bookingId: string, outcome: HoldOutcome): void;
};

export function createHoldOutcomes(): HoldOutcomes {
  const waiting = new Map<string, Set<(outcome: HoldOutcome) => void>>();
  return {
    next(bookingId, waitMsMax) {
      return new Promise((resolve) => {
        const listeners = waiting.get(bookingId) ?? new Set();
        waiting.set(bookingId, listeners);
        const finish = (outcome: HoldOutcome | undefined) => {
          clearTimeout(timer);
          listeners.delete(finish);
          if (listeners.size === 0) waiting.delete(bookingId);
          resolve(outcome);
        };
        const timer = setTimeout(() => finish(undefined), waitMsMax);
        listeners.add(finish);
      });
    },
    announce(bookingId, outcome) {
      for (const finish of waiting.get(bookingId) ?? []) finish(outcome);
    },
  };
}
