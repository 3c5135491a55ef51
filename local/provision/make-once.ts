import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** What this process is making: Kafka and Elasticsearch ask for the same Java at the same moment. */
const making = new Map<string, Promise<string>>();

/**
 * Makes a folder once and for ever: `make` fills a folder of its own, which takes the name only when it is complete. An
 * interrupted one is never mistaken for a whole one, and of two processes that make it at once the first wins.
 */
export async function makeOnce(
  folder: string,
  make: (unfinished: string) => Promise<void>,
): Promise<string> {
  if (existsSync(folder)) return folder;
  const made = making.get(folder) ?? makeNow(folder, make);
  making.set(folder, made);
  return made.finally(() => making.delete(folder));
}

async function makeNow(
  folder: string,
  make: (unfinished: string) => Promise<void>,
): Promise<string> {
  await inUnfinishedFolder(dirname(folder), basename(folder), async (unfinished) => {
    await make(unfinished);
    await rename(unfinished, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
  });
  return folder;
}

/** A folder for what is not whole yet, on the same disk as `parent`, so that what is whole can be renamed into place. */
export async function inUnfinishedFolder(
  parent: string,
  name: string,
  work: (unfinished: string) => Promise<void>,
): Promise<void> {
  await mkdir(parent, { recursive: true, mode: 0o755 });
  await removeAbandoned(parent);
  const unfinished = await mkdtemp(join(parent, `${prefix}${name}-`));
  try {
    await work(unfinished);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

const prefix = ".unfinished-";
/** Longer than any download: what is older was left by a process that was killed. */
const abandonedAfterMs = 24 * 3_600_000;

async function removeAbandoned(parent: string): Promise<void> {
  for (const entry of await readdir(parent)) {
    if (!entry.startsWith(prefix)) continue;
    const found = await stat(join(parent, entry)).catch(() => undefined);
    if (found === undefined || found.mtimeMs > Date.now() - abandonedAfterMs) continue;
    await rm(join(parent, entry), { recursive: true, force: true });
  }
}
