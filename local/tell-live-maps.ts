import { once } from "node:events";

import { createRedis } from "../adapters/redis/create-redis.ts";
import { createSeatPublisher } from "../adapters/redis/seat-feed.ts";
import type { SeatNews } from "../domain/seat-news.ts";
import { within } from "../platform/within.ts";

/**
 * Tells live seat maps what a command has changed. False when Redis is not there: then the maps see it by themselves, within five
 * seconds.
 */
export async function tellLiveMaps(
  redisUrl: string | undefined,
  news: readonly { showId: string; seats: SeatNews[] }[],
): Promise<boolean> {
  if (redisUrl === undefined) return false;
  const redis = createRedis({ redisUrl, component: "seats", onError: () => undefined });
  try {
    await within(readyMsMax, "Redis", once(redis, "ready"));
    const tell = createSeatPublisher(redis);
    for (const { showId, seats } of news) tell(showId, seats);
    // Answered after everything that was sent before it.
    await redis.quit();
    return true;
  } catch {
    redis.disconnect();
    return false;
  }
}

const readyMsMax = 2_000;
