import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

import { chromiumPath, openBrowser } from "./browser.ts";
import type { Browser, Screen, Tab } from "./browser.ts";
import { createEdge } from "./edge.ts";
import type { Edge } from "./edge.ts";
import { findPageFaults } from "./find-page-faults.ts";
import { ownedBy, plainCatalogue } from "./plain-catalogue.ts";
import { plantOrganisation } from "./plant-organisation.ts";

// With CHROMIUM=/usr/bin/chromium. PICTURES=folder keeps what was seen.
const withBrowser = chromiumPath === undefined ? describe.skip : describe;
const pictures = process.env["PICTURES"];
let edge: Edge;
let browser: Browser;
let home: string;

withBrowser("in a real browser", () => {
  beforeAll(async () => {
    edge = await createEdge();
    home = await edge.listen();
    browser = await openBrowser();
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await edge.close();
  }, 30_000);

  test.each<[string, Screen]>([
    ["on a small phone", { width: 320, height: 640 }],
    ["on a desk", { width: 1_100 }],
    ["on a desk, in the dark", { width: 1_100, dark: true }],
    ["twice as large", { width: 640, height: 640, zoom: 2 }],
    ["without its script", { width: 390, withoutScript: true }],
  ])("an organiser can use the desk %s", async (name, screen) => {
    const { tab, desk, house } = await signIn(screen);
    await look(tab, `organisations ${name}`);
    await tab.goTo(`${desk}/new/layouts`);
    await look(tab, `new layout ${name}`);
    await tab.evaluate("document.querySelector('#key').value = 'great-hall'");
    await tab.evaluate(
      `document.querySelector("#more").value = document.querySelector("#more").value.replace('"seats": 16', '"seats": 0')`,
    );
    await tab.click("#look");
    expect(await words(tab)).toContain("sections[0].rows[0].seats");
    await look(tab, `layout problems ${name}`);

    const file = ownedBy(plainCatalogue(), house.key);
    await edge.send("PUT", `${house.at}/catalogue`, { ...house.owner, json: file });
    for (const page of [
      ...["", "/layouts/hall", "/venues/playhouse", "/titles/tide", "/series/evenings"],
      ...["/members", "/actions", "/new/series"],
    ]) {
      await tab.goTo(`${desk}${page}`);
      await look(tab, `desk${page.replaceAll("/", " ")} ${name}`);
    }
    await tab.goTo(`${desk}/series/evenings`);
    await tab.evaluate("document.querySelector('#dates').value = '2083-03-26 to 2083-03-29'");
    await tab.click("#look");
    expect(await words(tab)).toContain("4 shows, 4 of them new");
    await look(tab, `series look ${name}`);
    await tab.click("#save");
    expect(await words(tab)).toContain("Still on sale, and no longer in the series");
    await look(tab, `series left ${name}`);
  });

  test("by keyboard alone: every field of a title is reached in its order, and Enter saves", async () => {
    const { tab, desk, house } = await signIn({});
    const file = ownedBy(plainCatalogue(), house.key);
    await edge.send("PUT", `${house.at}/catalogue`, { ...house.owner, json: file });
    await tab.goTo(`${desk}/titles/tide`);
    await tab.evaluate("document.querySelector('nav').lastElementChild.focus()");
    const reached: string[] = [];
    for (let pressed = 0; pressed < 12; pressed += 1) {
      await tab.press("Tab");
      reached.push(await tab.evaluate("document.activeElement.id"));
    }
    expect(reached).toEqual([
      ...["name", "kind", "genre", "language", "durationMinutes", "people", "synopsis"],
      ...["ageRating", "", "look", "save", "delete"],
    ]);
    await tab.evaluate("document.querySelector('#genre').value = 'sea drama'");
    await tab.evaluate("document.querySelector('#save').focus()");
    expect(await tab.evaluate("getComputedStyle(document.activeElement).outlineStyle")).not.toBe(
      "none",
    );
  });
});

/** An owner's browser, at their organisations. */
async function signIn(screen: Screen) {
  const house = await plantOrganisation(edge);
  const name = "Northgate Playhouse";
  await edge.send("PUT", house.at, { ...house.owner, json: { name } });
  const tab = await browser.open(screen);
  await tab.goTo(`${home}/desk/organisations`);
  const token = house.owner.headers.authorization.slice("Bearer ".length);
  await tab.evaluate(`document.querySelector("#token").value = "${token}"`);
  await tab.click("main button");
  return { tab, house, desk: `${home}/desk/organisations/${house.id}` };
}

async function look(tab: Tab, name: string): Promise<void> {
  const faults = await findPageFaults(tab);
  if (pictures !== undefined) {
    await writeFile(join(pictures, `${name.replaceAll(/\W+/g, "-")}.png`), await tab.picture());
  }
  expect(faults).toEqual([]);
}

async function words(tab: Tab): Promise<string> {
  return tab.evaluate<string>("document.body.innerText");
}
