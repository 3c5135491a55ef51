import { spawn } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { migrate } from "../adapters/postgres/migrate.ts";
import { prepareNamespace } from "../adapters/temporal/prepare-namespace.ts";
import { searchAttributeNames } from "../workflows/search-attributes.ts";
import { createTopics } from "./create-topics.ts";
import { loadDemoData } from "./demo-data/load.ts";
import { holdName } from "./hold-name.ts";
import { dataFolder, paths } from "./paths.ts";
import type { Addresses } from "./plan-environment.ts";
import { planEnvironment } from "./plan-environment.ts";
import { createPorts } from "./ports.ts";
import type { HouseProcess } from "./processes.ts";
import { processes } from "./processes.ts";
import type { StartedServers } from "./start-servers.ts";
import { startServers } from "./start-servers.ts";
import { endLeftovers } from "./supervise/leftovers.ts";
import { Supervisor } from "./supervise/supervisor.ts";

// Less than ten seconds in all: the house drains while its servers are still there.
const houseStopMsMax = 5_500;
const serversStopMsMax = 3_500;

const addressesFile = join(paths.state, "addresses.json");

const servers = new Supervisor(paths.servers, say);
const house = new Supervisor(paths.house, say);
let isStopping = false;

/** `npm start`: brings up everything real on this machine, and stays until Ctrl-C. */
async function main(): Promise<void> {
  await mkdir(paths.state, { recursive: true });
  if (!(await holdName(paths.state))) throw new Error("Marquee is running here already.");
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => void interrupt());
  }
  try {
    const addresses = await startEverything();
    await writeFile(addressesFile, `${JSON.stringify(addresses, null, 2)}\n`);
    printAddresses(addresses);
    if (process.stdin.isTTY) listenToKeys(() => void interrupt());
  } catch (error) {
    if (isStopping) return;
    say(error instanceof Error ? error.message : String(error));
    await stop();
    process.exit(1);
  }
}

async function startEverything(): Promise<Addresses> {
  for (const folder of [paths.house, paths.servers]) {
    const ended = await endLeftovers(folder);
    if (ended > 0) say(`ended ${ended} processes that an earlier run had left`);
  }
  const port = createPorts("wanted");
  await mkdir(dataFolder(), { recursive: true, mode: 0o755 });
  const started = await startServers(servers, { dataFolder: dataFolder(), port, report: say });
  const { environment, addresses } = await planEnvironment({
    servers: started.addresses,
    port,
    dataFolder: dataFolder(),
  });
  const ready = prepareStores(started);
  await Promise.all(
    processes.map(async (one) => {
      const there = await Promise.all(one.needs.map((variable) => ready[variable]));
      if (there.every(Boolean)) await startProcess(one, environment, await port(4_100));
      else if (!isStopping) say(`${one.name} is not started: it needs ${one.needs.join(" and ")}`);
    }),
  );
  return addresses;
}

/** The servers again, each ready when it also holds what the house expects to find in it. */
function prepareStores({ addresses, ready }: StartedServers): StartedServers["ready"] {
  return {
    ...ready,
    DATABASE_URL: ready.DATABASE_URL.then(async (isThere) => {
      await migrate(addresses.DATABASE_URL, say);
      await loadDemoData(addresses.DATABASE_URL, say);
      return isThere;
    }),
    TEMPORAL_ADDRESS: ready.TEMPORAL_ADDRESS.then(async (isThere) => {
      const namespace = process.env["TEMPORAL_NAMESPACE"] ?? "default";
      const address = addresses.TEMPORAL_ADDRESS;
      await prepareNamespace({ address, namespace, keywords: searchAttributeNames });
      return isThere;
    }),
    KAFKA_BROKERS: ready.KAFKA_BROKERS.then(async (isThere) => {
      if (isThere) await createTopics(addresses.KAFKA_BROKERS, process.env["KAFKA_TOPIC_PREFIX"]);
      return isThere;
    }),
  };
}

async function startProcess(
  { name, entry, standsInFor }: HouseProcess,
  environment: Record<string, string>,
  healthPort: number,
): Promise<void> {
  if (standsInFor !== undefined && process.env[standsInFor]) {
    say(`${standsInFor} is set: ${name} is not started`);
    return;
  }
  await house.start({
    name,
    command: process.execPath,
    args: ["--disable-warning=ExperimentalWarning", entry],
    cwd: paths.checkout,
    env: { ...environment, HEALTH_PORT: String(healthPort) },
    async isReady() {
      const url = `http://127.0.0.1:${healthPort}/readyz`;
      return (await fetch(url, { signal: AbortSignal.timeout(2_000) })).ok;
    },
    stopSignal: "SIGTERM",
  });
  say(`${name} is ready`);
}

/** The first time it stops in order; the second time at once. */
async function interrupt(): Promise<void> {
  if (isStopping) {
    house.killAll();
    servers.killAll();
    process.exit(130);
  }
  say("stopping; once more to stop at once");
  await stop();
  say("all stopped");
  process.exit(0);
}

async function stop(): Promise<void> {
  isStopping = true;
  await rm(addressesFile, { force: true });
  await house.stop(houseStopMsMax);
  await servers.stop(serversStopMsMax);
}

function printAddresses(addresses: Addresses): void {
  const lines = [
    ["API", `${addresses.api}    reference: ${addresses.api}/docs`],
    ["Sign-in", addresses.identity],
    ["Stripe sandbox", addresses.stripe],
    ["PayPal sandbox", addresses.paypal],
    ["Mail inbox", addresses.inbox],
    ["Temporal UI", addresses.temporalUi],
    ["Logs", `${paths.servers}/logs, ${paths.house}/logs`],
  ];
  say("Marquee is running.\n");
  for (const [what = "", where = ""] of lines) {
    process.stdout.write(`  ${what.padEnd(18)}${where}\n`);
  }
  const how = process.stdin.isTTY ? "Press d, or run `npm run demo`" : "Run `npm run demo`";
  process.stdout.write(`\n${how} in another terminal, to buy a ticket. Ctrl-C stops everything.\n`);
}

/** Single keys come only in raw mode, and there Ctrl-C is a key too. */
function listenToKeys(onInterrupt: () => void): void {
  process.stdin.setRawMode(true).setEncoding("utf8");
  process.stdin.on("data", (key: string) => {
    if (key === "\u0003") onInterrupt();
    if (key === "d") runDemo();
  });
}

function runDemo(): void {
  spawn(process.execPath, ["--disable-warning=ExperimentalWarning", "local/demo.ts"], {
    cwd: paths.checkout,
    stdio: ["ignore", "inherit", "inherit"],
  });
}

function say(line: string): void {
  process.stdout.write(`[${(performance.now() / 1_000).toFixed(1).padStart(6)} s] ${line}\n`);
}

await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
