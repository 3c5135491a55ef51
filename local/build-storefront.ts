import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { InlineConfig, Manifest } from "vite";

import type { ClientFiles } from "../web/storefront/page-data.ts";
import { paths } from "./paths.ts";

const sources = join(paths.checkout, "web/storefront");
const output = join(sources, "dist");
const publicPath = "/assets/storefront/";

/**
 * Builds the shop's pages into web/storefront/dist, if what they are built from has changed since: `client/`, which browsers load,
 * `server.js`, which draws pages, and `files.json`, which tells it how the client's files are called.
 */
export async function buildStorefront(report: (line: string) => void): Promise<void> {
  const hash = await hashSources();
  const known = join(output, "sources.sha256");
  if (existsSync(known) && (await readFile(known, "utf8")) === hash) return;
  // Only now: to load it takes longer than to look.
  const { build } = await import("vite");
  const startedAt = performance.now();
  // Beside the old one, which another process may be reading; then in its place.
  const fresh = join(sources, `dist-${process.pid}`);
  await mkdir(fresh, { recursive: true });
  try {
    await build(clientConfig(join(fresh, "client")));
    await build(serverConfig(fresh));
    const manifest = join(fresh, "client/.vite/manifest.json");
    const files = readFiles(JSON.parse(await readFile(manifest, "utf8")) as Manifest);
    await rm(join(fresh, "client/.vite"), { recursive: true });
    await writeFile(join(fresh, "files.json"), JSON.stringify(files, null, 2));
    await writeFile(join(fresh, "sources.sha256"), hash);
    await rm(output, { recursive: true, force: true });
    await rename(fresh, output);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  report(`the pages of the shop are built (${seconds} s)`);
}

/** Of everything that ends in the output: the pages, what they use of domain/, and the versions of all packages. */
async function hashSources(): Promise<string> {
  const hash = createHash("sha256");
  const files = [
    ...(await listFiles("web/storefront")),
    ...(await listFiles("domain")),
    ...["package-lock.json", "local/build-storefront.ts"],
  ];
  for (const file of files) hash.update(file).update(await readFile(join(paths.checkout, file)));
  return hash.digest("hex");
}

async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(join(paths.checkout, folder), {
    recursive: true,
    withFileTypes: true,
  });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(paths.checkout.length + 1))
    .filter((file) => !/storefront\/dist|[.]test[.]ts$/.test(file))
    .toSorted();
}

const common: InlineConfig = {
  root: sources,
  base: publicPath,
  configFile: false,
  envDir: false,
  publicDir: false,
  logLevel: "warn",
  mode: "production",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
};

function clientConfig(outDir: string): InlineConfig {
  return {
    ...common,
    build: {
      ...{
        outDir,
        assetsDir: "",
        manifest: true,
        target: "es2022",
        modulePreload: { polyfill: false },
      },
      // What is inlined would be refused by the policy of the pages.
      assetsInlineLimit: 0,
      rolldownOptions: { input: join(sources, "client.tsx") },
    },
  };
}

/** One file without imports: the API needs no package of the shop. */
function serverConfig(outDir: string): InlineConfig {
  return {
    ...common,
    ssr: { noExternal: true },
    build: {
      ...{ outDir, emptyOutDir: false, ssr: join(sources, "server.tsx"), target: "node24" },
      rolldownOptions: { output: { entryFileNames: "server.js", codeSplitting: false } },
    },
  };
}

function readFiles(manifest: Manifest): ClientFiles {
  const addresses = (files: string[] = []) => files.map((file) => publicPath + file);
  const entry = manifest["client.tsx"];
  if (entry === undefined) throw new Error("The build of the shop has no entry");
  const islands = Object.entries(manifest).flatMap(([source, { file, css, imports = [] }]) => {
    const [, name] = /^islands\/([^/]+)\/\1[.]tsx$/.exec(source) ?? [];
    if (name === undefined) return [];
    const shared = imports.flatMap((chunk) => manifest[chunk] ?? []);
    const scripts = addresses([file, ...shared.map((chunk) => chunk.file)]);
    const styles = addresses([...(css ?? []), ...shared.flatMap((chunk) => chunk.css ?? [])]);
    return [[name, { scripts, styles }] as const];
  });
  return {
    entry: publicPath + entry.file,
    styles: addresses(entry.css),
    islands: Object.fromEntries(islands),
  };
}

if (import.meta.main) await buildStorefront((line) => process.stdout.write(`${line}\n`));
