import { existsSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { isRoot, paths } from "./paths.ts";
import { createPorts } from "./ports.ts";
import { findChromium } from "./provision/chromium.ts";
import { servers } from "./start-servers.ts";

/**
 * `node local/bootstrap.mjs fetch`: brings the servers' programs and the tests' browser into an empty cache, and starts none. For CI, where the
 * network is idle while the checks run. Whatever fails here is tried again, and reported, by who needs it.
 */
async function main(): Promise<void> {
  if (existsSync(paths.cache)) return;
  const dataFolder = await mkdtemp(join(isRoot() ? "/var/tmp" : tmpdir(), "marquee-fetch-"));
  // As root, some servers prepare their data as another user.
  await chmod(dataFolder, 0o755);
  const context = { dataFolder, port: createPorts("any"), report: say };
  const fetched = await Promise.allSettled([
    ...Object.values(servers).map(async (server) => (await server(context)).prepare()),
    findChromium(say),
  ]);
  for (const one of fetched) if (one.status === "rejected") say(String(one.reason));
  await rm(dataFolder, { recursive: true, force: true });
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

await main();
