import type { Result } from "ioredis";

import type { RedisClient } from "./create-redis.ts";
import { inTime } from "./in-time.ts";

/** What a process has found: `text` is missing where Redis knows nothing, or only what is older than `freshMsMax`. */
export type KeptMetadata = {
  /** Also what is old. */
  text: string | undefined;
  ageMs: number;
  /** Older than wanted, or known to have changed. */
  isOld: boolean;
  /** Nobody else is loading it: whoever asked should, and write it. */
  mayLoad: boolean;
};

/**
 * What is known of shows, for all processes: `show_metadata:{id}`, for minutes. It may all be lost at any moment, and each call
 * throws after 50 ms.
 */
export type ShowMetadata = {
  read(showId: string, freshMsMax: number): Promise<KeptMetadata>;
  /** Not kept where a change to a higher version is known: this was read before it. */
  write(showId: string, kept: { version: number; text: string }): Promise<void>;
  /** The show has changed, to this version: what is older is good only while nothing else can be had. */
  expire(showId: string, version: number): Promise<void>;
};

export function createShowMetadata(redis: RedisClient): ShowMetadata {
  for (const [name, lua] of Object.entries(scripts)) redis.defineCommand(name, { lua });
  return {
    async read(showId, freshMsMax) {
      const keys = [keyOf(showId), `${keyOf(showId)}:loading`] as const;
      const [text, ageMs, isOld, mayLoad] = await inTime(
        redis.readShowMetadata(2, ...keys, freshMsMax, loadMsMax),
      );
      return { text: text ?? undefined, ageMs, isOld: isOld === 1, mayLoad: mayLoad === 1 };
    },
    async write(showId, { version, text }) {
      const keys = [keyOf(showId), `${keyOf(showId)}:loading`] as const;
      await inTime(redis.writeShowMetadata(2, ...keys, version, text, keptMs));
    },
    async expire(showId, version) {
      await inTime(redis.expireShowMetadata(1, keyOf(showId), version, changeKeptMs));
    },
  };
}

/** The show's hash tag, as all of its keys. */
function keyOf(showId: string): string {
  return `show_metadata:{${showId}}`;
}

/** An hour: for as long as it may stand in for PostgreSQL. It is fresh for seconds. */
const keptMs = 3_600_000;
/** Longer than a statement may take: whoever loads is not overtaken, and if it dies somebody else does it soon. */
const loadMsMax = 3_000;
/** Of a show that is not kept: longer than any reading that was begun before the change. */
const changeKeptMs = 60_000;

// Ages are counted by Redis's own clock: those of processes differ.
const now = `local time = redis.call('time') local now = time[1] * 1000 + math.floor(time[2] / 1000)`;

const scripts = {
  readShowMetadata: `${now}
    local kept = redis.call('hmget', KEYS[1], 'text', 'storedAt', 'version', 'changedTo')
    local text, storedAt = kept[1], tonumber(kept[2])
    local age = text and now - storedAt or 0
    local old = not text or age >= tonumber(ARGV[1]) or tonumber(kept[3]) < tonumber(kept[4] or 0)
    local may = old and redis.call('set', KEYS[2], '1', 'nx', 'px', ARGV[2])
    return { text, age, old and 1 or 0, may and 1 or 0 }`,
  writeShowMetadata: `${now}
    redis.call('del', KEYS[2])
    local known = redis.call('hmget', KEYS[1], 'version', 'changedTo')
    local version = tonumber(ARGV[1])
    if version < tonumber(known[1] or 0) or version < tonumber(known[2] or 0) then return 0 end
    redis.call('hset', KEYS[1], 'text', ARGV[2], 'version', ARGV[1], 'storedAt', now)
    redis.call('pexpire', KEYS[1], ARGV[3])
    return 1`,
  expireShowMetadata: `
    local known = redis.call('hmget', KEYS[1], 'text', 'changedTo')
    if tonumber(ARGV[1]) <= tonumber(known[2] or 0) then return 0 end
    redis.call('hset', KEYS[1], 'changedTo', ARGV[1])
    if not known[1] then redis.call('pexpire', KEYS[1], ARGV[2]) end
    return 1`,
};

declare module "ioredis" {
  interface RedisCommander<Context> {
    readShowMetadata(
      keyCount: 2,
      key: string,
      loading: string,
      freshMs: number,
      loadMs: number,
    ): Result<[string | null, number, number, number], Context>;
    writeShowMetadata(
      keyCount: 2,
      key: string,
      loading: string,
      version: number,
      text: string,
      keptMs: number,
    ): Result<number, Context>;
    expireShowMetadata(
      keyCount: 1,
      key: string,
      version: number,
      keptMs: number,
    ): Result<number, Context>;
  }
}
