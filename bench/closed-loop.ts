import type { Histogram } from "hdr-histogram-js";

import { microseconds, newHistogram } from "./open-loop.ts";

export type ClosedLoopRun = {
  /** Good answers only. */
  perSecond: number;
  done: number;
  failures: number;
  latency: Histogram;
};

/** Clients that ask again as soon as they have an answer: finds how much goes through, and nothing about waiting. */
export async function closedLoop(options: {
  clients: number;
  /** Nobody starts anew after this; what is under way is waited for, and its time counts. */
  seconds: number;
  /** Stops earlier when so much has been started. */
  timesMax?: number;
  /** Stops earlier when it says so. */
  until?: () => boolean;
  work: (client: number) => Promise<boolean>;
}): Promise<ClosedLoopRun> {
  const { clients, seconds, timesMax = Number.POSITIVE_INFINITY, work } = options;
  const isOver = options.until ?? (() => false);
  const latency = newHistogram();
  const startedAt = performance.now();
  let started = 0;
  let done = 0;
  let failures = 0;

  async function runClient(client: number): Promise<void> {
    while (!isOver() && started < timesMax && performance.now() - startedAt < seconds * 1_000) {
      started += 1;
      const askedAt = performance.now();
      const isGood = await work(client).catch(() => false);
      latency.recordValue(microseconds(performance.now() - askedAt));
      if (isGood) done += 1;
      else failures += 1;
    }
  }

  await Promise.all(Array.from({ length: clients }, (_, client) => runClient(client)));
  const perSecond = done / ((performance.now() - startedAt) / 1_000);
  return { perSecond, done, failures, latency };
}
