import { spawn } from "node:child_process";
import { mkdir } from "node:fs/promises";

import { migrate } from "../adapters/postgres/migrate.ts";
import { prepareNamespace } from "../adapters/temporal/prepare-namespace.ts";
import { searchAttributeNames } from "../workflows/search-attributes.ts";
import { addressTable } from "./address-table.ts";
import type { Addresses } from "./addresses.ts";
import { forgetAddresses, readAddresses, writeAddresses } from "./addresses.ts";
import { createTopics } from "./create-topics.ts";
import { loadDemoData } from "./demo-data/load.ts";
import { holdName } from "./hold-name.ts";
import { createNarrator } from "./narrator.ts";
import { dataFolder, paths } from "./paths.ts";
import { planEnvironment } from "./plan-environment.ts";
import { createPorts } from "./ports.ts";
import type { HouseProcess } from "./processes.ts";
import { processes } from "./processes.ts";
import type { ServerVariable, StartedServers } from "./start-servers.ts";
import { serverName, startServers } from "./start-servers.ts";
import { endLeftovers } from "./supervise/leftovers.ts";
import { Supervisor } from "./supervise/supervisor.ts";
import { warmSearch } from "./warm-search.ts";

// Less than ten seconds in all: the house drains while its servers are still there.
const houseStopMsMax = 5_500;
const serversStopMsMax = 3_500;

const { say, waitFor } = createNarrator((line) => {
  process.stdout.write(`[${(performance.now() / 1_000).toFixed(1).padStart(6)} s] ${line}\n`);
});
const servers = new Supervisor(paths.servers, say);
const house = new Supervisor(paths.house, say);
let isStopping = false;

/** `npm start`: brings up everything real on this machine, and stays until Ctrl-C. */
async function main(): Promise<void> {
  await mkdir(paths.state, { recursive: true });
  if (!(await holdName(paths.state))) throw new Error(await whereItRuns());
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => void interrupt());
  }
  try {
    const { addresses, leftOut } = await startEverything();
    if (!leftOut.includes("elasticsearch")) await waitFor("search", warmSearch(addresses.api));
    await writeAddresses(addresses);
    const how = process.stdin.isTTY ? "Press d, or run `npm run demo`" : "Run `npm run demo`";
    const next = `${how} in another terminal, to buy a ticket. Ctrl-C stops everything.`;
    say(`Marquee is running.\n\n${addressTable(addresses, leftOut)}\n${next}`);
    if (process.stdin.isTTY) listenToKeys(() => void interrupt());
  } catch (error) {
    if (isStopping) return;
    await stop();
    // Last, where it is seen: others had their say while they were stopped.
    say(error instanceof Error ? error.message : String(error));
    process.exit(1);
  }
}

async function whereItRuns(): Promise<string> {
  const addresses = await readAddresses();
  const where = addresses === undefined ? "It is still starting." : addressTable(addresses);
  return `Marquee is running here already.\n\n${where}`;
}

async function startEverything(): Promise<{ addresses: Addresses; leftOut: string[] }> {
  for (const folder of [paths.house, paths.servers]) {
    const ended = await endLeftovers(folder);
    if (ended > 0) say(`ended ${ended} processes that an earlier run had left`);
  }
  const { port, taken } = noteTaken(createPorts("wanted"));
  await mkdir(dataFolder(), { recursive: true, mode: 0o755 });
  const started = await startServers(servers, { dataFolder: dataFolder(), port, report: say });
  const { environment, addresses } = await planEnvironment({
    servers: started.addresses,
    port,
    dataFolder: dataFolder(),
  });
  if (taken.length > 0) say(`ports ${taken.join(", ")} are taken: the next free ones are used`);
  const ready = prepareStores(started);
  const [leftOut] = await Promise.all([
    findLeftOut(ready),
    ...processes.map(async (one) => {
      const there = await Promise.all(one.needs.map((variable) => ready[variable]));
      if (there.every(Boolean)) {
        await waitFor(one.name, startProcess(one, environment, await port(4_100)));
      } else if (!isStopping) {
        say(`${one.name} is not started: it needs ${one.needs.join(" and ")}`);
      }
    }),
  ]);
  return { addresses, leftOut };
}

/** The same ports; `taken` gets the wanted ones that somebody else has. */
function noteTaken(port: (wanted: number) => Promise<number>) {
  const taken: number[] = [];
  async function noting(wanted: number): Promise<number> {
    const given = await port(wanted);
    if (given !== wanted) taken.push(wanted);
    return given;
  }
  return { port: noting, taken };
}

/** Waits for all servers, and says which cannot be had. */
async function findLeftOut(ready: StartedServers["ready"]): Promise<string[]> {
  const variables = Object.keys(ready) as ServerVariable[];
  const there = await Promise.all(
    variables.map((variable) => waitFor(serverName(variable), ready[variable])),
  );
  return variables.filter((_, index) => !there[index]).map(serverName);
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
  await forgetAddresses();
  await house.stop(houseStopMsMax);
  await servers.stop(serversStopMsMax);
}

/** Single keys come only in raw mode, and there Ctrl-C is a key too. */
function listenToKeys(onInterrupt: () => void): void {
  process.stdin.setRawMode(true).setEncoding("utf8");
  process.stdin.on("data", (keys: string) => {
    for (const key of keys) {
      if (key === "\u0003") onInterrupt();
      if (key === "d") runDemo();
    }
  });
}

let isDemoRunning = false;

function runDemo(): void {
  if (isDemoRunning) return;
  isDemoRunning = true;
  const demo = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", "local/demo.ts"], {
    cwd: paths.checkout,
    stdio: ["ignore", "inherit", "inherit"],
  });
  demo.on("close", () => (isDemoRunning = false));
}

await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
