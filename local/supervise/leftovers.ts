import { appendFile, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { startTime } from "./start-time.ts";

const endMsMax = 8_000;

/**
 * A supervisor that is killed leaves its processes behind. Each is written down with its start time, so that the next one ends
 * exactly those, and never a stranger who has been given the same number since.
 */
export async function rememberProcess(
  folder: string,
  pid: number,
  stopSignal: NodeJS.Signals,
): Promise<void> {
  await appendFile(listIn(folder), `${pid} ${(await startTime(pid)) ?? "gone"} ${stopSignal}\n`);
}

/** Ends what an earlier supervisor of this folder has left, politely first. Answers with how many there were. */
export async function endLeftovers(folder: string): Promise<number> {
  const text = await readFile(listIn(folder), "utf8").catch(() => "");
  const ended = await Promise.all(
    text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => {
        const [pid = "", startedAt = "", stopSignal = ""] = line.split(" ");
        return endOne(Number(pid), startedAt, stopSignal as NodeJS.Signals);
      }),
  );
  await forgetLeftovers(folder);
  return ended.filter(Boolean).length;
}

export async function forgetLeftovers(folder: string): Promise<void> {
  await rm(listIn(folder), { force: true });
}

async function endOne(pid: number, startedAt: string, signal: NodeJS.Signals): Promise<boolean> {
  const lives = async () => (await startTime(pid)) === startedAt;
  if (!(await lives())) return false;
  process.kill(pid, signal);
  for (const giveUpAt = Date.now() + endMsMax; Date.now() < giveUpAt; await delay(50)) {
    if (!(await lives())) return true;
  }
  // Its whole group: each was started as the leader of one.
  process.kill(-pid, "SIGKILL");
  return true;
}

function listIn(folder: string): string {
  return join(folder, "processes");
}
