import type { ChildProcess } from "node:child_process";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { createElastic } from "../../adapters/elasticsearch/create-elastic.ts";
import type { Elastic } from "../../adapters/elasticsearch/create-elastic.ts";
import { withTransaction } from "../../adapters/postgres/pool.ts";
import { createTopics } from "../../local/create-topics.ts";
import { isRoot } from "../../local/paths.ts";
import { createPorts } from "../../local/ports.ts";
import { elasticsearch } from "../../local/servers/elasticsearch.ts";
import { kafka } from "../../local/servers/kafka.ts";
import { postgres } from "../../local/servers/postgres.ts";
import { redis } from "../../local/servers/redis.ts";
import { Supervisor } from "../../local/supervise/supervisor.ts";
import { compareIndex } from "../../tests/compare-index.ts";
import { countBulks } from "../../tests/count-bulks.ts";
import { createDatabase } from "../../tests/databases.ts";
import type { TestDatabase } from "../../tests/databases.ts";
import { freePort } from "../../tests/free-port.ts";
import { launch } from "../../tests/launch.ts";
import { countResult } from "../goal.ts";
import type { GoalResult } from "../goal.ts";
import { cpuMs, residentBytes } from "../process-cost.ts";
import { readConditions } from "../read-conditions.ts";
import { explanationOf, tableOf } from "../write-table.ts";
import { plantCatalogue } from "./plant-catalogue.ts";
import { timeChanges } from "./time-changes.ts";

type Report = (line: string) => void;
type Place = { database: TestDatabase; elastic: Elastic; environment: NodeJS.ProcessEnv };

const stopMsMax = 8_000;
const indexMsMax = 600_000;

/** `npm run bench -- indexing [quick]`: a catalogue goes from the outbox through relay, Kafka and indexer into an empty index. */
export async function indexing(words: readonly string[], report: Report): Promise<boolean> {
  const isQuick = words.includes("quick");
  const [loadBefore = 0] = loadavg();
  const folder = await mkdtemp(join(isRoot() ? "/var/tmp" : tmpdir(), "marquee-bench-"));
  await chmod(folder, 0o755);
  const supervisor = new Supervisor(folder, report);
  const children: ChildProcess[] = [];
  try {
    const place = await prepare(supervisor, folder, report);
    const results = await measure(place, children, {
      ...(isQuick ? { shows: 10_000, changes: 100 } : { shows: 100_000, changes: 300 }),
      report,
    });
    const minutes = performance.now() / 60_000;
    const conditions = await readConditions(place.database.pool, loadBefore, minutes);
    console.log(`\n${tableOf(results)}\n\n${explanationOf(results)}\n\n${conditions}\n`);
    return results.every(({ verdict }) => verdict !== "missed");
  } finally {
    for (const child of children) child.kill("SIGKILL");
    await supervisor.stop(stopMsMax);
    await rm(folder, { recursive: true, force: true });
  }
}

async function prepare(supervisor: Supervisor, folder: string, report: Report): Promise<Place> {
  report("starting PostgreSQL, Redis, Kafka and Elasticsearch");
  const context = { dataFolder: folder, port: createPorts("any"), report };
  const wanted = {
    ...{ DATABASE_URL: postgres, REDIS_URL: redis },
    ...{ KAFKA_BROKERS: kafka, ELASTICSEARCH_URL: elasticsearch },
  };
  const addresses: Record<string, string> = {};
  for (const [variable, create] of Object.entries(wanted)) {
    const server = await create(context);
    await supervisor.start(await server.prepare());
    addresses[variable] = server.address;
  }
  process.env["DATABASE_URL"] = addresses["DATABASE_URL"];
  const database = await createDatabase();
  await createTopics(addresses["KAFKA_BROKERS"] ?? "");
  const url = addresses["ELASTICSEARCH_URL"] ?? "";
  return {
    database,
    elastic: createElastic({ url, requestMsMax: 30_000 }),
    environment: {
      ...process.env,
      ...addresses,
      ...{ DATABASE_URL: database.url, SEARCH_INDEX: alias, LOG_LEVEL: "warn" },
      NODE_COMPILE_CACHE: join(folder, "compiled"),
    },
  };
}

const alias = "shows";

