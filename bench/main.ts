import { once } from "node:events";
import { loadavg } from "node:os";

import { flashSale } from "./flash-sale/flash-sale.ts";
import { startHouse } from "./house.ts";
import type { Effort, House } from "./house.ts";
import { indexing } from "./indexing/indexing.ts";
import type { Goal, GoalResult } from "./goal.ts";
import { rounded } from "./goal.ts";
import { holdGrowth } from "./goals/hold-growth.ts";
import { isolation } from "./goals/isolation.ts";
import { lineSize } from "./goals/line-size.ts";
import { reserveThroughput } from "./goals/p1-reserve-throughput.ts";
import { reserveLatency } from "./goals/p2-reserve-latency.ts";
import { reserveOverhead } from "./goals/p3-reserve-overhead.ts";
import { holdStep } from "./goals/p4-hold-step.ts";
import { holdCounts } from "./goals/p5-hold-counts.ts";
import { rejectCounts } from "./goals/p6-reject-counts.ts";
import { rejectCpu } from "./goals/p7-reject-cpu.ts";
import { browse } from "./goals/p8-browse.ts";
import { seatMapBytes } from "./goals/p9-seat-map-bytes.ts";
import { linePoll } from "./goals/p11-line-poll.ts";
import { lineCap } from "./goals/p12-line-cap.ts";
import { streamCost } from "./goals/p13-stream-cost.ts";
import { streamCounts } from "./goals/p14-stream-counts.ts";
import { historyEvents } from "./goals/p17-history-events.ts";
import { seatSelection } from "./goals/p18-seat-selection.ts";
import { measureLockScript } from "./limits/l3-lock-script.ts";
import { measureTokenCheck } from "./limits/l7-token-check.ts";
import { readConditions } from "./read-conditions.ts";
import { searchBench } from "./search/search-bench.ts";
import { explanationOf, tableOf, writeSection } from "./write-table.ts";

/**
 * In the order of the plan, save that P1 and P3 come late, since they leave 14,000 checkouts open, and P17 last: it starts the house
 * anew with short holds.
 */
const goals: Record<string, Goal> = {
  P2: reserveLatency,
  P4: holdStep,
  P5: holdCounts,
  P6: rejectCounts,
  P7: rejectCpu,
  P8: browse,
  P9: seatMapBytes,
  P11: linePoll,
  P12: lineCap,
  line: lineSize,
  P13: streamCost,
  P14: streamCounts,
  P18: seatSelection,
  isolation,
  growth: holdGrowth,
  P1: reserveThroughput,
  P3: reserveOverhead,
  P17: historyEvents,
};

const full: Effort = {
  pairs: 9,
  sideSeconds: 1,
  openSeconds: 6,
  shows: 1_000,
  openCheckouts: 1_000,
  watchers: 8_000,
  waiting: 100_000,
  streamPairs: 2,
};
const quick: Effort = {
  pairs: 3,
  sideSeconds: 0.4,
  openSeconds: 2,
  shows: 200,
  openCheckouts: 100,
  watchers: 1_000,
  waiting: 10_000,
  streamPairs: 1,
};

/**
 * `npm run bench`: everything; `-- quick` in a minute; `-- P7 P8` some goals; `-- --write` into bench/README.md; `-- flash-sale` one
 * opening; `-- indexing` a catalogue on its way into the search index; `-- search` P10.
 */
async function main(words: string[]): Promise<void> {
  if (words[0] === "flash-sale") {
    if (!(await flashSale(words.slice(1), say))) process.exitCode = 1;
    return;
  }
  if (words[0] === "indexing") {
    if (!(await indexing(words.slice(1), say))) process.exitCode = 1;
    return;
  }
  if (words[0] === "search") return searchBench(words.slice(1), say);
  const unknown = words.filter((word) => !["quick", "--write"].includes(word) && !goals[word]);
  if (unknown.length > 0) {
    throw new Error(
      `Unknown: ${unknown.join(", ")}. Say quick, --write or ${Object.keys(goals).join(", ")}.`,
    );
  }
  const [loadBefore = 0] = loadavg();
  const house = await startHouse(words.includes("quick") ? quick : full, say);
  const interrupted = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]).then(() => {
    throw new Error("interrupted");
  });
  try {
    const results = await Promise.race([measureAll(house, words), interrupted]);
    const limits = await measureOtherLimits(house);
    const minutes = performance.now() / 60_000;
    const conditions = await readConditions(house.system.database.pool, loadBefore, minutes);
    console.log(
      `\n${tableOf(results)}\n\n${explanationOf(results)}\n\n${limits}\n\n${conditions}\n`,
    );
    if (words.includes("--write")) {
      await writeSection(
        [conditions, tableOf(results), explanationOf(results), limits].join("\n\n"),
      );
    }
  } finally {
    await house.close();
  }
}

async function measureAll(house: House, words: string[]): Promise<GoalResult[]> {
  const chosen = Object.entries(goals).filter(
    ([name]) => words.includes(name) || !words.some((word) => goals[word]),
  );
  const results: GoalResult[] = [];
  for (const [name, goal] of chosen) results.push(...(await measure(house, name, goal)));
  return results;
}

/** A goal that cannot be measured is told with its reason; the others are still measured. */
async function measure(house: House, name: string, goal: Goal): Promise<GoalResult[]> {
  try {
    return await goal(house);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const nothing = { ours: "–", limit: "–", figure: "–", must: "–", stretch: "–" };
    return [{ goal: name, what: "failed", ...nothing, verdict: "void", how: reason }];
  }
}

/** No goal is a ratio to these two; they say what a lock and a token cost by themselves. */
async function measureOtherLimits(house: House): Promise<string> {
  const locks = await measureLockScript(house.redisUrl, house.effort.sideSeconds);
  const tokenUs = await measureTokenCheck(house, 2_000);
  return [
    `- **L3** the lock script of two seats alone, 16 callers on one connection: ${rounded(locks)}/s.`,
    `- **L7** checking one token alone: ${rounded(tokenUs)} CPU-µs.`,
  ].join("\n");
}

function say(line: string): void {
  console.log(`[${(performance.now() / 1_000).toFixed(1).padStart(6)} s] ${line}`);
}

await main(process.argv.slice(2));
process.exit();
