import type { LineMemory, LineTurned } from "../../adapters/redis/line.ts";

/**
 * What one process remembers of a line: whom its own turns have called, and whose passes ended early, each for as long as a pass
 * lives. After a loss it is all that is left of it: people who were called would have missed their turn otherwise.
 */
export type RememberedLine = {
  hear(turned: LineTurned): void;
  /** Whether a pass was ended before its time. */
  hasEnded(number: number): boolean;
  /** Who was called and may still come in at `nowMs`, unless they are among those who have ended. */
  recall(nowMs: number): Omit<LineMemory, "served">;
};

export function createLineMemory(passMs: number): RememberedLine {
  const calledUntilMs = new Map<number, number>();
  const endedUntilMs = new Map<number, number>();
  return {
    hear({ nowMs, called, ended }) {
      for (const number of called) calledUntilMs.set(number, nowMs + passMs);
      for (const number of ended) endedUntilMs.set(number, nowMs + passMs);
      for (const untilMs of [calledUntilMs, endedUntilMs]) {
        for (const [number, until] of untilMs) if (until < nowMs) untilMs.delete(number);
      }
    },
    hasEnded: (number) => endedUntilMs.has(number),
    recall: (nowMs) => ({
      called: [...calledUntilMs].filter(([, untilMs]) => untilMs > nowMs).slice(-recalledMax),
      ended: [...endedUntilMs.keys()].slice(-recalledMax),
    }),
  };
}

/** The newest. A hundred calls a second are 12,000 in two minutes; Redis takes them at once, which is rare: once for each loss. */
const recalledMax = 20_000;
