import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";

/** Runs a program to its end; its last words are the message when it fails. `onLine` hears its standard output. */
export async function run(
  command: string,
  args: string[],
  options: {
    env?: Record<string, string>;
    cwd?: string;
    uid?: number;
    gid?: number;
    input?: string;
    onLine?: (line: string) => void;
  } = {},
): Promise<void> {
  const { env, input, onLine, ...rest } = options;
  const child = spawn(command, args, { ...rest, env: { ...process.env, ...env } });
  let tail = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      tail = (tail + text).slice(-2_000);
    });
  }
  if (onLine !== undefined) createInterface(child.stdout).on("line", onLine);
  // A program that is gone before it has read its input says why by its exit code.
  child.stdin.on("error", () => undefined).end(input);

  const [code] = (await once(child, "close").catch(explainAbsence)) as [number | null];
  if (code !== 0) {
    throw new Error(`${command} ${args.join(" ").slice(0, 200)} ended with ${code}:\n${tail}`);
  }

  function explainAbsence(error: NodeJS.ErrnoException): never {
    if (error.code !== "ENOENT") throw error;
    throw new MissingProgram(`${command} was not found on this machine`, { cause: error });
  }
}

export class MissingProgram extends Error {}

const pausesMs = [1_000, 4_000];

/** Tries again what depends on the network, three times in all. A missing program does not appear by waiting. */
export async function withRetries(work: () => Promise<void>): Promise<void> {
  for (const pauseMs of pausesMs) {
    try {
      return await work();
    } catch (error) {
      if (error instanceof MissingProgram) throw error;
      await delay(pauseMs);
    }
  }
  return work();
}
