import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, matchesGlob, relative } from "node:path";
import { pathToFileURL } from "node:url";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { loadStorefront } from "../api/http/storefront/load-storefront.ts";
import { run } from "../local/provision/run.ts";

// Nobody builds the image here. What its file says is held against the tree, and what it runs of ours is run in a folder that has
// nothing but what the image is given.

const root = join(import.meta.dirname, "..");
const steps: Step[] = [...(await text("deploy/Dockerfile")).matchAll(/^([A-Z]+) (.+)$/gm)].map(
  ([, word = "", rest = ""]) => ({ word, rest }),
);
const ignored = (await text(".dockerignore")).trim().split("\n");
let image: string;

type Step = { word: string; rest: string };

beforeAll(async () => {
  image = await mkdtemp(join(tmpdir(), "marquee-image-"));
  await cp(root, image, { recursive: true, filter: (path) => !isIgnored(relative(root, path)) });
  const [install = ""] = stepsOf("RUN").filter((command) => command.startsWith("npm ci"));
  await installPackages(install);
}, 60_000);
afterAll(() => rm(image, { recursive: true, force: true }));

test("what the image is made of is there, and is not kept from it", () => {
  const wanted = stepsOf("COPY").flatMap((rest) => rest.split(" ").slice(0, -1));
  expect(wanted).toEqual(["package.json", "package-lock.json", ".npmrc", "."]);
  expect(wanted.filter((file) => !existsSync(join(image, file)))).toEqual([]);
  expect(existsSync(join(image, "web/storefront/dist"))).toBe(false);
});

test("it builds the shop's pages as they are, and the API finds them", async () => {
  const built = stepsOf("RUN").flatMap((command) => /^node (\S+)$/.exec(command)?.[1] ?? []);
  expect(built).toEqual(["local/build-storefront.ts"]);
  for (const file of built) await runInImage(join(image, file));
  const faults: unknown[] = [];
  const logger = { error: (...said: unknown[]) => void faults.push(said) };
  const folder = pathToFileURL(join(image, "web/storefront/dist/"));
  const storefront = await loadStorefront(logger, folder);
  expect(faults).toEqual([]);
  const entry = storefront?.files.entry.split("/").at(-1) ?? "";
  expect(existsSync(join(image, "web/storefront/dist/client", entry))).toBe(true);
}, 60_000);

test("its workers can compile their workflows, which they bundle when they start", async () => {
  // Webpack would look for the compiler where the links lead: so it is asked for itself.
  const compile = `import { transformSync } from "@swc/core";
    transformSync("const a: number = 1", { jsc: { parser: { syntax: "typescript" } } });`;
  await expect(runInImage("--input-type=module", "--eval", compile)).resolves.toBeUndefined();
}, 60_000);

test("what it starts with is there, and it has no other Node than its own", async () => {
  const started = stepsOf("CMD").map((rest) => JSON.parse(rest) as string[]);
  expect(started).toEqual([["node", "api/main.ts"]]);
  expect(existsSync(join(image, "api/main.ts"))).toBe(true);
  const packages = await readdir(join(image, "node_modules"));
  expect(packages.filter((name) => name.startsWith("node-linux"))).toEqual([]);
});

function stepsOf(word: string): string[] {
  return steps.filter((step) => step.word === word).map(({ rest }) => rest);
}

function isIgnored(path: string): boolean {
  return ignored.some((pattern) => matchesGlob(path, pattern));
}

/** What `npm ci` would install by this command, without what is removed behind it: links to what is here. */
async function installPackages(command: string): Promise<void> {
  const lock = JSON.parse(await text("package-lock.json")) as {
    packages: Record<string, Record<string, unknown>>;
  };
  const omitted = [...command.matchAll(/--omit=(\w+)/g)].map(([, kind = ""]) => kind);
  const removed = [...command.matchAll(/ (node_modules\/\S+)/g)].map(([, pattern = ""]) => pattern);
  const installed = Object.entries(lock.packages)
    .filter(([path, entry]) => path !== "" && !omitted.some((kind) => entry[kind] === true))
    .map(([path]) => path)
    .filter((path) => path.lastIndexOf("node_modules/") === 0 && existsSync(join(root, path)))
    .filter((path) => !removed.some((pattern) => matchesGlob(path, pattern)));
  for (const path of installed) {
    await mkdir(dirname(join(image, path)), { recursive: true });
    await symlink(join(root, path), join(image, path));
  }
}

/** Packages are looked for where the links are, not where they lead. */
async function runInImage(...args: string[]): Promise<void> {
  await run(process.execPath, ["--preserve-symlinks", "--preserve-symlinks-main", ...args], {
    cwd: image,
  });
}

function text(file: string): Promise<string> {
  return readFile(join(root, file), "utf8");
}
