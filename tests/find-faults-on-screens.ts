import type { Browser, Page } from "playwright-core";

import { openTab } from "./browser.ts";
import type { Screen } from "./browser.ts";
import { findPageFaults } from "./find-page-faults.ts";
import { keepBothSizes } from "./keep-both-sizes.ts";
import { keepPicture } from "./keep-picture.ts";

/** What people read pages on. */
const screens: [string, Screen][] = [
  ["on a small phone", { width: 320, height: 640 }],
  ["on a small phone, in the dark", { width: 320, height: 640, dark: true }],
  ["on a desk", { width: 1_100 }],
  ["twice as large, in the dark", { width: 640, height: 640, zoom: 2, dark: true }],
  ["without its script", { width: 390, withoutScript: true }],
];

/** Of a page that says `words`: what keeps somebody from using it on any screen, or by keyboard. */
export async function findFaultsOnScreens(
  browser: Browser,
  page: { name: string; url: string; words: string; cookies?: Record<string, string> },
): Promise<string[]> {
  const { name, url, words, cookies = {} } = page;
  const found = await Promise.all(
    screens.map(async ([where, screen]) => {
      const tab = await openTab(browser, screen);
      const kept = Object.entries(cookies).map(([cookie, value]) => ({ name: cookie, value, url }));
      await tab.context().addCookies(kept);
      await tab.goto(url);
      const faults = await tab.still(async (still) => {
        await still.evaluate(
          "for (const one of document.querySelectorAll('details')) one.open = true",
        );
        await keepPicture(still, `${name} ${where}`);
        if (where === "on a desk") await keepBothSizes(still, name);
        return [
          ...((await still.innerText("body")).includes(words) ? [] : [`does not say "${words}"`]),
          ...(await findPageFaults(still)),
          ...(await findKeyboardFaults(still)),
        ];
      });
      await tab.context().close();
      return faults.map((fault) => `${where}: ${fault}`);
    }),
  );
  return found.flat();
}

/** Tab leads through everything that can be used, in the order in which it is read, and shows where one is. */
async function findKeyboardFaults(tab: Page): Promise<string[]> {
  const usable = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]";
  const controls: string[] = [];
  for (const control of await tab.locator(usable).all()) {
    if (await control.isVisible()) controls.push(await control.evaluate(nameOf));
  }
  const faults: string[] = [];
  let left = controls;
  // A date has a stop for each of its parts, and what scrolls has one: more than controls.
  for (let stop = 0; stop < controls.length * 5 + 5 && left.length > 0; stop += 1) {
    await tab.keyboard.press("Tab");
    const focused = tab.locator(":focus");
    if ((await focused.count()) === 0 || (await focused.evaluate(nameOf)) !== left[0]) continue;
    if (!(await focused.evaluate(isMarked))) faults.push(`focus is not seen on ${left[0]}`);
    left = left.slice(1);
  }
  return [...faults, ...left.map((control) => `Tab does not lead to ${control} in its place`)];
}

// oxlint-disable typescript/no-explicit-any -- these run in a browser's world, which the tests' types do not know
const nameOf = (element: any): string =>
  `${element.localName}#${element.id} "${element.textContent.trim().slice(0, 30)}"`;

const isMarked = (element: any): boolean =>
  (globalThis as any).getComputedStyle(element).outlineStyle !== "none";
