import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Browser } from "playwright-core";

import { showIds } from "../domain/ids.ts";
import { openBrowser, openTab } from "./browser.ts";
import type { Screen, Tab } from "./browser.ts";
import { createEdge } from "./edge.ts";
import type { Edge } from "./edge.ts";
import { eventually } from "./eventually.ts";
import { findPageFaults } from "./find-page-faults.ts";
import { plantLine } from "./plant-line.ts";
import { plantShow } from "./plant-show.ts";
import { startRedis } from "./redis-servers.ts";
import type { RedisServers } from "./redis-servers.ts";

// PICTURES=folder keeps what was seen.
const pictures = process.env["PICTURES"];
let edge: Edge;
let servers: RedisServers;
let browser: Browser;
let home: string;
const operatorId = randomUUID();

beforeAll(async () => {
  servers = await startRedis();
  edge = await createEdge({}, { redisUrl: servers.url });
  home = await edge.listen();
  browser = await openBrowser();
}, 180_000);
afterAll(async () => {
  await browser.close();
  await edge.close();
  await servers.close();
}, 30_000);

test.each<[string, Screen]>([
  ["on a small phone", { width: 320, height: 640 }],
  ["on a small phone, in the dark", { width: 320, height: 640, dark: true }],
  ["on a desk", { width: 1_100 }],
  ["on a desk, in the dark", { width: 1_100, dark: true }],
  ["twice as large", { width: 640, height: 640, zoom: 2 }],
  ["without its script", { width: 390, withoutScript: true }],
])("can be used %s, wherever somebody stands", async (name, screen) => {
  const show = await openLine({ opensMs: -60_000, drawMs: 600_000 });
  const tab = await openTab(browser, screen);
  await see(tab, show, `outside ${name}`);
  await tab.click("#act-join");
  await see(tab, show, `drawing ${name}`);
  await tab.evaluate("document.querySelector('details').open = true");
  expect(await findPageFaults(tab)).toEqual([]);

  const later = await openLine();
  await joinMany(later, 40);
  await eventually(async () => (await view(later))["served"] === 20);
  await tab.goto(at(later));
  await tab.click("#act-join");
  await see(tab, later, `waiting ${name}`);
  expect(await tab.evaluate("document.querySelector('dd').textContent.trim()")).toBe("41");
  await pause(later);
  await eventually(async () => (await view(later))["phase"] === "paused");
  await see(tab, later, `paused ${name}`);
  await say(later, `Doors are at seven.\nBring ${"a long word".repeat(9).replaceAll(" ", "")}`);
  await servers.clients[0]?.flushall();
  await eventually(async () => (await view(later))["phase"] === "recovering");
  await see(tab, later, `recovering ${name}`);
});

test.each<[string, Screen]>([
  ["on a small phone", { width: 320, height: 640 }],
  ["on a desk", { width: 1_100 }],
  ["on a desk, in the dark", { width: 1_100, dark: true }],
  ["twice as large", { width: 640, height: 640, zoom: 2 }],
  ["without its script", { width: 390, withoutScript: true }],
])("an operator can use the desk %s", async (name, screen) => {
  const show = await plantShow(edge.database.pool);
  const tab = await openTab(browser, screen);
  const desk = `${home}/desk/lines`;
  await tab.goto(desk);
  await look(tab, `sign-in ${name}`);
  const token = await edge.identity.issue({ sub: operatorId, roles: ["operator"] });
  await tab.evaluate(`document.querySelector("#token").value = "${token}"`);
  await tab.click("main button");
  await look(tab, `lines ${name}`);

  await tab.goto(`${desk}/${showIds.encode(show)}/change`);
  await look(tab, `open ${name}`);
  await tab.evaluate("document.querySelector('#guestsAllowed').checked = true");
  await tab.click("button");
  await joinMany(show, 40);
  await eventually(async () => (await view(show))["served"] === 20);
  await tab.goto(`${desk}/${showIds.encode(show)}`);
  await look(tab, `desk ${name}`);
  expect(await words(tab)).toContain("As many people are inside as there is room for");
  await tab.click("#pause");
  expect(await words(tab)).toContain("Go on");
  await tab.click("#change");
  await look(tab, `change ${name}`);
  await tab.goto(desk);
  await look(tab, `all lines ${name}`);
});

