import { RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";

import type { RedisClient } from "./create-redis.ts";

export type LimitCount = {
  /**
   * Counts so many more in the window of `key`, which begins with its first count. `left`: how many more there may be in it; below 0
   * these were too many. Throws when Redis is away.
   */
  count(key: string, times: number): Promise<{ left: number; leftMs: number }>;
};

export type CreateLimitCount = (options: {
  name: string;
  max: number;
  /** Whole seconds. */
  windowSeconds: number;
}) => LimitCount;

/**
 * Limits that all processes count together: a key in Redis for each window, one command a count. Keys have a keyed digest of who is
 * counted, and nobody's address.
 */
export function createLimitCounts(
  redis: RedisClient,
  digest: (text: string) => Buffer,
): CreateLimitCount {
  const nameOf = (key: string) => digest(key).toString("base64url").slice(0, nameLength);
  return ({ name, max, windowSeconds }) => {
    const limiter = new RateLimiterRedis({
      storeClient: redis,
      keyPrefix: `limit:${name}`,
      points: max,
      duration: windowSeconds,
    });
    return {
      async count(key, times) {
        const counted = await limiter.consume(nameOf(key), times).catch((refused: unknown) => {
          // The library throws an answer when it is "no".
          if (refused instanceof RateLimiterRes) return refused;
          throw refused;
        });
        return { left: max - counted.consumedPoints, leftMs: counted.msBeforeNext };
      },
    };
  };
}

/** 132 bits: no two are the same. */
const nameLength = 22;
