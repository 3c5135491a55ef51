import type { ChildProcess } from "node:child_process";
import { getPriority, setPriority } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { Client, Connection } from "@temporalio/client";
import { Redis } from "ioredis";

import { showIds as publicIds } from "../../domain/ids.ts";
import type { System } from "../../tests/system.ts";
import type { CrowdReport } from "./diary.ts";
import { closeLines, plantLines, plantShows } from "./plant-sale.ts";
import { countersBetween, readCounters } from "./read-counters.ts";
import type { Counters } from "./read-counters.ts";
import type { Scenario, Trouble } from "./scenario.ts";
import { startCrowd } from "./start-crowd.ts";
import type { Crowd } from "./start-crowd.ts";
import { takeStock } from "./take-stock.ts";
import type { Stock } from "./take-stock.ts";
import { watchSale } from "./watch-sale.ts";
import type { Look, SaleWatch } from "./watch-sale.ts";

export type SaleHouse = { system: System; redisUrl: string; report(line: string): void };

type Draw = { commitment: string; seed?: string; entries?: number };

/** All that is known of a sale when it is over. */
export type SaleRecord = {
  scenario: Scenario;
  crowd: CrowdReport;
  looks: Look[];
  counters: Counters;
  stock: Stock;
  /** Orders that came to PostgreSQL without locks, since Redis had not answered within 50 ms. */
  unlocked: number;
  /** Checkouts that were still open when the time was over. */
  openCheckouts: number;
  /** What the API says of the draw of the first show; `promised` is the commitment that it told before. */
  draw: Draw & { promised: string };
};

/** What a sale sets in the house's environment. */
export function saleSettings({ holdSeconds }: Scenario): Record<string, string> {
  return {
    HOLD_SECONDS: String(holdSeconds),
    // Everybody comes from an address of their own, as seen by one proxy.
    TRUSTED_PROXIES: "1",
    // It is also how many are called in a second at the most: about what two cores reserve.
    STRIPE_CALLS_PER_SECOND: "100",
    // As in production: bots and buyers alike are counted by person and by address.
    RESERVES_PER_MINUTE: "60:1200",
    JOINS_PER_MINUTE: "30:3000",
    PAYMENTS_PER_MINUTE: "120:1200",
  };
}

/** Plays one opening against a running house, and counts what it has done. */
export async function runSale(
  house: SaleHouse,
  scenario: Scenario,
  crowdProcess?: ChildProcess,
): Promise<SaleRecord> {
  const { system, report } = house;
  const db = system.database.pool;
  const connection = await Connection.connect({ address: system.addresses.temporal });
  const temporal = new Client({ connection, namespace: system.namespace });
  const stores = { db, redisUrl: house.redisUrl, temporal };
  report(`${scenario.title}: planting shows, signing people in`);
  const showIds = await plantShows(db, scenario);
  const plan = {
    ...{ scenario, addresses: system.addresses, showIds: showIds.map(publicIds.encode) },
    keyFile: join(system.folder, "identity-key.json"),
    reportFile: join(system.folder, `crowd-${Date.now()}.json`),
  };
  const crowd = await startCrowd(plan, crowdProcess);
  // Processes read once in two seconds which shows have a line.
  const openingMs = Date.now() + 4_000;
  let watch: SaleWatch | undefined;
  try {
    await plantLines(db, showIds, { scenario, openingMs });
    const { commitment: promised } = await readDraw(system, plan.showIds);
    const before = await readCounters(stores);
    const unlockedBefore = await system.count("api", unlockedMetric);
    crowd.open(openingMs);
    watch = watchSale({ db, api: system.addresses.api, showIds, openingMs });
    const trouble = makeTrouble(house, scenario, openingMs);
    await untilOver({ house, scenario, crowd, watch });
    crowd.end();
    await trouble;
    report("the sale is over: waiting for those who are in the middle of something");
    const seen = await crowd.report();
    const openCheckouts = await untilCheckoutsAreClosed(temporal, report);
    const counters = countersBetween(before, await readCounters(stores));
    const unlocked = (await system.count("api", unlockedMetric)) - unlockedBefore;
    const stock = await takeStock(system, showIds);
    await closeLines(db, showIds);
    const draw = { promised, ...(await readDraw(system, plan.showIds)) };
    const { looks } = watch;
    return { scenario, crowd: seen, looks, counters, unlocked, stock, openCheckouts, draw };
  } finally {
    crowd.close();
    await watch?.close();
    await connection.close();
  }
}

const unlockedMetric = "marquee_orders_unlocked_total";

async function readDraw({ addresses }: System, [show]: readonly string[]): Promise<Draw> {
  const response = await fetch(`${addresses.api}/v1/shows/${show}/line/draw`);
  return (await response.json()) as Draw;
}

async function makeTrouble(
  { system, redisUrl, report }: SaleHouse,
  { trouble }: Scenario,
  openingMs: number,
): Promise<void> {
  if (trouble === undefined) return;
  await delay(openingMs + trouble.atSeconds * 1_000 - Date.now());
  report(`trouble: ${trouble.what}`);
  await troubles[trouble.what]({ system, redisUrl });
  report("trouble: done");
}

const troubles: Record<Trouble, (house: Omit<SaleHouse, "report">) => Promise<void>> = {
  async "Redis is emptied"({ redisUrl }) {
    const redis = new Redis(redisUrl);
    await redis.flushall();
    redis.disconnect();
  },
  async "the checkout worker is killed"({ system }) {
    await system.kill("checkout");
    // As long as it takes whoever watches over processes to see that one is gone.
    await delay(1_000);
    await system.start("checkout");
  },
  async "the checkout worker is starved"({ system }) {
    const pid = system.pid("checkout");
    // A third of the share that each of the others has, where they are busy.
    if (pid !== undefined) setPriority(pid, getPriority() + 5);
  },
};

/** Until every seat is sold, or everybody has gone, or the time is over. */
async function untilOver(sale: {
  house: SaleHouse;
  scenario: Scenario;
  crowd: Crowd;
  watch: SaleWatch;
}): Promise<void> {
  const { house, scenario, crowd, watch } = sale;
  const seats = scenario.shows * scenario.seats;
  for (let round = 0; ; round += 1) {
    const look = watch.last();
    const seconds = look.atMs / 1_000;
    if (round % 8 === 0 && seconds > 0) house.report(progressOf(look, crowd.busy()));
    if (look.sold === seats || crowd.busy() === 0 || seconds > scenario.saleSecondsMax) return;
    await delay(250);
  }
}

function progressOf(look: Look, busy: number): string {
  const { atMs, joined, called, inside, free, held, sold } = look;
  const counts = { joined, called, inside, free, held, sold, "people left": busy };
  const words = Object.entries(counts).map(([word, count]) => `${word} ${count}`);
  return `second ${(atMs / 1_000).toFixed(0)}: ${words.join(", ")}`;
}

const closeMsMax = 45_000;

async function untilCheckoutsAreClosed(
  temporal: Client,
  report: (line: string) => void,
): Promise<number> {
  const giveUpAt = performance.now() + closeMsMax;
  for (let told = -1; ;) {
    const { count } = await temporal.workflow.count('ExecutionStatus = "Running"');
    if (count !== told && count > 0) report(`waiting for ${count} open workflows`);
    told = count;
    if (count === 0 || performance.now() > giveUpAt) return count;
    await delay(500);
  }
}