async function measure(
  { database, elastic, environment }: Place,
  children: ChildProcess[],
  { shows, changes, report }: { shows: number; changes: number; report: Report },
): Promise<GoalResult[]> {
  // Before there is a catalogue: an indexer that finds one and no index reads it from PostgreSQL.
  const indexer = await launch("search-indexer/main.ts", environment, await freePort());
  children.push(indexer);
  report(`${shows} shows with their events into the outbox`);
  const showIds = await withTransaction(database.pool, (tx) => plantCatalogue(tx, shows));
  const pid = indexer.pid ?? 0;
  const cpuMsBefore = cpuMs(pid);
  const elasticMsBefore = await elasticCpuMs(elastic);
  report("relay, Kafka, indexer, Elasticsearch");
  const startedAt = performance.now();
  children.push(await launch("workers/outbox-relay.ts", environment, await freePort()));
  await waitForShows(elastic, shows);
  const seconds = (performance.now() - startedAt) / 1_000;
  const cpuUs = ((cpuMs(pid) - cpuMsBefore) * 1_000) / shows;
  const elasticUs = (((await elasticCpuMs(elastic)) - elasticMsBefore) * 1_000) / shows;
  const megabytes = residentBytes(pid) / 2 ** 20;
  const bulks = await countBulks(elastic, alias);

  const differences: Record<string, string[]> = await compareIndex(database.pool, elastic, alias);
  for (const [kind, wrongIds] of Object.entries(differences)) {
    if (wrongIds.length > 0)
      throw new Error(`${wrongIds.length} shows of the index are ${kind}: ${wrongIds[0]}`);
  }
  report(`${changes} changes, ten a second`);
  const times = await timeChanges(database.pool, elastic, {
    alias,
    showIds: showIds.slice(0, changes),
  });
  return resultsOf({ shows, seconds, cpuUs, elasticUs, bulks, megabytes, times });
}

type Measured = {
  shows: number;
  seconds: number;
  cpuUs: number;
  elasticUs: number;
  bulks: number;
  megabytes: number;
  /** From the commit of a change until a search found it, in ms, sorted. */
  times: number[];
};

function resultsOf(measured: Measured): GoalResult[] {
  const { shows, seconds, cpuUs, elasticUs, bulks, megabytes, times } = measured;
  const at = (share: number) => times[Math.ceil(times.length * share) - 1] ?? Infinity;
  const load = loadavg()[0]?.toFixed(1) ?? "?";
  const named = (what: string, how: string) => ({ goal: "indexing", what, how });
  return [
    countResult(
      named(
        `${shows} shows, from events`,
        `from the start of the relay until a search counts them all, then compared with PostgreSQL; load ${load} at the end; the indexer had ${megabytes.toFixed(0)} MB`,
      ),
      { atMost: [(180 * shows) / 100_000, (90 * shows) / 100_000] },
      { count: seconds, unit: "s" },
    ),
    countResult(
      named(
        "CPU of the indexer a show",
        "its process alone: reading Kafka, checking the event, making the document and the bulk request",
      ),
      { atMost: [200, 100] },
      { count: cpuUs, unit: "µs" },
    ),
    countResult(
      named("CPU of Elasticsearch a show", "as it says itself, merges and refreshes included"),
      { atMost: [1_500, 750] },
      { count: elasticUs, unit: "µs" },
    ),
    countResult(
      named("bulk requests a hundred shows", "the server's own count"),
      { atMost: [2, 1] },
      { count: (bulks * 100) / shows, unit: "" },
    ),
    countResult(
      named(
        "event to searchable, p99",
        `${times.length} changes, ten a second, each from its commit until a search that comes every 25 ms finds it; the index refreshes every 500 ms; p50 ${at(0.5).toFixed(0)} ms, most ${at(1).toFixed(0)} ms`,
      ),
      { atMost: [2_000, 1_500] },
      { count: at(0.99), unit: "ms" },
    ),
  ];
}

/** Four times a second: a count costs the server that is measured. */
async function waitForShows(elastic: Elastic, shows: number): Promise<void> {
  const giveUpAt = performance.now() + indexMsMax;
  while ((await elastic.count({ index: alias })).count < shows) {
    if (performance.now() > giveUpAt) throw new Error(`${indexMsMax} ms were not enough`);
    await delay(250);
  }
}

/** Processor time that the server's process has used so far, in ms. */
async function elasticCpuMs(elastic: Elastic): Promise<number> {
  const { nodes } = await elastic.nodes.stats({ metric: "process" });
  const [node] = Object.values(nodes);
  return node?.process?.cpu?.total_in_millis ?? 0;
}
