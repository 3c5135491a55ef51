export type KeptValues<Value> = {
  /** What is kept and not old, at once. */
  fresh(key: string): Value | undefined;
  /**
   * What is kept under the key, or what `load` brings; undefined is "there is none", and is not kept, so that invented keys push
   * nothing out. One load at a time for each key: while it runs, others get a value that is not twice as old as a fresh one, and wait where there
   * is none. When it
   * throws, the old value is good until it is `staleMsMax` old, and `staleMs` is above 0.
   */
  get(
    key: string,
    load: () => Promise<Value | undefined>,
  ): Promise<{ value: Value; staleMs: number } | undefined>;
};

/** Values in memory for as long as they are fresh. Bounded in room, least recently used out first. */
export function createKeptValues<Value>(options: {
  freshMs: number;
  staleMsMax: number;
  roomMax: number;
  /** What one value takes of the room. */
  roomOf: (value: Value) => number;
}): KeptValues<Value> {
  const { freshMs, staleMsMax, roomMax, roomOf } = options;
  const kept = new Map<string, Entry<Value>>();
  const loading = new Map<string, Promise<Entry<Value> | undefined>>();
  let room = 0;

  function drop(key: string): void {
    const entry = kept.get(key);
    if (entry !== undefined) room -= entry.room;
    kept.delete(key);
  }

  function keep(key: string, value: Value): Entry<Value> {
    const entry = { value, room: roomOf(value), loadedAt: performance.now() };
    drop(key);
    kept.set(key, entry);
    room += entry.room;
    for (const oldest of kept.keys()) {
      if (room <= roomMax) break;
      drop(oldest);
    }
    return entry;
  }

  async function loadAndKeep(key: string, load: () => Promise<Value | undefined>) {
    const value = await load();
    if (value !== undefined) return keep(key, value);
    drop(key);
    return undefined;
  }

  /** A value that is younger than this, moved to the end: a Map keeps the order of insertion, and who is last goes out last. */
  function find(key: string, ageMsMax: number): Value | undefined {
    const known = kept.get(key);
    if (known === undefined || ageMsOf(known) >= ageMsMax) return undefined;
    kept.delete(key);
    kept.set(key, known);
    return known.value;
  }

  return {
    fresh: (key) => find(key, freshMs),
    async get(key, load) {
      const running = loading.get(key);
      // While one asks again the others are content with what is not much older.
      const good = find(key, running === undefined ? freshMs : freshMs * 2);
      if (good !== undefined) return { value: good, staleMs: 0 };
      const known = kept.get(key);
      const loaded = running ?? loadAndKeep(key, load).finally(() => loading.delete(key));
      loading.set(key, loaded);
      try {
        const entry = await loaded;
        return entry && { value: entry.value, staleMs: 0 };
      } catch (error) {
        const staleMs = ageMsOf(known);
        if (known !== undefined && staleMs < staleMsMax) return { value: known.value, staleMs };
        throw error;
      }
    },
  };
}

type Entry<Value> = { value: Value; room: number; loadedAt: number };

function ageMsOf(entry: Entry<unknown> | undefined): number {
  return entry === undefined ? Number.POSITIVE_INFINITY : performance.now() - entry.loadedAt;
}
