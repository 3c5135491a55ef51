import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";

import { createTopics } from "../local/create-topics.ts";
import { isRoot, paths } from "../local/paths.ts";
import { createPorts } from "../local/ports.ts";
import { startServers } from "../local/start-servers.ts";
import { Supervisor } from "../local/supervise/supervisor.ts";

type Count = { passed: number; failed: number };

const stopMsMax = 8_000;

/** `npm test`: starts real servers on free ports, runs jest against them, stops them, and ends with the count. */
async function main(): Promise<void> {
  // A folder that other users may enter: as root, PostgreSQL and Elasticsearch run as somebody else.
  const folder = await mkdtemp(join(isRoot() ? "/var/tmp" : tmpdir(), "marquee-test-"));
  await chmod(folder, 0o755);
  const supervisor = new Supervisor(folder, say);
  const interrupted = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]).then(() => {
    throw new Error("interrupted");
  });

  let count: Count = { passed: 0, failed: 1 };
  try {
    count = await Promise.race([startAndTest(folder, supervisor), interrupted]);
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
  }
  await supervisor.stop(stopMsMax);
  await rm(folder, { recursive: true, force: true });
  say("all stopped");
  process.stdout.write(`\n${count.passed} passed, ${count.failed} failed\n`);
  process.exit(count.failed > 0 || count.passed === 0 ? 1 : 0);
}

async function startAndTest(folder: string, supervisor: Supervisor): Promise<Count> {
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
  const total: Count = { passed: 0, failed: 0 };
  for (const choice of runs) {
    const count = await runJest(folder, addresses, choice);
    total.passed += count.passed;
    total.failed += count.failed;
    say(`${total.passed} passed, ${total.failed} failed so far`);
  }
  return total;
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
): Promise<Count> {
  const report = join(folder, "jest.json");
  await rm(report, { force: true });
  const jest = startJest(report, addresses, choice);
  const end = () => jest.kill();
  process.once("exit", end);
  const [code] = (await once(jest, "close")) as [number | null];
  process.off("exit", end);
  return readCount(report, code);
}

function startJest(
  report: string,
  addresses: Record<string, string>,
  choice: string[],
): ChildProcess {
  const programs = join(paths.checkout, "node_modules/.bin");
  return spawn(
    process.execPath,
    [
      ...["--experimental-vm-modules", "--disable-warning=ExperimentalWarning"],
      join(paths.checkout, "node_modules/jest/bin/jest.js"),
      ...["--json", "--outputFile", report, ...choice],
    ],
    {
      cwd: paths.checkout,
      env: {
        ...process.env,
        ...addresses,
        // Some eighty processes of the house are started: what the first compile, the others read.
        NODE_COMPILE_CACHE: join(dirname(report), "compiled"),
        MARQUEE_SERVERS_PID: String(process.pid),
        MARQUEE_SERVER_LOGS: join(dirname(report), "logs"),
        PATH: `${programs}${delimiter}${process.env["PATH"] ?? ""}`,
      },
      // Jest's JSON goes to the file; what people read is on standard error.
      stdio: ["ignore", "ignore", "inherit"],
    },
  );
}

async function readCount(report: string, code: number | null): Promise<Count> {
  const text = await readFile(report, "utf8").catch(() => {
    throw new Error(`Jest ended with ${code} and no report`);
  });
  const result = JSON.parse(text) as {
    numPassedTests: number;
    numFailedTests: number;
    numRuntimeErrorTestSuites: number;
  };
  const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
  // Jest may fail without a failed test: by a threshold, say.
  return { passed: result.numPassedTests, failed: code === 0 ? failed : Math.max(failed, 1) };
}

function say(line: string): void {
  process.stdout.write(`[${(performance.now() / 1_000).toFixed(1).padStart(6)} s] ${line}\n`);
}

await main();
