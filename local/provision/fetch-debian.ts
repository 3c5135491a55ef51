import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";

import { paths } from "../paths.ts";
import { makeOnce } from "./make-once.ts";
import { run, withRetries } from "./run.ts";
import { withProgress } from "./with-progress.ts";

/** Packages of Debian that are unpacked together, with what of their needs a plain Debian has not. */
export type DebianPackages = { name: string; megabytes: number; packages: string[] };

/**
 * Packages of this machine's own Debian, unpacked in the cache and not installed: any user may do it, and the machine stays as it
 * is. Answers with the folder that stands for `/`. What came is what apt's signed lists say, for this release of Debian: which
 * version that is, is Debian's to say, so no lock file names it. Throws where there is no apt-get.
 */
export async function fetchDebian(
  { name, megabytes, packages }: DebianPackages,
  report: (line: string) => void,
  cache = paths.cache,
): Promise<string> {
  const release = await debianRelease();
  return makeOnce(join(cache, `${name}-${release}`), async (unfinished) => {
    const work = join(unfinished, "apt");
    await withProgress(
      { what: `${name} of Debian ${release}`, megabytes, folder: work, report },
      () => withRetries(() => download(work, packages)),
    );
    for (const file of await readdir(work)) {
      if (file.endsWith(".deb")) await run("dpkg", ["-x", join(work, file), unfinished]);
    }
    await rm(work, { recursive: true });
    await run("chmod", ["-R", "a+rX", unfinished]);
  });
}

/** With lists of its own: the machine's may be missing, and are root's. */
async function download(work: string, packages: string[]): Promise<void> {
  await rm(work, { recursive: true, force: true });
  for (const folder of ["state/lists/partial", "cache/archives/partial"]) {
    await mkdir(join(work, folder), { recursive: true });
  }
  const apt = (...args: string[]) => run("apt-get", [...aptOptions(work), ...args], { cwd: work });
  await apt("update");
  await apt("download", ...packages);
}

function aptOptions(work: string): string[] {
  const options = {
    "Dir::State": join(work, "state"),
    "Dir::Cache": join(work, "cache"),
    // Nobody else uses this folder, and root's helper may not enter it.
    "Debug::NoLocking": "1",
    "APT::Sandbox::User": "root",
    // apt takes a list that could not be had for one that has not changed, unless it is told otherwise.
    "APT::Update::Error-Mode": "any",
  };
  return Object.entries(options).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
}

async function debianRelease(): Promise<string> {
  const text = await readFile("/etc/os-release", "utf8").catch(() => "");
  return /^VERSION_CODENAME=(\w+)$/m.exec(text)?.[1] ?? "unknown";
}
