import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { findChromium } from "./chromium.ts";
import { keepWhole } from "./fetch-maven.ts";
import { fetchNpm } from "./fetch-npm.ts";
import { fetchWheel } from "./fetch-wheel.ts";
import type { LockedWheel } from "./fetch-wheel.ts";
import { makeOnce } from "./make-once.ts";
import { run } from "./run.ts";
import { withProgress } from "./with-progress.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "marquee-provision-"));
});
afterEach(() => rm(folder, { recursive: true }));

const sha256 = (content: string | Buffer) => createHash("sha256").update(content).digest("hex");

test("an interrupted download is not mistaken for a whole one", async () => {
  const wanted = join(folder, "server-1.0");
  const interrupted = makeOnce(wanted, async (unfinished) => {
    await writeFile(join(unfinished, "half"), "");
    throw new Error("the network went away");
  });
  await expect(interrupted).rejects.toThrow("the network went away");
  expect(await readdir(folder)).toEqual([]);

  await makeOnce(wanted, (unfinished) => writeFile(join(unfinished, "whole"), ""));
  expect(await readdir(wanted)).toEqual(["whole"]);
});

test("a program that is not on this machine is named, and the network is not blamed for it", async () => {
  const fetched = { what: "valkey", megabytes: 2, folder, report: () => undefined };
  const withoutPython = withProgress(fetched, () => run("no-such-python", []));
  await expect(withoutPython).rejects.toThrow(
    /^valkey could not be fetched. no-such-python was not found on this machine$/,
  );
  const withoutNetwork = withProgress(fetched, () => run("false", []));
  await expect(withoutNetwork).rejects.toThrow("Is the network there?");
});

test("two that make the same folder at once leave one whole folder", async () => {
  const wanted = join(folder, "server-1.0");
  // What another process would do: it made the folder while this one was still at it.
  await makeOnce(wanted, async (unfinished) => {
    await mkdir(wanted);
    await writeFile(join(wanted, "whole"), "theirs");
    await writeFile(join(unfinished, "whole"), "ours");
  });
  expect(await readFile(join(wanted, "whole"), "utf8")).toBe("theirs");
  expect(await readdir(folder)).toEqual(["server-1.0"]);
});

test("a jar that differs from the lock file is refused; those that came right stay", async () => {
  const unfinished = join(folder, "unfinished");
  const cache = join(folder, "cache");
  await mkdir(unfinished);
  await mkdir(cache);
  await writeFile(join(unfinished, "good.jar"), "good");
  await writeFile(join(unfinished, "bad.jar"), "something else");
  const artifacts = ["good", "bad"].map((name) => ({
    artifact: `example:${name}:1.0`,
    file: `${name}.jar`,
    sha256: sha256(name),
  }));
  await expect(keepWhole(artifacts, unfinished, cache)).rejects.toThrow("example:bad:1.0");
  expect(await readdir(cache)).toEqual(["good.jar"]);
});

test("a wheel that differs from the lock file is refused", async () => {
  // pip reads these as it would read its own settings: a folder in place of its index.
  const index = await makeWheel();
  Object.assign(process.env, { PIP_NO_INDEX: "1", PIP_FIND_LINKS: index });
  const wheel: LockedWheel = {
    requirement: "example==1.0",
    megabytes: 1,
    executables: ["bin/server"],
    sha256: [sha256("another wheel")],
  };
  await expect(fetchWheel(wheel, () => undefined, folder)).rejects.toThrow(
    /DO NOT MATCH THE HASHES/,
  );
  expect(await readdir(folder)).not.toContain("example-1.0");

  const right = sha256(await readFile(join(index, "example-1.0-py3-none-any.whl")));
  const server = await fetchWheel({ ...wheel, sha256: [right] }, () => undefined, folder);
  await run(server, []);
}, 60_000);

test("a package of npm that differs from the lock file is refused, and the right one is unpacked", async () => {
  const source = join(folder, "source");
  await mkdir(source);
  await writeFile(join(source, "package.json"), '{ "name": "example", "version": "1.0.0" }');
  await writeFile(join(source, "program"), "whole");
  await run("npm", ["pack", source, "--silent", "--pack-destination", folder]);
  const archive = await readFile(join(folder, "example-1.0.0.tgz"));
  const right = createHash("sha512").update(archive).digest("base64");
  const wrong = createHash("sha512").update("another").digest("base64");
  const fetchInto = async (name: string, hash: string) => {
    await mkdir(join(folder, name));
    const locked = { package: source, megabytes: 1, integrity: `sha512-${hash}` };
    await fetchNpm(locked, join(folder, name), () => undefined);
  };
  await expect(fetchInto("wrong", wrong)).rejects.toThrow(/its SHA-512 differs/);
  expect(await readdir(join(folder, "wrong"))).not.toContain("program");
  await fetchInto("right", right);
  expect(await readFile(join(folder, "right/program"), "utf8")).toBe("whole");
  expect((await readdir(join(folder, "right"))).toSorted()).toEqual(["package.json", "program"]);
}, 60_000);

test("where no browser can be had, a sentence says what to do", async () => {
  const named = process.env["CHROMIUM"];
  try {
    process.env["CHROMIUM"] = "/no/such/chromium";
    const say = () => undefined;
    await expect(findChromium(say)).rejects.toThrow(
      "CHROMIUM names /no/such/chromium, which is not there",
    );
    process.env["CHROMIUM"] = process.execPath;
    expect(await findChromium(say)).toEqual({ executablePath: process.execPath, env: {} });
    delete process.env["CHROMIUM"];
    await expect(findChromium(say, "darwin-arm64")).rejects.toThrow(
      "There is no packaged Chromium for darwin-arm64. Say where yours is: CHROMIUM=/path/to/chromium npm test",
    );
  } finally {
    if (named === undefined) delete process.env["CHROMIUM"];
    else process.env["CHROMIUM"] = named;
  }
});

async function makeWheel(): Promise<string> {
  const index = join(folder, "index");
  await mkdir(index);
  await run("python3", ["-c", makeExample, join(index, "example-1.0-py3-none-any.whl")]);
  return index;
}

const makeExample = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as wheel:
    wheel.writestr("example/bin/server", "#!/bin/sh\\n")
    wheel.writestr("example-1.0.dist-info/METADATA", "Metadata-Version: 2.1\\nName: example\\nVersion: 1.0\\n")
    wheel.writestr("example-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    wheel.writestr("example-1.0.dist-info/RECORD", "")
`;
