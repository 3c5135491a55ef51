import { link, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { startTime } from "./supervise/start-time.ts";

/**
 * Makes this process the only one that works in the folder, until it ends or calls what it is given. A lock whose process is
 * gone counts for nothing.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const lock = join(folder, "lock");
  const mine = join(folder, `lock-${process.pid}`);
  await writeFile(mine, `${process.pid} ${(await startTime(process.pid)) ?? ""}`);
  try {
    // A link appears with its content, and only if there is none: of two at once, one fails.
    while (!(await tryLink(mine, lock))) {
      const [pid = "", startedAt] = (await readFile(lock, "utf8").catch(() => "")).split(" ");
      if (pid !== "" && (await startTime(Number(pid))) === startedAt) {
        throw new Error(`Marquee is running here already, as process ${pid}.`);
      }
      await rm(lock, { force: true });
    }
  } finally {
    await rm(mine);
  }
  return () => rm(lock, { force: true });
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return false;
  }
}
