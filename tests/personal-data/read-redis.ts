import { Redis } from "ioredis";

import type { Text } from "./find-personal-data.ts";

/** Every key and every value. */
export async function readRedis(url: string): Promise<Text[]> {
  const redis = new Redis(url);
  try {
    const texts: Text[] = [];
    for await (const keys of redis.scanStream({ count: 500 }) as AsyncIterable<string[]>) {
      for (const key of keys) {
        texts.push({ place: `key ${key}`, text: key });
        const value = await readValue(redis, key);
        if (value === undefined) continue; // Its time was over.
        texts.push({ place: `value of ${key}`, text: JSON.stringify(value) });
      }
    }
    return texts;
  } finally {
    redis.disconnect();
  }
}

async function readValue(redis: Redis, key: string): Promise<unknown> {
  const type = await redis.type(key);
  switch (type) {
    case "string":
      return redis.get(key);
    case "hash":
      return redis.hgetall(key);
    case "list":
      return redis.lrange(key, 0, -1);
    case "set":
      return redis.smembers(key);
    case "zset":
      return redis.zrange(key, "0", "-1", "WITHSCORES");
    case "stream":
      return redis.xrange(key, "-", "+");
    case "none":
      return undefined;
    default:
      throw new Error(`Nobody has said how to read a ${type}`);
  }
}