test("without a script somebody joins, waits by the page's own clock, and leaves", async () => {
  const show = await openLine();
  await joinMany(show, 30);
  const tab = await openTab(browser, { withoutScript: true });
  await tab.goto(at(show));
  await tab.click("#act-join");
  const refresh = await tab.evaluate("document.querySelector('noscript meta')?.content ?? 'none'");
  expect(Number(refresh)).toBeGreaterThan(0);
  await tab.click("#act-leave");
  expect(await words(tab)).toContain("You are not in line yet");
});

test("by keyboard alone: every control is reached and seen, and Enter joins", async () => {
  const show = await openLine();
  const tab = await openTab(browser);
  await tab.goto(at(show));
  await tab.keyboard.press("Tab");
  expect(await tab.evaluate("document.activeElement.id")).toBe("act-join");
  expect(await tab.evaluate("getComputedStyle(document.activeElement).outlineStyle")).not.toBe(
    "none",
  );
  await tab.keyboard.press("Enter");
  await eventually(async () => !(await words(tab)).includes("You are not in line yet"));
});

test("a place is counted down and its turn is told without loading the page again", async () => {
  const show = await openLine({ isPaused: true });
  const before = await joinMany(show, 20);
  const tab = await openTab(browser, { dark: true });
  await tab.goto(at(show));
  await tab.click("#act-join");
  expect(await tab.evaluate("document.title")).toBe("20 ahead · Test title");
  await tab.evaluate("globalThis.isSame = true");
  await resume(show);
  await eventually(
    async () => (await tab.evaluate<string>("document.title")).startsWith("0 ahead"),
    15_000,
  );
  for (const place of before) await leave(show, place);
  await eventually(async () => (await words(tab)).includes("It is your turn"), 30_000);
  expect(await tab.evaluate("document.querySelector('#said').textContent")).toBe("It is your turn");
  expect(await tab.evaluate("globalThis.isSame")).toBe(true);
}, 90_000);

async function see(tab: Tab, show: string, name: string): Promise<void> {
  await tab.goto(at(show));
  await look(tab, name);
}

async function look(tab: Tab, name: string): Promise<void> {
  const faults = await findPageFaults(tab);
  if (pictures !== undefined) {
    await writeFile(
      join(pictures, `${name.replaceAll(/\W+/g, "-")}.png`),
      await tab.screenshot({ fullPage: true }),
    );
  }
  expect(faults).toEqual([]);
}

function at(show: string): string {
  return `${home}/shows/${showIds.encode(show)}/line`;
}

async function words(tab: Tab): Promise<string> {
  return tab.evaluate<string>("document.body.innerText");
}

async function openLine({
  isPaused = false,
  ...rules
}: { isPaused?: boolean } & Parameters<typeof plantLine>[2] = {}) {
  const show = await plantShow(edge.database.pool);
  await plantLine(edge.database.pool, show, { guestsAllowed: true, ...rules });
  if (isPaused) await pause(show);
  const path = `/v1/shows/${showIds.encode(show)}/line`;
  await eventually(async () => (await edge.send("GET", path)).status === 200);
  return show;
}

async function view(show: string) {
  return (await edge.send("GET", `/v1/shows/${showIds.encode(show)}/line`)).body;
}

async function say(show: string, message: string): Promise<void> {
  await edge.database.pool.query("update show_lines set message = $2 where show_id = $1", [
    ...[show, message],
  ]);
}

async function joinMany(show: string, count: number): Promise<string[]> {
  const path = `/v1/shows/${showIds.encode(show)}/line`;
  const places: string[] = [];
  for (let joined = 0; joined < count; joined += 1) {
    places.push(String((await edge.send("POST", path)).body["place"]));
  }
  return places;
}

async function leave(show: string, place: string): Promise<void> {
  const headers = { "line-place": place };
  await edge.send("DELETE", `/v1/shows/${showIds.encode(show)}/line`, { headers });
}

async function pause(show: string): Promise<void> {
  await setPaused(show, true);
}

async function resume(show: string): Promise<void> {
  await setPaused(show, false);
}

async function setPaused(show: string, isPaused: boolean): Promise<void> {
  await edge.database.pool.query("update show_lines set is_paused = $2 where show_id = $1", [
    ...[show, isPaused],
  ]);
}
