import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";

import { afterEach, expect, test } from "@jest/globals";

import { measureMemory } from "./measure-memory.ts";

const megabyte = 1_024 * 1_024;
const children: ChildProcess[] = [];

afterEach(async () => {
  const ends = children.map((child) => once(child, "exit"));
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await Promise.all(ends);
});

/** A process that takes 100 MB at each message, and has one below it that does nothing. */
async function startHungry(): Promise<ChildProcess> {
  const code = `
    const taken = [];
    const below = require("node:child_process").spawn("sleep", ["60"]);
    process.on("message", () => { taken.push(Buffer.alloc(100 * ${megabyte}, 1)); process.send("taken"); });
    process.on("disconnect", () => { below.kill(); process.exit(); });
    process.send("ready");`;
  const child = spawn(process.execPath, ["-e", code], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  children.push(child);
  await once(child, "message");
  return child;
}

async function take100(child: ChildProcess) {
  child.send("more");
  await once(child, "message");
}

test("100 MB more are counted as 100 MB more, with what is below a process and without what is beside it", async () => {
  const [child, neighbour] = [await startHungry(), await startHungry()];
  const before = await measureMemory([child.pid ?? 0]);
  await Promise.all([take100(child), take100(neighbour)]);
  const after = await measureMemory([child.pid ?? 0]);
  const taken = (after.bytes - before.bytes) / megabyte;
  expect(taken).toBeGreaterThan(95);
  expect(taken).toBeLessThan(115);
  expect(after.processes.map(({ command }) => command)).toContain("sleep 60");
  const withoutSleep = await measureMemory([child.pid ?? 0], /^sleep/);
  expect(withoutSleep.processes.map(({ pid }) => pid)).toEqual([child.pid]);
});

test("pages that processes share count once", async () => {
  const pids = [(await startHungry()).pid ?? 0, (await startHungry()).pid ?? 0];
  const { bytes } = await measureMemory(pids, /^sleep/);
  const resident = pids.reduce((sum, pid) => {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return sum + Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) * 1_024;
  }, 0);
  // Node's own program, of which each has some 40 MB in memory.
  expect((resident - bytes) / megabyte).toBeGreaterThan(20);
});
