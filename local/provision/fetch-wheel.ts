import { chmod, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { paths } from "../paths.ts";
import { makeOnce } from "./make-once.ts";
import { run, withRetries } from "./run.ts";
import { withProgress } from "./with-progress.ts";

/** A wheel as the lock file names it: one hash for each platform, and the ends of the paths of its programs. */
export type LockedWheel = {
  requirement: string;
  megabytes: number;
  executables: string[];
  sha256: string[];
};

/**
 * A server that comes as a Python wheel, unpacked in the cache. pip picks the wheel for this machine and refuses one whose
 * hash is not in the lock file. Answers with the path of its first executable.
 */
export async function fetchWheel(
  wheel: LockedWheel,
  report: (line: string) => void,
  cache = paths.cache,
): Promise<string> {
  const folder = await makeOnce(
    join(cache, wheel.requirement.replace("==", "-")),
    async (unfinished) => {
      const what = wheel.requirement.replace("==", " ");
      await withProgress({ ...wheel, what, folder: unfinished, report }, () =>
        withRetries(() => download(wheel, unfinished)),
      );
      const archive = (await readdir(unfinished)).find((file) => file.endsWith(".whl"));
      if (archive === undefined) throw new Error(`pip brought no wheel for ${what}`);
      await run("python3", ["-m", "zipfile", "-e", join(unfinished, archive), unfinished]);
      await rm(join(unfinished, archive));
      // Unpacking loses the modes; everything must be readable for the user that servers run as.
      await run("chmod", ["-R", "a+rX", unfinished]);
      for (const executable of wheel.executables) {
        await chmod(await findFile(unfinished, executable), 0o755);
      }
    },
  );
  return findFile(folder, wheel.executables[0] ?? "");
}

async function download(wheel: LockedWheel, folder: string): Promise<void> {
  const requirements = join(folder, "requirements.txt");
  const hashes = wheel.sha256.map((hash) => ` --hash=sha256:${hash}`).join("");
  await writeFile(requirements, `${wheel.requirement}${hashes}\n`);
  await run(
    "python3",
    [
      ...["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-cache-dir"],
      ...["--no-deps", "--only-binary=:all:", "--require-hashes"],
      ...["--dest", folder, "-r", requirements],
    ],
    // What has come so far is then where its progress is looked for.
    { env: { TMPDIR: folder } },
  );
}

/** The one file whose path ends so: wheels name some folders by platform and version. */
async function findFile(folder: string, ending: string): Promise<string> {
  const files = await readdir(folder, { recursive: true });
  const found = files.find((file) => `/${file}`.endsWith(`/${ending}`));
  if (found === undefined) throw new Error(`${folder} holds no ${ending}`);
  return join(folder, found);
}
