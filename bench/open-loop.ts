import { build } from "hdr-histogram-js";
import type { Histogram } from "hdr-histogram-js";

/** Work that is wanted at a moment, whether or not what came before is done. False: not the answer that counts. */
export type Work = () => Promise<boolean>;

export type OpenLoopRun = {
  offeredPerSecond: number;
  /** Good answers only. */
  achievedPerSecond: number;
  /** In microseconds, from the moment at which the request was due, also for those that were answered badly. */
  latency: Histogram;
  failures: number;
  /** Share of requests that left the generator late by more than `lateMsMax`. */
  lateShare: number;
  /** The generator itself could not keep up: the figures say nothing about what was measured. */
  isVoid: boolean;
};

const lateMsMax = 20;
const lateShareMax = 0.05;

/**
 * Starts each piece of work when it is due, as buyers do who know nothing of each other. Who waits for an answer before asking
 * again asks less when it is slow, and so never sees how slow it is for others. `arrivals` are in ms from the start.
 */
export async function openLoop(arrivals: readonly number[], work: Work): Promise<OpenLoopRun> {
  const latency = newHistogram();
  const startedAt = performance.now();
  let late = 0;
  let failures = 0;

  async function runDue(arrivalMs: number): Promise<void> {
    if (performance.now() - startedAt - arrivalMs > lateMsMax) late += 1;
    const isGood = await work().catch(() => false);
    if (!isGood) failures += 1;
    latency.recordValue(microseconds(performance.now() - startedAt - arrivalMs));
  }

  const running: Promise<void>[] = [];
  for (let next = 0; next < arrivals.length;) {
    const elapsedMs = performance.now() - startedAt;
    for (; (arrivals[next] ?? Number.POSITIVE_INFINITY) <= elapsedMs; next += 1) {
      running.push(runDue(arrivals[next] ?? 0));
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(running);

  const seconds = (performance.now() - startedAt) / 1_000;
  const lateShare = late / arrivals.length;
  return {
    offeredPerSecond: arrivals.length / ((arrivals.at(-1) ?? 0) / 1_000),
    achievedPerSecond: (arrivals.length - failures) / seconds,
    latency,
    failures,
    lateShare,
    isVoid: lateShare > lateShareMax,
  };
}

/** Independent people: the gaps are exponential. */
export function poissonArrivals(options: {
  perSecond: number;
  seconds: number;
  random?: () => number;
}): number[] {
  const { perSecond, seconds, random = Math.random } = options;
  const arrivals: number[] = [];
  for (let atMs = 0; ;) {
    atMs += (-Math.log(1 - random()) / perSecond) * 1_000;
    if (atMs >= seconds * 1_000) return arrivals;
    arrivals.push(atMs);
  }
}

/** Rates one after another, evenly spaced: what happens when the doors open. */
export function stepArrivals(steps: readonly { perSecond: number; seconds: number }[]): number[] {
  let fromMs = 0;
  return steps.flatMap(({ perSecond, seconds }) => {
    const startMs = fromMs;
    fromMs += seconds * 1_000;
    const count = Math.floor(perSecond * seconds);
    return Array.from({ length: count }, (_, index) => startMs + (index * 1_000) / perSecond);
  });
}

/** Microseconds up to a minute, to three digits. */
export function newHistogram(): Histogram {
  return build({ lowestDiscernibleValue: 1, highestTrackableValue: 60_000_000 });
}

export function microseconds(ms: number): number {
  return Math.min(60_000_000, Math.max(1, Math.round(ms * 1_000)));
}

export function percentileMs(latency: Histogram, percentile: number): number {
  return latency.getValueAtPercentile(percentile) / 1_000;
}
