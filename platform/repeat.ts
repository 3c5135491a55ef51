import { setTimeout as delay } from "node:timers/promises";

import { createKeepTrying } from "./keep-trying.ts";
import type { Logger } from "./logger.ts";

/** Does the same small work again and again, one at a time, and more slowly while it fails. */
export function repeat(options: {
  name: string;
  everyMs: number;
  /** Work that goes on for long calls `works` whenever it knows that it does. */
  work: (works: () => void) => Promise<void>;
  logger: Logger;
}): { isFailing(): boolean; close(): Promise<void> } {
  const { name, everyMs, work, logger } = options;
  const closing = new AbortController();
  const { signal } = closing;
  const keepTrying = createKeepTrying({ name, logger, signal });
  const ended = (async () => {
    while (!signal.aborted) {
      await keepTrying.run(work);
      await delay(everyMs, undefined, { signal }).catch(() => undefined);
    }
  })();
  return {
    isFailing: () => keepTrying.isFailing,
    async close() {
      closing.abort();
      await ended;
    },
  };
}
