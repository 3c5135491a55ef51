import { setTimeout as delay } from "node:timers/promises";

import type { Logger } from "./logger.ts";

export type KeepTrying = {
  /** True from the first failure until a success. */
  readonly isFailing: boolean;
  /**
   * Resolves when the work has succeeded, or when the signal has come. Work that goes on for long calls `works` whenever it knows
   * that it does.
   */
  run(work: (works: () => void) => Promise<void>): Promise<void>;
};

const pauseMsMin = 250;
const pauseMsMax = 5_000;

/**
 * For work that must be done in the end, on something that may be away: tries it for as long as that takes, ever more slowly.
 * The log gets two lines, when it begins to fail and when it succeeds again, however long that lasts.
 */
export function createKeepTrying(options: {
  /** What is tried: "reading events". */
  name: string;
  logger: Logger;
  signal: AbortSignal;
}): KeepTrying {
  const { name, logger, signal } = options;
  let failures = 0;
  let failingSince = 0;

  function works(): void {
    if (failures === 0) return;
    failures = 0;
    const seconds = Math.round((performance.now() - failingSince) / 1_000);
    logger.info({ seconds }, `${name}: works again`);
  }
  function fails(error: unknown): void {
    if (failures === 0) {
      failingSince = performance.now();
      logger.warn({ err: error }, `${name}: fails, and is tried until it succeeds`);
    } else {
      logger.debug({ err: error, failures }, `${name}: still fails`);
    }
    failures += 1;
  }

  return {
    get isFailing() {
      return failures > 0;
    },
    async run(work) {
      while (!signal.aborted) {
        try {
          await work(works);
          works();
          return;
        } catch (error) {
          if (signal.aborted) return;
          fails(error);
        }
        const pauseMs = Math.min(pauseMsMin * 2 ** (failures - 1), pauseMsMax);
        await delay(pauseMs, undefined, { signal }).catch(() => undefined);
      }
    },
  };
}
