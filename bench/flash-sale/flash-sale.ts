import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { loadavg, setPriority } from "node:os";
import { setTimeout as delay } from "node:timers/promises";

import { paths } from "../../local/paths.ts";
import { closedLoop } from "../closed-loop.ts";
import { startHouse } from "../house.ts";
import type { House } from "../house.ts";
import { emptyWorkflow } from "../limits/l5-empty-workflow.ts";
import { readConditions } from "../read-conditions.ts";
import { judgeSale } from "./judge.ts";
import { runSale, saleSettings } from "./run-sale.ts";
import { beginningOf, scenarios, shrink, warmUp, withoutCrowd } from "./scenario.ts";
import type { Scenario } from "./scenario.ts";
import { forkCrowd } from "./start-crowd.ts";
import { auditText, findingsTable, writeReport } from "./write-report.ts";

/** `npm run bench -- flash-sale [scenario] [quick] [--write]`. Whether every count holds. */
export async function flashSale(
  words: readonly string[],
  report: (line: string) => void,
): Promise<boolean> {
  const scenario = scenarioOf(words);
  const [loadBefore = 0] = loadavg();
  const crowds = forkAhead(scenario);
  const house = await startHouse(effort, report, {
    names: ["api", "checkout", "payments", "stripe", "identity"],
    settings: saleSettings(scenario),
  });
  const interrupted = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]).then(() => {
    throw new Error("interrupted");
  });
  try {
    const measured = measureSale(house, scenario, crowds);
    const { sale, findings } = await Promise.race([measured, interrupted]);
    const { pool } = house.system.database;
    const minutes = performance.now() / 60_000;
    const conditions = `${await readConditions(pool, loadBefore, minutes)}\n${commitOf()}`;
    const into = words.includes("--write") ? "docs" : "aside";
    const file = await writeReport({ sale, findings, conditions }, into);
    console.log(`\n${findingsTable(findings)}\n\n${auditText(sale)}\n\n${conditions}\n\n${file}\n`);
    return findings.every(({ kind, holds }) => kind === "time" || holds);
  } finally {
    for (const crowd of Object.values(crowds).flat()) crowd.kill("SIGKILL");
    await house.close();
  }
}

/**
 * Everything that is started from now on steps back behind the crowds: people's own machines do not wait for ours. On an equal
 * footing a full machine sent a twentieth of their requests and more too late.
 */
function forkAhead(scenario: Scenario) {
  const crowds = {
    warmUp: forkCrowd(),
    alone: [forkCrowd(), forkCrowd()] as const,
    all: forkCrowd(),
    again: isShort(scenario) ? [forkCrowd()] : [],
  };
  setPriority(5);
  return crowds;
}

/**
 * What the sale is compared with comes before it and after it, empty workflows right before and right after: within a quarter of an
 * hour the same machine did 107 to 159 of them a second. The people alone come twice, and all of them in a short sale, since the p99 of one is that of its four
 * slowest orders, and was between 0.5 and 1.7 s within half an hour.
 */
async function measureSale(house: House, scenario: Scenario, crowds: ReturnType<typeof forkAhead>) {
  const [firstAlone, lastAlone] = crowds.alone;
  await runSale(house, warmUp(scenario), crowds.warmUp);
  const untilQuiet = () => quietMinute(house, scenario);
  await untilQuiet();
  const alone = [await runSale(house, withoutCrowd(scenario), firstAlone)];
  await untilQuiet();
  const before = await measureEmptyWorkflows(house);
  const sale = await runSale(house, scenario, crowds.all);
  const after = await measureEmptyWorkflows(house);
  await untilQuiet();
  alone.push(await runSale(house, withoutCrowd(scenario), lastAlone));
  const again = [];
  for (const crowd of crowds.again) {
    await untilQuiet();
    again.push(await runSale(house, beginningOf(scenario), crowd));
  }
  const limits = { emptyPerSecond: (before + after) / 2, withoutCrowd: alone, again };
  return { sale, findings: judgeSale(sale, limits) };
}

/**
 * A line calls at the pace of whoever was called within the last minute (api/line/pace-shares.ts): the first of a sale right after
 * another one were three times as many at once as those of an opening that nobody came before, and waited for each other. The pace of
 * an organiser is the same at any time.
 */
async function quietMinute({ report }: House, { callsPerMinuteMax }: Scenario): Promise<void> {
  if (callsPerMinuteMax !== undefined) return;
  report("a minute in which nobody is called, so that each sale begins as an opening does");
  await delay(62_000);
}

/** One that is over within the seconds that are compared. */
function isShort({ shows, seats, arrivals, trouble }: Scenario): boolean {
  return shows * seats <= 500 && arrivals === "after the opening" && trouble === undefined;
}

function scenarioOf(words: readonly string[]): Scenario {
  const [name = "opening", ...more] = words.filter((word) => !["--write", "quick"].includes(word));
  const scenario = scenarios[name];
  if (scenario === undefined || more.length > 0) {
    const names = Object.keys(scenarios).join(", ");
    throw new Error(`Say flash-sale, one of ${names}, and quick for a small one, or --write.`);
  }
  return words.includes("quick") ? shrink(scenario) : scenario;
}

const effort = {
  ...{ pairs: 1, sideSeconds: 3, openSeconds: 1, shows: 1 },
  ...{ openCheckouts: 0, waiting: 0, watchers: 0, streamPairs: 0 },
};

/** The better of few clients and of many, after a second to warm up. */
async function measureEmptyWorkflows(house: House): Promise<number> {
  house.report("how fast empty workflows go");
  const work = await emptyWorkflow(house);
  await closedLoop({ clients: 8, seconds: 1, work });
  const few = await closedLoop({ clients: 8, seconds: house.effort.sideSeconds, work });
  const many = await closedLoop({ clients: 32, seconds: house.effort.sideSeconds, work });
  return Math.max(few.perSecond, many.perSecond);
}

function commitOf(): string {
  const git = (...args: string[]) =>
    execFileSync("git", args, { cwd: paths.checkout, encoding: "utf8" }).trim();
  try {
    const changed =
      git("status", "--porcelain", "--untracked-files=no") === "" ? "" : ", and changes";
    return `- commit ${git("rev-parse", "--short", "HEAD")}${changed}`;
  } catch {
    return "- a checkout without git";
  }
}
