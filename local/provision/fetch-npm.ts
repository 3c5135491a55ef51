import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";

import { paths } from "../paths.ts";
import { run, withRetries } from "./run.ts";
import { withProgress } from "./with-progress.ts";

/** A package of npm as the lock file names it: one that is too large for everybody's node_modules. */
export type LockedPackage = { package: string; megabytes: number; integrity: string };

/** Unpacks a package into a folder, if it is what the lock file says. What it depends on is not fetched. */
export async function fetchNpm(
  locked: LockedPackage,
  folder: string,
  report: (line: string) => void,
): Promise<void> {
  const what = locked.package;
  await withProgress({ ...locked, what, folder, report }, () =>
    withRetries(() =>
      run(
        "npm",
        ["pack", what, "--silent", "--cache", join(folder, "cache"), "--pack-destination", folder],
        {
          cwd: paths.checkout,
        },
      ),
    ),
  );
  const archive = (await readdir(folder)).find((file) => file.endsWith(".tgz"));
  if (archive === undefined) throw new Error(`npm brought no archive of ${what}`);
  await checkIntegrity(locked, join(folder, archive));
  await run("tar", ["-xzf", join(folder, archive), "--strip-components=1", "-C", folder]);
  for (const left of [archive, "cache"]) await rm(join(folder, left), { recursive: true });
}

/** npm holds what it has cached against its own index, and not against a lock file of ours. */
async function checkIntegrity(locked: LockedPackage, archive: string): Promise<void> {
  const hash = createHash("sha512");
  await pipeline(createReadStream(archive), hash);
  if (`sha512-${hash.digest("base64")}` !== locked.integrity) {
    throw new Error(`${locked.package} is not what the lock file says: its SHA-512 differs`);
  }
}
