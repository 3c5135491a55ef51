import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { Tab } from "./browser.ts";
import { shrinkPng } from "./shrink-png.ts";

const folder = process.env["PICTURES"];

/** With PICTURES=folder: what a test has seen, to be looked at. `screens`: how far down a long page is shown. */
export async function keepPicture(tab: Tab, name: string, screens?: number): Promise<void> {
  if (folder !== undefined) await writePicture(name, await takeAtRest(tab, screens));
}

export const keepsPictures = folder !== undefined;

export async function writePicture(name: string, png: Buffer): Promise<void> {
  const path = join(folder ?? "", `${name.replaceAll(/\W+/g, "-")}.png`);
  await writeFile(path, shrinkPng(png));
}

/** Pictures that are loaded late, and a map that is painted again, are there when nothing changes any more. */
export async function takeAtRest(tab: Tab, screens = Number.POSITIVE_INFINITY): Promise<Buffer> {
  let last = await take(tab, screens);
  // What a camera sees never rests, and a moment later there is something else in front of it.
  const triesMax = (await tab.locator("video").count()) > 0 ? 0 : 3;
  for (let again = 0; again < triesMax; again += 1) {
    const next = await take(tab, screens);
    if (next.equals(last)) break;
    last = next;
  }
  return last;
}

async function take(tab: Tab, screens: number): Promise<Buffer> {
  const { width = 0, height = 0 } = tab.viewportSize() ?? {};
  const whole = await tab.evaluate<number>("document.documentElement.scrollHeight");
  const clip = { x: 0, y: 0, width, height: Math.min(whole, height * screens) };
  return tab.screenshot({ fullPage: true, clip });
}
