import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { Tab } from "./browser.ts";

const folder = process.env["PICTURES"];

/** With PICTURES=folder: what a test has seen, to be looked at. */
export async function keepPicture(tab: Tab, name: string): Promise<void> {
  if (folder === undefined) return;
  const path = join(folder, `${name.replaceAll(/\W+/g, "-")}.png`);
  await writeFile(path, await tab.screenshot({ fullPage: true }));
}
