import { randomUUID } from "node:crypto";

import { createRedis } from "../../adapters/redis/create-redis.ts";
import { createSeatLocks } from "../../adapters/redis/seat-locks.ts";
import { closedLoop } from "../closed-loop.ts";

/** L3: the lock script of two seats and nothing around it, from 16 callers on one connection. Times a second. */
export async function measureLockScript(redisUrl: string, seconds: number): Promise<number> {
  const redis = createRedis({ redisUrl, component: "limits", onError: () => undefined });
  const { take } = createSeatLocks(redis);
  await new Promise((resolve) => redis.once("ready", resolve));
  const { perSecond } = await closedLoop({
    clients: 16,
    seconds,
    async work() {
      const lock = { showId: randomUUID(), bookingId: randomUUID(), seatIds: ["A1", "A2"] };
      return (await take(lock)).outcome === "taken";
    },
  });
  redis.disconnect();
  return perSecond;
}
