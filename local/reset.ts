import { rm } from "node:fs/promises";

import { holdName } from "./hold-name.ts";
import { dataFolder, paths } from "./paths.ts";
import { endLeftovers } from "./supervise/leftovers.ts";

/** `npm run reset`: empties every store, so that the next `npm start` begins with new demo data. */
async function main(): Promise<void> {
  if (!(await holdName(paths.state))) throw new Error("Marquee is running. Stop it first.");
  // An `npm start` that was killed may have left servers that still write.
  for (const folder of [paths.house, paths.servers]) await endLeftovers(folder);
  await rm(dataFolder(), { recursive: true, force: true });
  process.stdout.write(`Emptied ${dataFolder()}\n`);
}

await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
