import { setTimeout as delay } from "node:timers/promises";

import { Redis } from "ioredis";

/** How many commands clients sent to Redis while `work` ran, of those that count. What a script does inside is its own. */
export async function countRedisCommands(
  redisUrl: string,
  counts: (args: readonly string[]) => boolean,
  work: () => Promise<unknown>,
): Promise<number> {
  const redis = new Redis(redisUrl);
  const monitor = await redis.monitor();
  const end = `end ${Math.random()}`;
  let count = 0;
  let hasEnded = false;
  monitor.on("monitor", (_time: string, args: string[], source: string) => {
    if (args.includes(end)) hasEnded = true;
    if (source !== "lua" && counts(args)) count += 1;
  });
  try {
    await work();
    // The server tells everything in order: once this is heard, so is all before it.
    await redis.echo(end);
    while (!hasEnded) await delay(1);
    return count;
  } finally {
    monitor.disconnect();
    redis.disconnect();
  }
}

/** Commands that name one of `words` in a key or a value. */
export function naming(words: readonly string[]): (args: readonly string[]) => boolean {
  return (args) => words.some((word) => args.some((arg) => arg.includes(word)));
}
