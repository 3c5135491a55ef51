import { mkdir, rm } from "node:fs/promises";

import { lockFolder } from "./lock-folder.ts";
import { dataFolder, paths } from "./paths.ts";

/** `npm run reset`: empties every store, so that the next `npm start` begins with new demo data. */
async function main(): Promise<void> {
  await mkdir(paths.state, { recursive: true });
  const unlock = await lockFolder(paths.state);
  await rm(dataFolder(), { recursive: true, force: true });
  await unlock();
  process.stdout.write(`Emptied ${dataFolder()}\n`);
}

await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
