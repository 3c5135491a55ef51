import { unheardPaymentsMs } from "../../adapters/postgres/payment-events.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import type { Logger } from "../../platform/logger.ts";
import { repeat } from "../../platform/repeat.ts";
import { createPaceShares } from "./pace-shares.ts";
import type { LineProgress } from "./pace-shares.ts";
import type { HousePace, Pace } from "./pace.ts";

/** What each line of this process may call, worked out once a second. */
export type LinePace = {
  ofEach(): HousePace;
  run(): void;
  close(): Promise<void>;
};

export function createLinePace(deps: {
  db: Queryable;
  pace: Pick<Pace, "now">;
  /** Of every line that is open. */
  progress: () => LineProgress[];
  logger: Logger;
}): LinePace {
  const { db, pace, progress, logger } = deps;
  const shareOut = createPaceShares();
  let ofEach = shareOut(pace.now(), []);
  let unheardMs = 0;
  let setting: NodeJS.Timeout | undefined;
  let asking: ReturnType<typeof repeat> | undefined;

  // On its own: the pace is also set while PostgreSQL does not answer.
  async function ask(): Promise<void> {
    unheardMs = progress().length === 0 ? 0 : await unheardPaymentsMs(db);
  }

  return {
    ofEach: () => ofEach,
    run() {
      const name = "asking how long payments wait";
      asking = repeat({ name, everyMs, work: ask, logger });
      setting = setInterval(() => {
        const isKnown = asking?.isFailing() !== true;
        ofEach = shareOut(pace.now({ unheardMs: isKnown ? unheardMs : 0 }), progress());
      }, everyMs);
    },
    async close() {
      clearInterval(setting);
      await asking?.close();
    },
  };
}

const everyMs = 1_000;
