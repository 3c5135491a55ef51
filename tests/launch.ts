import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { join } from "node:path";

import { eventually } from "./eventually.ts";

const readyMsMax = 60_000;
const outputMax = 4_000;

/**
 * Starts an entry file as in production. Resolves when it says that it is ready; rejects with its last output when it ends
 * before. `logFile` gets all of its output, after what stands there already.
 */
export async function launch(
  entry: string,
  environment: NodeJS.ProcessEnv,
  healthPort: number,
  logFile = "/dev/null",
): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "..", entry)], {
    env: { ...environment, HEALTH_PORT: String(healthPort) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const log = createWriteStream(logFile, { flags: "a" });
  child.once("close", () => log.end());
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      log.write(chunk);
      output = (output + chunk.toString()).slice(-outputMax);
    });
  }
  const outcome = await Promise.race([
    once(child, "exit").then(() => "ended" as const),
    eventually(async () => {
      const hasEnded = child.exitCode !== null || child.signalCode !== null;
      return hasEnded || (await fetch(`http://127.0.0.1:${healthPort}/readyz`)).ok;
    }, readyMsMax),
  ]).catch(() => "silent" as const);
  if (outcome !== true) {
    child.kill("SIGKILL");
    throw new Error(`${entry} did not become ready (${String(outcome)}):\n${output}`);
  }
  return child;
}
