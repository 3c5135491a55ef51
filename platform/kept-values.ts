import { createBoundedMap } from "./bounded-map.ts";
import type { BoundedMap } from "./bounded-map.ts";
import { within } from "./within.ts";

export type KeptValues<Value> = {
  /** What is kept and not old, at once. */
  fresh(key: string): Value | undefined;
  /**
   * What is kept under the key, or what `load` brings; undefined is "there is none", and is not kept, so that invented keys push
   * nothing out. One load at a time for each key: while it runs, others get a value that is not twice as old as a fresh one, and wait where there
   * is none. When it throws, or takes longer than `patienceMs`, the old value is good until it is `staleMsMax` old, and `staleMs` is
   * above 0. After a throw nobody loads for `pauseMs`, as long as there is an old value.
   */
  get(
    key: string,
    load: () => Promise<Value | undefined>,
  ): Promise<{ value: Value; staleMs: number } | undefined>;
  /** What is kept under the key is not so any more: it is loaded anew for the next who asks, and good only where that fails. */
  expire(key: string): void;
  /** The same for all that is kept. */
  expireAll(): void;
};

/** Values in memory for as long as they are fresh. Bounded in room, least recently used out first. */
export function createKeptValues<Value>(options: KeptOptions<Value>): KeptValues<Value> {
  const { freshMs, staleMsMax, patienceMs = 500, pauseMs = 1_000 } = options;
  const kept = createBoundedMap<Entry<Value>>(options.roomMax);
  const loads = createLoads(kept, options);

  function find(key: string, ageMsMax: number): Value | undefined {
    const known = kept.get(key);
    if (known === undefined || known.isExpired || ageMsOf(known) >= ageMsMax) return undefined;
    kept.touch(key);
    return known.value;
  }

  /** What is old and can be had all the same. */
  function findStale(key: string): { value: Value; staleMs: number } | undefined {
    const known = kept.get(key);
    const staleMs = ageMsOf(known);
    return known !== undefined && staleMs < staleMsMax
      ? { value: known.value, staleMs }
      : undefined;
  }

  /** A moment ago, or it takes too long just now. */
  function hasFailed(key: string, running: Load<Value> | undefined): boolean {
    const now = performance.now();
    if (running !== undefined) return now - running.begunAt >= patienceMs;
    return now - (kept.get(key)?.failedAt ?? Number.NEGATIVE_INFINITY) < pauseMs;
  }

  return {
    fresh: (key) => find(key, freshMs),
    async get(key, load) {
      const running = loads.running(key);
      // While one asks again the others are content with what is not much older.
      const failed = hasFailed(key, running);
      const good = find(key, running === undefined || failed ? freshMs : freshMs * 2);
      if (good !== undefined) return { value: good, staleMs: 0 };
      const stale = findStale(key);
      if (stale !== undefined && failed) return stale;
      const { entry: loaded } = running ?? loads.begin(key, load);
      try {
        const entry = await (stale === undefined ? loaded : within(patienceMs, key, loaded));
        if (entry === undefined) return undefined;
        const isOld = entry.failedAt > Number.NEGATIVE_INFINITY;
        return { value: entry.value, staleMs: isOld ? ageMsOf(entry) : 0 };
      } catch (error) {
        const known = findStale(key);
        if (known !== undefined) return known;
        throw error;
      }
    },
    expire(key) {
      loads.forget(key);
      const known = kept.get(key);
      if (known !== undefined) known.isExpired = true;
    },
    expireAll() {
      loads.forgetAll();
      for (const known of kept.values()) known.isExpired = true;
    },
  };
}

type KeptOptions<Value> = {
  freshMs: number;
  staleMsMax: number;
  roomMax: number;
  /** What one value takes of the room. */
  roomOf: (value: Value) => number;
  /** How old a value is when it comes, where it was kept elsewhere before. */
  ageMsOf?: (value: Value) => number;
  patienceMs?: number;
  pauseMs?: number;
};

type Entry<Value> = {
  value: Value;
  room: number;
  loadedAt: number;
  /** When it could not be loaded anew, the last time. */
  failedAt: number;
  isExpired: boolean;
};

type Load<Value> = { begunAt: number; entry: Promise<Entry<Value> | undefined> };

/** One load at a time for each key. What a load brings is kept, unless it was forgotten meanwhile: then it may be of before. */
function createLoads<Value>(kept: BoundedMap<Entry<Value>>, options: KeptOptions<Value>) {
  const loading = new Map<string, Load<Value>>();

  async function loadAndKeep(
    key: string,
    own: Load<Value>,
    load: () => Promise<Value | undefined>,
  ): Promise<Entry<Value> | undefined> {
    try {
      const value = await load();
      const entry = value === undefined ? undefined : entryOf(value, options);
      if (loading.get(key) !== own) return entry;
      if (entry === undefined) kept.delete(key);
      else kept.set(key, entry);
      return entry;
    } catch (error) {
      const known = kept.get(key);
      if (known !== undefined) known.failedAt = performance.now();
      throw error;
    } finally {
      if (loading.get(key) === own) loading.delete(key);
    }
  }

  return {
    running: (key: string) => loading.get(key),
    begin(key: string, load: () => Promise<Value | undefined>): Load<Value> {
      const own: Load<Value> = { begunAt: performance.now(), entry: Promise.resolve(undefined) };
      loading.set(key, own);
      own.entry = loadAndKeep(key, own, load);
      return own;
    },
    forget: (key: string) => loading.delete(key),
    forgetAll: () => loading.clear(),
  };
}

function entryOf<Value>(value: Value, { ageMsOf: age, roomOf, freshMs }: KeptOptions<Value>) {
  const ageMs = age?.(value) ?? 0;
  const now = performance.now();
  // What comes and is old already stands in for something that could not be had.
  const failedAt = ageMs < freshMs || ageMs === 0 ? Number.NEGATIVE_INFINITY : now;
  return { value, room: roomOf(value), loadedAt: now - ageMs, failedAt, isExpired: false };
}

function ageMsOf(entry: Entry<unknown> | undefined): number {
  return entry === undefined ? Number.POSITIVE_INFINITY : performance.now() - entry.loadedAt;
}
