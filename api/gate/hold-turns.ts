import { Gauge } from "prom-client";

import type { SeatLocks } from "../../adapters/redis/seat-locks.ts";
import { createTurns } from "../../platform/turns.ts";
import type { TurnLimits } from "../../platform/turns.ts";
import { turnAway } from "./turn-away.ts";

export type HoldTurns = {
  /** Whoever would not even wait is refused with BUSY before locks are taken that would be given back at once. */
  inFrontOf(seatLocks: SeatLocks): SeatLocks;
  /** Does the work in the show's turn; throws BUSY when none comes in time. */
  take<Result>(showId: string, work: () => Promise<Result>): Promise<Result>;
  /** Orders of the show that wait for their turn. */
  waiting(showId: string): number;
};

/**
 * Orders on their way to the checkouts: so many at once of all shows, half as many of one, the shows in turn. A show whose holds
 * hang, or that thousands want, leaves the others their way.
 */
export function createHoldTurns(limits: TurnLimits = defaultLimits): HoldTurns {
  const turns = createTurns(limits);

  return {
    inFrontOf: (seatLocks) => ({
      ...seatLocks,
      async take(lock) {
        if (turns.isFull(lock.showId)) throw turnAway("holding", "full");
        return seatLocks.take(lock);
      },
    }),
    async take(showId, work) {
      const hasTurn = await turns.begin(showId);
      tellMetrics();
      if (!hasTurn) throw turnAway("holding", "full");
      try {
        return await work();
      } finally {
        turns.end(showId);
        tellMetrics();
      }
    },
    waiting: turns.waiting,
  };

  function tellMetrics(): void {
    holds.set({ state: "running" }, turns.running());
    holds.set({ state: "waiting" }, turns.waiting());
  }
}

/**
 * 32 at 25 ms each would be 1,300 reserves a second, many times what a process does: a core makes some 100. More at once makes each
 * slower and none sooner. Whoever waits goes before those who come later, and whoever is told `BUSY` goes behind them: so many may wait
 * as a slow house holds for in two seconds, which leaves a reserve two of its four.
 */
const defaultLimits: TurnLimits = {
  ...{ atOnceMax: 32, groupAtOnceMax: 16 },
  ...{ waitingMax: 256, groupWaitingMax: 128 },
  waitMsMax: 2_000,
};

const holds = new Gauge({
  name: "marquee_holds_at_once",
  help: "Orders that are with the checkouts, and that wait for their turn",
  labelNames: ["state"],
});
