import axe from "axe-core";
import type { Page } from "playwright-core";

import type { Tab } from "./browser.ts";

/**
 * What keeps somebody from using a page: whatever axe finds, and what it does not look at: something that is wider than the screen,
 * a bar without a name, an id that is there twice, and whatever comes from another host. None of it: [].
 */
export async function findPageFaults(tab: Tab): Promise<string[]> {
  const { origin } = new URL(tab.url());
  // A phone's window grows with what is too wide for it: what counts is its screen.
  const { width = 0 } = tab.viewportSize() ?? {};
  const foreign = tab.asked.filter((url) => !/^(data|blob):/.test(url) && !url.startsWith(origin));
  const seen = await tab.still(async (page) => [
    ...(await findWithAxe(page)),
    ...(await page.evaluate<string[]>(`(${String(findOwnFaults)})(${width})`)),
  ]);
  return [...seen, ...foreign.map((url) => `asked ${url}`)];
}

/** Its rules for WCAG 2.2 A and AA and its best practices, and not only what it calls serious. */
async function findWithAxe(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const options = { rules: { "target-size": { enabled: true } }, resultTypes: ["violations"] };
  const { violations } = await page.evaluate<axe.AxeResults>(
    `axe.run(document, ${JSON.stringify(options)})`,
  );
  return violations.flatMap(({ id, impact, nodes }) =>
    nodes.map(({ html }) => `${impact} ${id}: ${html.slice(0, 200)}`),
  );
}

/** Runs in the page. */
function findOwnFaults(screenWidth: number): string[] {
  // oxlint-disable typescript/no-explicit-any -- this is a browser's world, which the tests' types do not know
  const { document } = globalThis as any;
  const all: any[] = [...document.body.querySelectorAll("*")];
  const nameOf = (element: any) =>
    `${element.localName}#${element.id} "${element.textContent.trim().slice(0, 30)}"`;
  const wide = all.filter((element) => {
    const { right, width } = element.getBoundingClientRect();
    const isCut = element.closest(".scrolls, .unseen") !== null;
    return width > 0 && right > screenWidth + 1 && !isCut;
  });
  const nameless = all.filter(
    (element) => element.matches("progress") && !element.hasAttribute("aria-label"),
  );
  const ids = all.map(({ id }) => id).filter((id) => id !== "");
  return [
    ...wide.map((element) => `too wide: ${nameOf(element)}`),
    ...nameless.map((element) => `without a name: ${nameOf(element)}`),
    ...ids.filter((id, index) => ids.indexOf(id) < index).map((id) => `there twice: #${id}`),
  ];
}
