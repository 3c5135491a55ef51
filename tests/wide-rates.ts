import type { Rates } from "../api/limits/rate-limits.ts";

const wide = { person: 1_000_000, address: 10_000_000 };

/** For tests of something else: they are in more of a hurry than any buyer. */
export const wideRates: Rates = {
  ...{ reserve: wide, join: wide, payments: wide, search: wide },
  ...{ partnerFactor: 1, windowSeconds: 60 },
};
