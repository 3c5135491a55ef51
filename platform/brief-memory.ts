export type BriefMemory<Value> = {
  /** undefined when it was never set, its time is over, or others have taken its room. */
  get(name: string): Value | undefined;
  /** Set again counts as new. */
  set(name: string, value: Value, keptMs: number): void;
  delete(name: string): void;
};

/**
 * Values by name, each until its time is over; of too many the one goes that was set first. There are no timers: what is over
 * keeps its room until somebody asks for it or others need it.
 */
export function createBriefMemory<Value>({ namesMax }: { namesMax: number }): BriefMemory<Value> {
  const kept = new Map<string, { value: Value; untilMs: number }>();

  return {
    get(name) {
      const known = kept.get(name);
      if (known === undefined) return undefined;
      if (performance.now() < known.untilMs) return known.value;
      kept.delete(name);
      return undefined;
    },
    set(name, value, keptMs) {
      // A Map keeps the order of insertion, and what is set over keeps its old place.
      kept.delete(name);
      kept.set(name, { value, untilMs: performance.now() + keptMs });
      const [oldest] = kept.keys();
      if (kept.size > namesMax && oldest !== undefined) kept.delete(oldest);
    },
    delete(name) {
      kept.delete(name);
    },
  };
}
