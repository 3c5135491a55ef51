import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Browser } from "playwright-core";

import { drawPoster } from "../local/demo-data/draw-poster.ts";
import { deskScreens, openBrowser, openTab } from "./browser.ts";
import type { Screen, Tab } from "./browser.ts";
import { createEdge } from "./edge.ts";
import type { Edge } from "./edge.ts";
import { findPageFaults } from "./find-page-faults.ts";
import { keepPicture } from "./keep-picture.ts";
import { plantOrganisation, putPlainCatalogue } from "./plant-organisation.ts";

let edge: Edge;
let browser: Browser;
let home: string;

beforeAll(async () => {
  edge = await createEdge();
  home = await edge.listen();
  browser = await openBrowser();
}, 180_000);
afterAll(async () => {
  await browser.close();
  await edge.close();
}, 30_000);

test.each(deskScreens)("an organiser can use the desk %s", async (name, screen) => {
  const { tab, desk, house } = await signIn(screen);
  await look(tab, `organisations ${name}`);
  await tab.goto(`${desk}/new/layouts`);
  await look(tab, `new layout ${name}`);
  await tab.fill("#key", "great-hall");
  const typed = await tab.inputValue("#more");
  await tab.fill("#more", typed.replace('"seats": 16', '"seats": 0'));
  await tab.click("#look");
  expect(await words(tab)).toContain("sections[0].rows[0].seats");
  await look(tab, `layout problems ${name}`);

  await putPlainCatalogue(edge, house);
  await tab.goto(`${desk}/titles/tide`);
  const buffer = drawPoster({ name: "The Tide Clerk", genre: "drama" });
  await tab.setInputFiles("#poster", { name: "tide.png", mimeType: "image/png", buffer });
  await tab.click("#upload-poster");
  await tab.waitForURL("**?saved");
  expect(await tab.evaluate("document.querySelector('.poster img').naturalWidth")).toBe(200);
  for (const page of [
    ...["", "/layouts/hall", "/venues/playhouse", "/titles/tide", "/series/evenings"],
    ...["/members", "/gates", "/actions", "/new/series"],
  ]) {
    await tab.goto(`${desk}${page}`);
    await look(tab, `desk${page.replaceAll("/", " ")} ${name}`);
  }
  await tab.goto(`${desk}/series/evenings`);
  await tab.fill("#dates", "2083-03-26 to 2083-03-29");
  await tab.click("#look");
  expect(await words(tab)).toContain("4 shows, 4 of them new");
  await look(tab, `series look ${name}`);
  await tab.click("#save");
  expect(await words(tab)).toContain("Still on sale, and no longer in the series");
  await look(tab, `series left ${name}`);
});

test("by keyboard alone: every field of a title is reached in its order, and Enter saves", async () => {
  const { tab, desk, house } = await signIn({});
  await putPlainCatalogue(edge, house);
  await tab.goto(`${desk}/titles/tide`);
  await tab.focus("nav a:last-child");
  const reached: string[] = [];
  for (let pressed = 0; pressed < 12; pressed += 1) {
    await tab.keyboard.press("Tab");
    reached.push(await tab.evaluate("document.activeElement.id"));
  }
  expect(reached).toEqual([
    ...["name", "kind", "genre", "language", "durationMinutes", "people", "synopsis"],
    ...["ageRating", "", "look", "save", "delete"],
  ]);
  await tab.fill("#genre", "sea drama");
  await tab.focus("#save");
  expect(await tab.evaluate("getComputedStyle(document.activeElement).outlineStyle")).not.toBe(
    "none",
  );
  await tab.keyboard.press("Enter");
  await tab.waitForURL("**?saved");
  expect(await words(tab)).toContain("It is saved.");
});
/** An owner's browser, at their organisations. */
async function signIn(screen: Screen) {
  const house = await plantOrganisation(edge);
  const name = "Northgate Playhouse";
  await edge.send("PUT", house.at, { ...house.owner, json: { name } });
  const tab = await openTab(browser, screen);
  await tab.goto(`${home}/desk/organisations`);
  const token = house.owner.headers.authorization.slice("Bearer ".length);
  await tab.fill("#token", token);
  await tab.click("main button");
  return { tab, house, desk: `${home}/desk/organisations/${house.id}` };
}

async function look(tab: Tab, name: string): Promise<void> {
  const faults = await findPageFaults(tab);
  await keepPicture(tab, name);
  expect(faults).toEqual([]);
}

async function words(tab: Tab): Promise<string> {
  return tab.innerText("body");
}
