import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { eventually } from "../../tests/eventually.ts";
import { endLeftovers, rememberProcess } from "./leftovers.ts";
import type { ProcessSpec } from "./process-spec.ts";
import { Supervisor } from "./supervisor.ts";

let folder: string;
let supervisor: Supervisor;
let reported: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "marquee-supervisor-"));
  reported = [];
  supervisor = new Supervisor(folder, (line) => reported.push(line));
});
afterEach(async () => {
  await supervisor.stop(100);
  await rm(folder, { recursive: true });
});

const forEver = "setInterval(() => {}, 1_000);";
const deaf = `process.on("SIGTERM", () => {}); ${forEver}`;

/** A process that runs `code` after it has made the file that says it is ready. */
function node(name: string, code: string): ProcessSpec {
  const mark = join(folder, `${name}-is-ready`);
  return {
    name,
    command: process.execPath,
    args: ["-e", `require("node:fs").writeFileSync(${JSON.stringify(mark)}, ""); ${code}`],
    cwd: folder,
    isReady: async () => existsSync(mark),
    stopSignal: "SIGTERM",
  };
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test("a process that dies is started again, and its last words are shown", async () => {
  await supervisor.start(node("worker", `console.log("out of seats"); ${forEver}`));
  const first = supervisor.pid("worker") ?? 0;
  await eventually(async () =>
    (await readFile(join(folder, "logs/worker.log"), "utf8")).includes("out of seats"),
  );
  process.kill(first, "SIGKILL");
  const second = await eventually(async () => {
    const pid = supervisor.pid("worker");
    return pid !== first && pid;
  });
  expect(lives(second)).toBe(true);
  expect(reported).toEqual([
    "worker ended (SIGKILL):",
    "  out of seats",
    "worker is started again",
  ]);
});

test("a process that was killed on purpose stays dead", async () => {
  await supervisor.start(node("worker", forEver));
  const pid = supervisor.pid("worker") ?? 0;
  await supervisor.kill("worker", "SIGKILL");
  expect(lives(pid)).toBe(false);
  expect(reported).toEqual([]);
});

test("a process that dies before it is ready fails its start, with its last words", async () => {
  const spec = { ...node("worker", "throw new Error('no such seat')"), isReady: async () => false };
  await expect(supervisor.start(spec)).rejects.toThrow("no such seat");
});

test("a program that is not there fails its start", async () => {
  const spec = { ...node("worker", ""), command: "marquee-no-such-program" };
  await expect(supervisor.start(spec)).rejects.toThrow("ENOENT");
});

test("a stop ends in bounded time, also for a process that will not hear of it", async () => {
  await supervisor.start(node("deaf", deaf));
  const pid = supervisor.pid("deaf") ?? 0;
  const startedAt = performance.now();
  await supervisor.stop(300);
  expect(performance.now() - startedAt).toBeLessThan(2_000);
  expect(lives(pid)).toBe(false);
});

test("nothing is started once the stop has begun", async () => {
  await supervisor.stop(100);
  await expect(supervisor.start(node("late", forEver))).rejects.toThrow("stopping");
});

test("what a killed supervisor has left is ended by the next one, and nobody else is", async () => {
  const left = spawn(process.execPath, ["-e", forEver], { detached: true, stdio: "ignore" });
  const stranger = spawn(process.execPath, ["-e", forEver], { detached: true, stdio: "ignore" });
  try {
    await rememberProcess(folder, left.pid ?? 0, "SIGTERM");
    await rememberProcess(folder, 2 ** 22 + 1, "SIGTERM");
    expect(await endLeftovers(folder)).toBe(1);
    expect(lives(stranger.pid ?? 0)).toBe(true);
    expect(await endLeftovers(folder)).toBe(0);
  } finally {
    left.kill("SIGKILL");
    stranger.kill("SIGKILL");
  }
});
