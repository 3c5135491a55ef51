import { createBriefMemory } from "./brief-memory.ts";

export type Counted = { count: number; leftMs: number };

/** Counts by name. A window begins with the first count of a name and ends by itself: what follows does not make it longer. */
export type WindowCounts = {
  /** Counts, and says how many there are in this window. */
  add(name: string, count?: number): Counted;
  /** 0 when there is no window. */
  get(name: string): Counted;
  /** A window as somebody else counts it. */
  set(name: string, counted: Counted): void;
};

/** Of too many names the one is forgotten whose window began first. There are no timers. */
export function createWindowCounts(options: { windowMs: number; namesMax: number }): WindowCounts {
  const windows = createBriefMemory<{ count: number; endsAt: number }>(options);

  function set(name: string, { count, leftMs }: Counted): Counted {
    windows.set(name, { count, endsAt: performance.now() + leftMs }, leftMs);
    return { count, leftMs };
  }
  return {
    add(name, count = 1) {
      const known = windows.get(name);
      if (known === undefined) return set(name, { count, leftMs: options.windowMs });
      known.count += count;
      return { count: known.count, leftMs: known.endsAt - performance.now() };
    },
    get(name) {
      const known = windows.get(name);
      if (known === undefined) return { count: 0, leftMs: 0 };
      return { count: known.count, leftMs: known.endsAt - performance.now() };
    },
    set,
  };
}
