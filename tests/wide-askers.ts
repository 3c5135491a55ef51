import type { AskerRules } from "../api/limits/askers.ts";

/** What is wanted otherwise than for tests of something else: those are in more of a hurry than any buyer. */
export type AskerChanges = {
  rates?: Partial<AskerRules["rates"]>;
  signals?: Partial<AskerRules["signals"]>;
};

export function wideAskers({ rates, signals }: AskerChanges = {}): AskerRules {
  return {
    rates: {
      ...{ reserve: wide, join: wide, payments: wide, search: wide },
      ...{ signIn: wide, documents: wide },
      ...{ partnerFactor: 1, windowSeconds: 60, ...rates },
    },
    signals: {
      ...{ pointsMax: 1_000_000, joinsPerMinute: 1_000_000, windowSeconds: 60 },
      ...signals,
    },
  };
}

const wide = { person: 1_000_000, address: 10_000_000 };
