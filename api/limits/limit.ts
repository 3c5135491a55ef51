import type { CreateLimitCount } from "../../adapters/redis/limit-counts.ts";
import { createWindowCounts } from "../../platform/window-counts.ts";

/**
 * At most `max` in a window, by key. What is returned is undefined, or after how many milliseconds the key may come again. `count`
 * says how much a time counts.
 */
export type Limit = {
  /** Counts in this process, whatever becomes of it. Costs a look into memory. */
  admit(key: string, count?: number): number | undefined;
  /**
   * Counts in all processes together, for what costs more than the counting; the first `ownMax` of a window only when there are more.
   * Never rejects: while Redis is away, memory counts.
   */
  spend(key: string): Promise<number | undefined>;
  /** Whether the next one would be too many, as far as this process knows. Counts nothing. */
  look(key: string): number | undefined;
};

export function createLimit(
  limitCount: CreateLimitCount,
  options: { name: string; max: number; windowSeconds: number; ownMax?: number },
): Limit {
  const { max, windowSeconds, ownMax = 0 } = options;
  const inAll = limitCount(options);
  const createCounts = () =>
    createWindowCounts({ windowMs: windowSeconds * 1_000, namesMax: keysMax });
  const counts = createCounts();
  const spent = createCounts();
  return {
    admit(key, added = 1) {
      const { count, leftMs } = counts.add(key, added);
      return count > max ? leftMs : undefined;
    },
    async spend(key) {
      const { count } = spent.add(key);
      if (count <= ownMax) return undefined;
      const untold = count === ownMax + 1 ? count : 1;
      const counted = await inAll.count(key, untold).catch(() => undefined);
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

/**
 * The `ownMax` of limits of how often somebody asks: most people come once or twice, and a crowd of them shall not cost a command each.
 * With 16 processes of the API somebody who is at all of them may come twice as often as the limit says; a limit below 16 is exact.
 */
export function ownShare(max: number): number {
  return Math.floor(max / 16);
}
