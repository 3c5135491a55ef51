import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";

import { forgetLeftovers, rememberProcess } from "./leftovers.ts";
import type { ProcessSpec } from "./process-spec.ts";

const readyMsMax = 120_000;
const askAgainMs = 100;
/** Room for an error of Node: where it was, what it was, and its stack. */
const shownLines = 20;
const firstPauseMs = 250;
/** A process that dies more often than this within a minute is left dead: a restart does not mend what is wrong. */
const deathsPerMinuteMax = 5;

type Running = {
  spec: ProcessSpec;
  child: ChildProcess;
  lastLines: string[];
  ended: Promise<void>;
};

/** Starts processes, keeps them alive, and stops them. */
export class Supervisor {
  readonly #folder: string;
  readonly #report: (line: string) => void;
  readonly #running = new Map<string, Running>();
  /** Who is started again when it dies. */
  readonly #wanted = new Set<string>();
  #isStopping = false;

  /** `folder` gets a log file for each process, and the list of what runs. */
  constructor(folder: string, report: (line: string) => void) {
    this.#folder = folder;
    this.#report = report;
  }

  /** Resolves when the process is ready; rejects with its last lines when it ends before, or takes too long. */
  async start(spec: ProcessSpec): Promise<void> {
    await mkdir(join(this.#folder, "logs"), { recursive: true });
    if (this.#isStopping) throw new Error(`${spec.name} is not started: everything is stopping`);
    const running = this.#spawn(spec, "w");
    try {
      await untilReady(running);
    } catch (error) {
      killGroup(running.child);
      throw error;
    }
    this.#wanted.add(spec.name);
    void this.#keepAlive(running);
  }

  get isStopping(): boolean {
    return this.#isStopping;
  }

  pid(name: string): number | undefined {
    return this.#running.get(name)?.child.pid;
  }

  /** Ends a process and does not start it again. Resolves when it is gone. */
  async kill(name: string, signal: NodeJS.Signals): Promise<void> {
    this.#wanted.delete(name);
    const running = this.#running.get(name);
    running?.child.kill(signal);
    await running?.ended;
  }

  /** Asks everything to stop, all at once; what has not gone after `msMax` is killed. */
  async stop(msMax: number): Promise<void> {
    this.#isStopping = true;
    this.#wanted.clear();
    const allEnded = Promise.all([...this.#running.values()].map(({ ended }) => ended));
    for (const { child, spec } of this.#running.values()) child.kill(spec.stopSignal);
    await Promise.race([allEnded, delay(msMax, undefined, { ref: false })]);
    this.killAll();
    await allEnded;
    await forgetLeftovers(this.#folder);
  }

  /** No goodbye. */
  killAll(): void {
    this.#isStopping = true;
    this.#wanted.clear();
    for (const { child } of this.#running.values()) killGroup(child);
  }

  #spawn(spec: ProcessSpec, logFlags: "w" | "a"): Running {
    // A process group of its own: Ctrl-C in the terminal reaches the supervisor alone, which stops things in order.
    const child = spawn(spec.command, spec.args, {
      env: { ...process.env, ...spec.env },
      cwd: spec.cwd,
      ...spec.user,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const log = createWriteStream(join(this.#folder, "logs", `${spec.name}.log`), {
      flags: logFlags,
    });
    const lastLines: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      createInterface(stream).on("line", (line) => {
        log.write(`${line}\n`);
        lastLines.push(line);
        lastLines.splice(0, lastLines.length - shownLines);
      });
    }
    const ended = new Promise<void>((resolve) => {
      child.once("error", (error) => lastLines.push(error.message));
      child.once("close", () => {
        log.end();
        resolve();
      });
    });
    const running = { spec, child, lastLines, ended };
    this.#running.set(spec.name, running);
    void ended.then(() => {
      if (this.#running.get(spec.name) === running) this.#running.delete(spec.name);
    });
    if (child.pid !== undefined) void rememberProcess(this.#folder, child.pid, spec.stopSignal);
    return running;
  }

  async #keepAlive(first: Running): Promise<void> {
    const { name } = first.spec;
    const deaths: number[] = [];
    for (let running = first; ; running = this.#spawn(first.spec, "a")) {
      await running.ended;
      if (!this.#wanted.has(name)) return;
      this.#report(`${name} ended (${running.child.signalCode ?? running.child.exitCode}):`);
      for (const line of running.lastLines) this.#report(`  ${line}`);

      deaths.push(Date.now());
      const recent = deaths.filter((time) => time > Date.now() - 60_000).length;
      if (recent > deathsPerMinuteMax) {
        this.#report(`${name} is left dead: it ended ${recent} times within a minute`);
        return;
      }
      await delay(firstPauseMs * 2 ** (recent - 1));
      if (!this.#wanted.has(name)) return;
      this.#report(`${name} is started again`);
    }
  }
}

async function untilReady({ spec, lastLines, ended }: Running): Promise<void> {
  const hasEnded = ended.then(() => "ended" as const);
  const isReady = () => spec.isReady().catch(() => false);
  for (const giveUpAt = Date.now() + readyMsMax; Date.now() < giveUpAt; await delay(askAgainMs)) {
    const answer = await Promise.race([isReady(), hasEnded]);
    if (answer === "ended") throw new Error(`${spec.name} ended:\n${lastLines.join("\n")}`);
    if (answer) return;
  }
  const seconds = readyMsMax / 1_000;
  throw new Error(`${spec.name} is not ready after ${seconds} s:\n${lastLines.join("\n")}`);
}

/** The process and what it has started: Elasticsearch, for one, is a launcher with the server below it. */
function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It is gone already.
  }
}
