import { setTimeout as delay } from "node:timers/promises";

import { createKeepTrying } from "./keep-trying.ts";
import type { Logger } from "./logger.ts";

/** Does the same small work again and again, one at a time, and more slowly while it fails. */
export function repeat(options: {
  name: string;
  /** The pause between two times; with `isEven` the time from one beginning to the next. */
  everyMs: number;
  isEven?: boolean;
  /** Work that goes on for long calls `works` whenever it knows that it does. */
  work: (works: () => void) => Promise<void>;
  logger: Logger;
}): {
  isFailing(): boolean;
  /** There is something to do: the next time comes at once, though not within `soonMs` of the last one. */
  wake(soonMs: number): void;
  close(): Promise<void>;
} {
  const { name, everyMs, isEven = false, work, logger } = options;
  const closing = new AbortController();
  const { signal } = closing;
  const keepTrying = createKeepTrying({ name, logger, signal });
  let dueInMs = everyMs;
  let waking = new AbortController();

  async function pauseSince(beganAt: number): Promise<void> {
    const left = () => Math.max(beganAt + dueInMs - performance.now(), 0);
    const either = AbortSignal.any([signal, waking.signal]);
    await delay(left(), undefined, { signal: either }).catch(() => undefined);
    if (waking.signal.aborted) await delay(left(), undefined, { signal }).catch(() => undefined);
    waking = new AbortController();
    dueInMs = everyMs;
  }
  const ended = (async () => {
    while (!signal.aborted) {
      const beganAt = performance.now();
      await keepTrying.run(work);
      await pauseSince(isEven ? beganAt : performance.now());
    }
  })();
  return {
    isFailing: () => keepTrying.isFailing,
    wake(soonMs) {
      dueInMs = Math.min(soonMs, everyMs);
      waking.abort();
    },
    async close() {
      closing.abort();
      await ended;
    },
  };
}
