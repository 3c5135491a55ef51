import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Redis } from "ioredis";

import { createLogger } from "../platform/logger.ts";
import { repeat } from "../platform/repeat.ts";
import { createDatabase } from "./databases.ts";
import type { TestDatabase } from "./databases.ts";
import { eventually } from "./eventually.ts";
import { measureMemory } from "./measure-memory.ts";

const checkout = join(import.meta.dirname, "..");

let database: TestDatabase;
let state: string;
let environment: NodeJS.ProcessEnv;
let marquee: Running;
let watch: { close(): Promise<void> };
const peak = { bytes: 0, processes: 0 };

type Running = { child: ChildProcess; output(): string; ended: Promise<number | null> };

/** A command of package.json as its script runs it, beside the Marquee that this test has started. */
function run(entry: string, args: string[] = [], env: NodeJS.ProcessEnv = environment): Running {
  const child = spawn(process.execPath, [entry, ...args], {
    cwd: checkout,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  }
  const ended = once(child, "close").then(([code]) => code as number | null);
  return { child, output: () => output, ended };
}

/** Demo shows have the same ids every time: locks of an earlier run on the same server would be theirs. */
async function emptyRedis(): Promise<string> {
  const url = `${process.env["REDIS_URL"] ?? ""}/15`;
  const redis = new Redis(url);
  await redis.flushdb();
  redis.disconnect();
  return url;
}

// `npm start` uses the servers of this run and starts its own house on them.
beforeAll(async () => {
  database = await createDatabase();
  state = await mkdtemp(join(tmpdir(), "marquee-state-"));
  const name = database.url.split("_").at(-1) ?? "";
  environment = {
    ...process.env,
    MARQUEE_STATE: state,
    MARQUEE_CACHE: join(state, "cache"),
    DATABASE_URL: database.url,
    REDIS_URL: await emptyRedis(),
    TEMPORAL_NAMESPACE: `start-${name}`,
    KAFKA_TOPIC_PREFIX: `start-${name}.`,
    SEARCH_INDEX: `start-${name}`,
  };
  marquee = run("local/start.ts");
  watch = watchMemory();
  await eventually(async () => {
    if (marquee.child.exitCode !== null) throw new Error(marquee.output());
    return marquee.output().includes("Marquee is running.");
  }, 90_000);
}, 120_000);
afterAll(async () => {
  await watch.close();
  // Killed, it would leave its house behind.
  marquee.child.kill("SIGINT");
  await marquee.ended;
  await database.drop();
  await rm(state, { recursive: true, force: true });
}, 30_000);

/** Of what this test has started, and of the servers: whoever runs them has set their supervisor's number. */
function watchMemory() {
  const servers = process.env["MARQUEE_SERVERS_PID"];
  const roots = [marquee.child.pid ?? 0, ...(servers === undefined ? [] : [Number(servers)])];
  return repeat({
    name: "watch memory",
    everyMs: 250,
    logger: createLogger("start-test", "warn"),
    async work() {
      const { bytes, processes } = await measureMemory(roots, /\/node_modules\/jest/);
      if (bytes > peak.bytes) Object.assign(peak, { bytes, processes: processes.length });
    },
  });
}

test("the first search is whole: the index has been asked before anybody else does", async () => {
  const api = /API +(http:\S+)/.exec(marquee.output())?.[1] ?? "";
  const response = await fetch(`${api}/v1/search?q=tid+clrk`);
  expect(await response.json()).toMatchObject({ degraded: false });
});

test("beside a running Marquee `npm run demo` buys a ticket, down to its mail", async () => {
  const demo = run("local/demo.ts");
  expect([await demo.ended, demo.output()]).toEqual([0, expect.stringContaining("/tickets/tk_")]);
});

test("beside a running Marquee a catalogue is imported with nothing set in the environment", async () => {
  const { DATABASE_URL: _, ...withoutDatabase } = environment;
  const imported = run("local/catalogue-import.ts", ["docs/examples/catalogue.json"], {
    ...withoutDatabase,
  });
  const output = expect.stringMatching(/^shows: 49 new, 0 changed/m);
  expect([await imported.ended, imported.output()]).toEqual([0, output]);
});

test("at its peak, with all servers and after three purchases at once, all of it takes at most 4 GB", async () => {
  const demos = await Promise.all([1, 2, 3].map(() => run("local/demo.ts").ended));
  expect(demos).toContain(0);
  await watch.close();
  const gigabytes = peak.bytes / 1e9;
  process.stdout.write(`${peak.processes} processes took ${gigabytes.toFixed(2)} GB\n`);
  // Supervisor, nine processes of the house, and PostgreSQL, Redis, Temporal, Kafka and Elasticsearch if we know them.
  expect(peak.processes).toBeGreaterThan(process.env["MARQUEE_SERVERS_PID"] ? 20 : 9);
  // In a whole run the servers have served two hundred files of tests before: Temporal alone has 0.8 GB then, new some 0.3.
  expect(gigabytes).toBeLessThanOrEqual(4);
});

test("asked to stop, it is gone within ten seconds with everything that it has started; then nothing runs here", async () => {
  const { output } = marquee;
  const askedAt = performance.now();
  marquee.child.kill("SIGINT");
  expect([await marquee.ended, output()]).toEqual([0, expect.stringMatching(/all stopped\n$/)]);
  expect(performance.now() - askedAt).toBeLessThan(10_000);

  const { rowCount } = await database.pool.query(
    "select 1 from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and application_name = any($1)",
    [["api", "checkout", "payments", "outbox-relay", "notifier", "waiting-list"]],
  );
  expect(rowCount).toBe(0);
  const demo = run("local/demo.ts");
  expect([await demo.ended, demo.output()]).toEqual([
    1,
    "Marquee is not running. Run `npm start` first.\n",
  ]);
});
