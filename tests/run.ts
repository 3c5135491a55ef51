import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { createTopics } from "../local/create-topics.ts";
import { isRoot, paths } from "../local/paths.ts";
import { createPorts } from "../local/ports.ts";
import { startServers } from "../local/start-servers.ts";
import { Supervisor } from "../local/supervise/supervisor.ts";
import { spareTheDisk } from "./spare-the-disk.ts";
import type { Tally } from "./tally.ts";

/** Ends jest with everything that its tests have started. */
let endTests = () => undefined as void;

const stopMsMax = 8_000;
/** So many tests fail when something below them is broken: what comes after would only say it again, a minute each. */
const failedMax = 20;

/** `npm test`: starts real servers on free ports, runs jest against them, stops them, and ends with the count. */
async function main(): Promise<void> {
  // A folder that other users may enter: as root, PostgreSQL and Elasticsearch run as somebody else.
  const folder = await mkdtemp(join(isRoot() ? "/var/tmp" : tmpdir(), "marquee-test-"));
  await chmod(folder, 0o755);
  const supervisor = new Supervisor(folder, say);
  const interrupted = new Promise<never>((_, reject) => {
    // Of a terminal and of npm the same signal comes twice: the second one must not end this before the servers have stopped.
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.on(signal, () => reject(new Error("interrupted")));
    }
  });

  let tallies: Tally[] = [];
  try {
    await Promise.race([startAndTest(folder, supervisor, tallies), interrupted]);
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    // Jest ends as well now, and is not asked any more.
    tallies = [...tallies, { ...(await readTally(folder)), isWhole: false }];
  }
  endTests();
  await supervisor.stop(stopMsMax);
  await rm(folder, { recursive: true, force: true });
  say("all stopped");
  process.exit(tell(tallies) ? 0 : 1);
}

async function startAndTest(
  folder: string,
  supervisor: Supervisor,
  tallies: Tally[],
): Promise<void> {
  const { addresses, ready } = await startServers(supervisor, {
    dataFolder: folder,
    port: createPorts("any"),
    report: say,
  });
  await Promise.all(Object.values(ready));
  if (await ready.KAFKA_BROKERS) await createTopics(addresses.KAFKA_BROKERS);
  say("the servers are ready; running the tests");
  const chosen = process.argv.slice(2);
  const runs = chosen.length > 0 ? [chosen] : [alone, together];
  for (const choice of runs) {
    // What is measured is measured with a disk. Somebody else's server is theirs.
    if (choice === together && !process.env["DATABASE_URL"])
      await spareTheDisk(addresses.DATABASE_URL);
    const tally = await runJest(folder, addresses, choice);
    tallies.push(tally);
    say(`${tally.passed} passed, ${tally.failed} failed ${choice === alone ? "alone" : "in all"}`);
  }
}

/** Names what failed, and what was running when the tests were cut short; the count comes last. True when all is well. */
function tell(tallies: Tally[]): boolean {
  const count = (of: (tally: Tally) => number) =>
    tallies.reduce((sum, tally) => sum + of(tally), 0);
  const isWhole = tallies.every((tally) => tally.isWhole);
  const passed = count((tally) => tally.passed);
  const failed = Math.max(
    count((tally) => tally.failed),
    isWhole && passed > 0 ? 0 : 1,
  );
  const failures = tallies.flatMap((tally) => tally.failures.map((name) => `failed: ${name}`));
  const running = tallies.flatMap((tally) => tally.running.map((file) => `cut short: ${file}`));
  process.stdout.write(
    ["", ...failures, ...running, `${passed} passed, ${failed} failed\n`].join("\n"),
  );
  return failed === 0;
}

/**
 * Tests that bound a time or memory say nothing on a machine that is busy with other tests: they come one after another, and
 * first, while the servers are new. `*.alone.test.ts` is their name.
 */
const alone = ["--runInBand", "--testPathPatterns", String.raw`\.alone\.test\.ts$`];
const together = ["--testPathPatterns", String.raw`(?<!\.alone)\.test\.ts$`];

async function runJest(
  folder: string,
  addresses: Record<string, string>,
  choice: string[],
): Promise<Tally> {
  await rm(tallyFile(folder), { force: true });
  const jest = startJest(folder, addresses, choice);
  endTests = () => endGroup(jest);
  const [code] = (await once(jest, "close")) as [number | null];
  endTests();
  const tally = await readTally(folder);
  // Jest may fail without a failed test: by a threshold, say.
  return code === 0 ? tally : { ...tally, failed: Math.max(tally.failed, 1) };
}

function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function startJest(
  folder: string,
  addresses: Record<string, string>,
  choice: string[],
): ChildProcess {
  const programs = join(paths.checkout, "node_modules/.bin");
  return spawn(
    process.execPath,
    [
      ...["--experimental-vm-modules", "--disable-warning=ExperimentalWarning"],
      join(paths.checkout, "node_modules/jest/bin/jest.js"),
      // What a failed test has left open must not keep the others' verdict.
      ...["--forceExit", `--bail=${failedMax}`, ...choice],
    ],
    {
      cwd: paths.checkout,
      env: {
        ...process.env,
        ...addresses,
        // Some eighty processes of the house are started: what the first compile, the others read.
        NODE_COMPILE_CACHE: join(folder, "compiled"),
        MARQUEE_TEST_TALLY: tallyFile(folder),
        MARQUEE_SERVERS_PID: String(process.pid),
        MARQUEE_SERVER_LOGS: join(folder, "logs"),
        PATH: `${programs}${delimiter}${process.env["PATH"] ?? ""}`,
      },
      // A group of its own, which can be ended as a whole.
      detached: true,
      // What people read is on standard error.
      stdio: ["ignore", "ignore", "inherit"],
    },
  );
}

async function readTally(folder: string): Promise<Tally> {
  const text = await readFile(tallyFile(folder), "utf8").catch(() => undefined);
  if (text !== undefined) return JSON.parse(text) as Tally;
  return { passed: 0, failed: 1, failures: [], running: [], isWhole: false };
}

function tallyFile(folder: string): string {
  return join(folder, "tally.json");
}

function say(line: string): void {
  process.stdout.write(`[${(performance.now() / 1_000).toFixed(1).padStart(6)} s] ${line}\n`);
}

await main();
