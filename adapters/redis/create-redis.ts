import { Redis } from "ioredis";

export type { Redis };

/**
 * A client that fails fast: Redis may only say "no" early, so nobody waits for it. Commands are refused at once while it is
 * away, and it is tried again for ever in the background, half a second apart at most.
 */
export function createRedis(options: {
  redisUrl: string;
  component: string;
  onError: (error: Error) => void;
}): Redis {
  const redis = new Redis(options.redisUrl, {
    connectionName: options.component,
    commandTimeout: 50,
    connectTimeout: 1_000,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    // Whoever subscribes does so again by itself: it must know that it may have missed something.
    autoResubscribe: false,
    retryStrategy: (attempt) => Math.min(50 * attempt, 500),
  });
  redis.on("error", options.onError);
  return redis;
}
