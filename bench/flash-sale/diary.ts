import type { SeenHold } from "../../tests/small-sale.ts";
import { microseconds, newHistogram, percentileMs } from "../open-loop.ts";
import type { Manner } from "./crowd.ts";
import type { Lateness } from "./sale-clock.ts";

/** What a request is for. */
export type Step =
  "join" | "ask" | "pass" | "seats" | "reserve" | "bot" | "pay" | "card" | "booking" | "leave";

/** Somebody in line: who came when, and when the line let them in, as they were told. Moments are ms from the opening. */
export type Queued = {
  show: number;
  number: number;
  arrivalMs: number;
  /** They asked then, and it was not their turn yet. */
  waitingMs: number;
  /** They heard then that it is their turn; null: they never did. */
  calledMs: number | null;
  insideMs: number | null;
};

/** One try to reserve, from the moment at which it was due. */
export type ReserveTry = { atMs: number; ms: number; code: string };

export type Latency = { step: Step; count: number; p50Ms: number; p99Ms: number; worstMs: number };

/** What the crowd has seen, in JSON. */
export type CrowdReport = {
  requests: number;
  /** How often each step was answered by each code; OK is a success. */
  answers: { step: Step; code: string; count: number }[];
  /** The same over time, a count for each second from the opening on. */
  answersBySecond: Record<string, number[]>;
  latencies: Latency[];
  /** Of people with a pass; bots' are apart. */
  reserves: ReserveTry[];
  refusalsOfBots: ReserveTry[];
  queued: Queued[];
  holds: SeenHold[];
  /** How it ended for how many of each manner. */
  endings: { manner: Manner; ending: string; count: number }[];
  /** Sentences about what must not be. */
  faults: string[];
  lateness: Lateness;
};

export type Diary = {
  request(step: Step, request: { atMs: number; ms: number; code: string }): void;
  queued(queued: Queued): void;
  hold(hold: SeenHold): void;
  ending(manner: Manner, ending: string): void;
  fault(sentence: string): void;
  report(lateness: Lateness): CrowdReport;
};

/** Writes down what happens to everybody; adds it up at the end. */
export function createDiary(): Diary {
  const answers = new Map<string, number>();
  const answersBySecond: Record<string, number[]> = {};
  const histograms = new Map<Step, ReturnType<typeof newHistogram>>();
  const tries: Record<"reserve" | "bot", ReserveTry[]> = { reserve: [], bot: [] };
  const endings = new Map<string, number>();
  const seen: Pick<CrowdReport, "queued" | "holds" | "faults"> = {
    ...{ queued: [], holds: [], faults: [] },
  };
  let requests = 0;

  return {
    request(step, { atMs, ms, code }) {
      requests += 1;
      count(answers, `${step} ${code}`);
      const second = Math.max(0, Math.floor((atMs + ms) / 1_000));
      const bySecond = (answersBySecond[code] ??= []);
      bySecond[second] = (bySecond[second] ?? 0) + 1;
      const histogram = histograms.get(step) ?? newHistogram();
      histograms.set(step, histogram);
      histogram.recordValue(microseconds(ms));
      if (step === "reserve" || step === "bot") tries[step].push({ atMs, ms, code });
    },
    queued: (queued) => seen.queued.push(queued),
    hold: (hold) => seen.holds.push(hold),
    ending: (manner, ending) => count(endings, JSON.stringify([manner, ending])),
    fault: (sentence) => seen.faults.push(sentence),
    report: (lateness) => ({
      requests,
      answers: [...answers].map(([key, times]) => {
        const [step, code = ""] = key.split(" ");
        return { step: step as Step, code, count: times };
      }),
      answersBySecond: Object.fromEntries(
        // A second without any is a hole, which JSON would write as null.
        Object.entries(answersBySecond).map(([code, counts]) => [
          code,
          Array.from(counts, (times) => times ?? 0),
        ]),
      ),
      latencies: [...histograms].map(([step, histogram]) => ({
        step,
        count: histogram.totalCount,
        p50Ms: percentileMs(histogram, 50),
        p99Ms: percentileMs(histogram, 99),
        worstMs: histogram.maxValue / 1_000,
      })),
      reserves: tries.reserve,
      refusalsOfBots: tries.bot,
      ...seen,
      endings: [...endings].map(([key, times]) => {
        const [manner, ending] = JSON.parse(key) as [Manner, string];
        return { manner, ending, count: times };
      }),
      lateness,
    }),
  };
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
