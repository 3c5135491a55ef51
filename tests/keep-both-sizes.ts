import type { Tab } from "./browser.ts";
import { keepsPictures, takeAtRest, writePicture } from "./keep-picture.ts";

const sizes = { desktop: { width: 1_280, height: 900 }, phone: { width: 390, height: 844 } };

/**
 * With PICTURES=folder: a page as it is now, on a desk and on a phone, so many screens of it. Its tab has the size of before
 * afterwards.
 */
export async function keepBothSizes(tab: Tab, name: string, screens = 3): Promise<void> {
  const before = tab.viewportSize();
  if (!keepsPictures || before === null) return;
  const taken: [string, Buffer][] = [];
  for (const [where, size] of Object.entries(sizes)) {
    await tab.setViewportSize(size);
    taken.push([where, await takeAtRest(tab, screens)]);
  }
  await tab.setViewportSize(before);
  // Only now: it takes a second, in which a page may go on.
  for (const [where, png] of taken) await writePicture(`${name}-${where}`, png);
}
