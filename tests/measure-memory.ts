import { readdir, readFile } from "node:fs/promises";

/** `own` is a process's fair share; `shared` what could not be shared out, because nobody would say with whom. */
export type Measured = { pid: number; command: string; ownBytes: number; sharedBytes: number };

/**
 * The memory that these processes and everything below them really take (Linux): the sum of their proportional set sizes, in
 * which a page that n processes share counts as 1/n for each. A process whose command line matches `except` is left out, with
 * everything below it.
 */
export async function measureMemory(
  rootPids: readonly number[],
  except?: RegExp,
): Promise<{ bytes: number; processes: Measured[] }> {
  const wanted = treeOf(await listProcesses(), rootPids, except);
  const processes = await Promise.all(wanted.map(measure));
  const ownBytes = processes.reduce((sum, one) => sum + one.ownBytes, 0);
  const sharedBytes = Math.max(0, ...processes.map((one) => one.sharedBytes));
  return { bytes: ownBytes + sharedBytes, processes };
}

type Process = { pid: number; parent: number; command: string };

async function listProcesses(): Promise<Process[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const processes = await Promise.all(
    pids.map(async (pid) => {
      const [stat, command] = await Promise.all([
        readFile(`/proc/${pid}/stat`, "utf8").catch(() => ""),
        readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => ""),
      ]);
      // The program's name, in brackets, may itself hold blanks and brackets.
      const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
      return { pid: Number(pid), parent, command: command.replaceAll("\0", " ").trim() };
    }),
  );
  return processes.filter(({ parent }) => Number.isInteger(parent));
}

function treeOf(all: Process[], rootPids: readonly number[], except?: RegExp): Process[] {
  const candidates = all.filter(({ command }) => except?.test(command) !== true);
  const tree = candidates.filter(({ pid }) => rootPids.includes(pid));
  for (const { pid } of tree) tree.push(...candidates.filter(({ parent }) => parent === pid));
  return tree;
}

async function measure({ pid, command }: Process): Promise<Measured> {
  try {
    const rollup = await readFile(`/proc/${pid}/smaps_rollup`, "utf8");
    return { pid, command, ownBytes: bytesOf(rollup, "Pss"), sharedBytes: 0 };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const isForbidden = code === "EACCES" || code === "EPERM";
    // What everybody may know. As root in a container we run servers as another user, whose memory we may not look into.
    const status = isForbidden ? await readFile(`/proc/${pid}/status`, "utf8").catch(() => "") : "";
    const ownBytes = bytesOf(status, "RssAnon") + bytesOf(status, "RssFile");
    // PostgreSQL's one shared block stands in the sizes of all its processes.
    return { pid, command, ownBytes, sharedBytes: bytesOf(status, "RssShmem") };
  }
}

/** 0 when the process has just ended. */
function bytesOf(text: string, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(text)?.[1] ?? 0) * 1_024;
}
