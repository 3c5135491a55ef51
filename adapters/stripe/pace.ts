import { setTimeout as delay } from "node:timers/promises";

/** How fast each endpoint may be asked. Stripe counts every operation as an endpoint of its own, over all of an account. */
export type Pace = {
  /** Waits for the endpoint's turn and takes it: 0. Milliseconds when the turn is further away than a caller may wait. */
  turn(endpoint: string): Promise<number>;
  /** Stripe has had enough of an endpoint, for so long. */
  pause(endpoint: string, ms: number): void;
  /** How far away the next turn is, at the endpoint where it is furthest. */
  waitMs(): number;
};

/**
 * Turns are even steps, not so many at once and then a rest: a first handful that is late, because it opens connections, would
 * arrive together with the second.
 */
export function createPace({
  perSecondMax,
  waitMsMax,
}: {
  perSecondMax: number;
  waitMsMax: number;
}): Pace {
  const stepMs = 1_000 / perSecondMax;
  const lanes = new Map<string, { nextAt: number; pausedUntil: number }>();

  function laneOf(endpoint: string) {
    const lane = lanes.get(endpoint) ?? { nextAt: 0, pausedUntil: 0 };
    lanes.set(endpoint, lane);
    return lane;
  }

  return {
    async turn(endpoint) {
      const lane = laneOf(endpoint);
      const giveUpAt = performance.now() + waitMsMax;
      for (;;) {
        const now = performance.now();
        const turnAt = Math.max(now, lane.nextAt, lane.pausedUntil);
        if (turnAt > giveUpAt) return turnAt - now;
        lane.nextAt = turnAt + stepMs;
        if (turnAt > now) await delay(turnAt - now);
        // The endpoint may have been paused meanwhile; then this turn is lost.
        if (lane.pausedUntil <= turnAt) return 0;
      }
    },
    pause(endpoint, ms) {
      const lane = laneOf(endpoint);
      lane.pausedUntil = Math.max(lane.pausedUntil, performance.now() + ms);
    },
    waitMs() {
      const turns = [...lanes.values()].flatMap(({ nextAt, pausedUntil }) => [nextAt, pausedUntil]);
      return Math.max(0, ...turns.map((turnAt) => turnAt - performance.now()));
    },
  };
}
