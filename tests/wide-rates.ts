import type { AskerRules } from "../api/limits/askers.ts";

const wide = { person: 1_000_000, address: 10_000_000 };

/** For tests of something else: they are in more of a hurry than any buyer. */
export const wideRates: AskerRules["rates"] = {
  ...{ reserve: wide, join: wide, payments: wide, search: wide },
  ...{ partnerFactor: 1, windowSeconds: 60 },
};
export const deafSignals: AskerRules["signals"] = {
  ...{ pointsMax: 1_000_000, joinsPerMinute: 1_000_000, windowSeconds: 60 },
};
