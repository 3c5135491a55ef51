import { setTimeout as delay } from "node:timers/promises";

import type { Logger } from "./logger.ts";

/** Does the same small work again and again, one at a time; a failure is logged and waits for the next round. */
export function repeat(options: {
  name: string;
  everyMs: number;
  work: () => Promise<void>;
  logger: Logger;
}): { close(): Promise<void> } {
  const closing = new AbortController();
  const ended = (async () => {
    while (!closing.signal.aborted) {
      await options.work().catch((error: unknown) => {
        options.logger.warn({ err: error }, `${options.name} failed; it will be tried again`);
      });
      await delay(options.everyMs, undefined, { signal: closing.signal }).catch(() => undefined);
    }
  })();
  return {
    async close() {
      closing.abort();
      await ended;
    },
  };
}
