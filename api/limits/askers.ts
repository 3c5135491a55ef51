import type { CreateLimitCount } from "../../adapters/redis/limit-counts.ts";
import type { Challenge } from "../../domain/challenge.ts";
import { createChallenges } from "./challenges.ts";
import { createRateLimits } from "./rate-limits.ts";
import type { Rates } from "./rate-limits.ts";
import { createSignals } from "./signals.ts";
import type { SignalRules } from "./signals.ts";

export type Askers = ReturnType<typeof createAskers>;
export type AskerRules = { rates: Rates; signals: SignalRules };

/** What is known of those who ask, and what is asked of them. */
export function createAskers(
  deps: { limitCount: CreateLimitCount; challenge: Challenge },
  rules: AskerRules,
) {
  const signals = createSignals(rules.signals, deps.limitCount);
  return {
    limits: createRateLimits({ ...deps, rates: rules.rates }),
    signals,
    challenges: createChallenges({ ...deps, signals }),
  };
}
