export type BoundedMap<Entry> = {
  get(key: string): Entry | undefined;
  /** Used now: others go out before it. */
  touch(key: string): void;
  set(key: string, entry: Entry): void;
  delete(key: string): void;
  values(): Iterable<Entry>;
};

/** A map that is bounded in room, least recently used out first. An entry that is larger than all of the room is not kept. */
export function createBoundedMap<Entry extends { room: number }>(
  roomMax: number,
): BoundedMap<Entry> {
  // In the order of insertion, which is the order of use: what is used is put back last.
  const entries = new Map<string, Entry>();
  let room = 0;

  function drop(key: string): void {
    room -= entries.get(key)?.room ?? 0;
    entries.delete(key);
  }

  return {
    get: (key) => entries.get(key),
    touch(key) {
      const entry = entries.get(key);
      if (entry === undefined) return;
      entries.delete(key);
      entries.set(key, entry);
    },
    set(key, entry) {
      drop(key);
      entries.set(key, entry);
      room += entry.room;
      for (const oldest of entries.keys()) {
        if (room <= roomMax) break;
        drop(oldest);
      }
    },
    delete: drop,
    values: () => entries.values(),
  };
}
