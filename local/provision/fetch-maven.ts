import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";

import { paths } from "../paths.ts";
import lock from "./artifacts.lock.json" with { type: "json" };
import { inUnfinishedFolder, makeOnce } from "./make-once.ts";
import { run, withRetries } from "./run.ts";
import { withProgress } from "./with-progress.ts";

/** A Maven artifact as the lock file names it. */
export type LockedArtifact = { artifact: string; file: string; sha256: string };

/**
 * Maven artifacts in the cache, checked against the lock file. Each file counts for itself: what a broken download had already
 * brought is not fetched again. Answers with the paths.
 */
export async function fetchMaven(
  what: string,
  { artifacts, megabytes }: { artifacts: LockedArtifact[]; megabytes: number },
  report: (line: string) => void,
): Promise<string[]> {
  const folder = join(paths.cache, "maven");
  const listMissing = () => artifacts.filter(({ file }) => !existsSync(join(folder, file)));
  if (listMissing().length > 0) {
    await inUnfinishedFolder(folder, "maven", (unfinished) =>
      withProgress({ what, megabytes, folder: unfinished, report }, () =>
        withRetries(() => fetchMissing(listMissing(), unfinished, folder)),
      ),
    );
  }
  return artifacts.map(({ file }) => join(folder, file));
}

async function fetchMissing(
  missing: LockedArtifact[],
  unfinished: string,
  folder: string,
): Promise<void> {
  const client = await mavenClient();
  try {
    await run("python3", [join(import.meta.dirname, "maven_fetch.py"), unfinished], {
      env: { PYTHONPATH: client },
      input: JSON.stringify(missing),
    });
  } finally {
    // When one has failed, the others have come, and stay.
    await keepWhole(missing, unfinished, folder);
  }
}

/** Moves what has come to where it belongs, unless it is something else than the lock file says. */
export async function keepWhole(
  artifacts: LockedArtifact[],
  unfinished: string,
  folder: string,
): Promise<void> {
  for (const { artifact, file, sha256 } of artifacts) {
    if (!existsSync(join(unfinished, file))) continue;
    const hash = createHash("sha256");
    await pipeline(createReadStream(join(unfinished, file)), hash);
    if (hash.digest("hex") !== sha256) {
      throw new Error(`${artifact} is not what the lock file says: its SHA-256 differs`);
    }
    await rename(join(unfinished, file), join(folder, file));
  }
}

/** The client that speaks to Maven repositories, with what it needs, apart from the machine's own Python packages. */
async function mavenClient(): Promise<string> {
  const [client = "", ...needs] = lock.mavenClient;
  return makeOnce(join(paths.cache, client.replace("==", "-")), (unfinished) =>
    run(
      "python3",
      [
        ...["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-cache-dir"],
        ...["--only-binary=:all:", "--target", unfinished, client, ...needs],
      ],
      // As an option, older versions of pip would refuse it.
      { env: { PIP_ROOT_USER_ACTION: "ignore" } },
    ),
  );
}
