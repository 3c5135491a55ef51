import type { CreateLimitCount } from "../../adapters/redis/limit-counts.ts";
import { createWindowCounts } from "../../platform/window-counts.ts";

/**
 * At most `max` in a window, by key. What is returned is undefined, or after how many milliseconds the key may come again. `count`
 * says how much a time counts.
 */
export type Limit = {
  /** Counts in this process, whatever becomes of it. Costs a look into memory. */
  admit(key: string, count?: number): number | undefined;
  /** Counts in all processes together, for what costs more than the counting. Never rejects: while Redis is away, memory counts. */
  spend(key: string): Promise<number | undefined>;
  /** Whether the next one would be too many, as far as this process knows. Counts nothing. */
  look(key: string): number | undefined;
};

export function createLimit(
  limitCount: CreateLimitCount,
  options: { name: string; max: number; windowSeconds: number },
): Limit {
  const { max, windowSeconds } = options;
  const inAll = limitCount(options);
  const counts = createWindowCounts({ windowMs: windowSeconds * 1_000, namesMax: keysMax });
  return {
    admit(key, added = 1) {
      const { count, leftMs } = counts.add(key, added);
      return count > max ? leftMs : undefined;
    },
    async spend(key) {
      const counted = await inAll.count(key).catch(() => undefined);
      if (counted === undefined || counted.left > 0) return undefined;
      // Known from now on, and until the window of all ends: no more questions, and an honest Retry-After.
      counts.set(key, { count: max, leftMs: counted.leftMs });
      return counted.left < 0 ? counted.leftMs : undefined;
    },
    look(key) {
      const { count, leftMs } = counts.get(key);
      return count >= max ? leftMs : undefined;
    },
  };
}

const keysMax = 50_000;
