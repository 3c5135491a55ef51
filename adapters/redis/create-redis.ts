import { Cluster, Redis } from "ioredis";

export type RedisClient = Redis | Cluster;

/**
 * A client that fails fast: Redis may only say "no" early, so nobody waits for it. Commands are refused at once while it is
 * away, and it is tried again for ever in the background, half a second apart at most. Several addresses, with commas in
 * between, are nodes of one cluster.
 */
export function createRedis(options: {
  redisUrl: string;
  component: string;
  onError: (error: Error) => void;
}): RedisClient {
  const urls = options.redisUrl.split(",");
  const [url = ""] = urls;
  const redis =
    urls.length === 1
      ? new Redis(url, { ...ofNode(options), enableOfflineQueue: false, retryStrategy })
      : createCluster(urls, options);
  redis.on("error", options.onError);
  return redis;
}

function createCluster(urls: string[], options: { component: string }): Cluster {
  const cluster = new Cluster(urls, {
    enableOfflineQueue: false,
    clusterRetryStrategy: retryStrategy,
    redisOptions: ofNode(options),
    shardedSubscribers: true,
    // A slot that has moved is followed; one whose node is down is not waited for.
    maxRedirections: 2,
    retryDelayOnFailover: 0,
    retryDelayOnClusterDown: 0,
    slotsRefreshTimeout: 1_000,
  });
  // Not at the first command, which would be refused.
  cluster.on("+node", (node: Redis) => void node.connect().catch(() => undefined));
  return cluster;
}

function ofNode({ component }: { component: string }) {
  return {
    connectionName: component,
    commandTimeout: 1_000,
    connectTimeout: 1_000,
    maxRetriesPerRequest: 0,
    // Whoever subscribes does so again by itself: it must know that it may have missed something.
    autoResubscribe: false,
  };
}

function retryStrategy(attempt: number): number {
  return Math.min(50 * attempt, 500);
}
