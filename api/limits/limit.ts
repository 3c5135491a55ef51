import type { LimitCount } from "../../adapters/redis/limit-counts.ts";
import { createWindowCounts } from "../../platform/window-counts.ts";

/**
 * At most `max` in a window, by key. What `admit` and `spend` return is undefined, or after how many milliseconds the key may come
 * again.
 */
export type Limit = {
  /** Counts in this process, whatever becomes of it. Costs a look into memory. */
  admit(key: string): number | undefined;
  /** Counts in all processes together, for what costs more than the counting. Never rejects: while Redis is away, memory counts. */
  spend(key: string): Promise<number | undefined>;
};

export function createLimit(options: {
  max: number;
  windowSeconds: number;
  shared: LimitCount;
  namesMax?: number;
}): Limit {
  const { max, windowSeconds, shared, namesMax = 50_000 } = options;
  const counts = createWindowCounts({ windowMs: windowSeconds * 1_000, namesMax });
  return {
    admit(key) {
      const { count, leftMs } = counts.add(key);
      return count > max ? leftMs : undefined;
    },
    async spend(key) {
      const counted = await shared.count(key).catch(() => undefined);
      if (counted === undefined || counted.left > 0) return undefined;
      // Known from now on, and until the window of all ends: no more questions, and an honest Retry-After.
      counts.set(key, { count: max, leftMs: counted.leftMs });
      return counted.left < 0 ? counted.leftMs : undefined;
    },
  };
}
