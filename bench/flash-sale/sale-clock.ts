/** Time since the opening, in ms, for one process; ends every wait when the sale is over. */
export type SaleClock = {
  now(): number;
  /** The same for a moment of the wall's time. */
  at(wallMs: number): number;
  /** Resolves at that moment, or when the sale is over. Returns the moment at which it was due. */
  until(dueMs: number): Promise<number>;
  isOver(): boolean;
  end(): void;
  /** How late this process was with what was due: the share of more than `lateMsMax`, and percentiles. */
  lateness(): Lateness;
};

export type Lateness = { share: number; p50Ms: number; p99Ms: number };

/** Nobody notices; and every latency counts from when a request was due, so that a late generator flatters no figure. */
const lateMsMax = 100;

/** `openingMs` is the wall's time, which every process of a machine shares. */
export function createSaleClock(openingMs: number): SaleClock {
  const offsetMs = Date.now() - performance.now() - openingMs;
  const waiting = new Set<() => void>();
  const late: number[] = [];
  let isOver = false;
  const now = () => performance.now() + offsetMs;

  return {
    now,
    at: (wallMs) => wallMs - openingMs,
    async until(dueMs) {
      const leftMs = dueMs - now();
      if (isOver) return dueMs;
      await new Promise<void>((resolve) => {
        const go = () => {
          waiting.delete(go);
          clearTimeout(timer);
          resolve();
        };
        const timer = setTimeout(go, Math.max(0, leftMs));
        waiting.add(go);
      });
      if (!isOver) late.push(Math.max(0, now() - dueMs));
      return dueMs;
    },
    isOver: () => isOver,
    end() {
      isOver = true;
      for (const go of waiting) go();
    },
    lateness() {
      const sorted = late.toSorted((a, b) => a - b);
      const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
      const count = sorted.filter((ms) => ms > lateMsMax).length;
      return { share: count / Math.max(1, sorted.length), p50Ms: at(0.5), p99Ms: at(0.99) };
    },
  };
}
