/**
 * What the server's clock shows, whatever the buyer's shows: its `Date` header and the buyer's monotonic clock, which nobody sets.
 * Date has whole seconds and the answer was on its way, so it may be up to a second behind: a hold seems longer by no more.
 */
export type ServerClock = {
  /** Of an answer that has just come, and of how long it took. */
  hear(date: string | null, tookMs: number): void;
  /** Epoch milliseconds. */
  nowMs(): number;
};

export function createServerClock(deps: {
  /** Monotonic. */
  readTimerMs: () => number;
  /** The buyer's own clock, until a server is heard. */
  readClockMs: () => number;
}): ServerClock {
  let serverAtZeroMs = deps.readClockMs() - deps.readTimerMs();
  let leastTookMs = Number.POSITIVE_INFINITY;
  const nowMs = () => serverAtZeroMs + deps.readTimerMs();
  return {
    nowMs,
    hear(date, tookMs) {
      const heardMs = date === null ? Number.NaN : Date.parse(date);
      if (Number.isNaN(heardMs)) return;
      // The answer that was the fastest knows best, until another contradicts it: a timer stops while its device sleeps.
      const isContradicted = Math.abs(heardMs - nowMs()) > tookMs + dateStepMs;
      if (tookMs > leastTookMs && !isContradicted) return;
      leastTookMs = tookMs;
      serverAtZeroMs = heardMs - deps.readTimerMs();
    },
  };
}

/** What a `Date` is behind by at the most. */
const dateStepMs = 1_000;
