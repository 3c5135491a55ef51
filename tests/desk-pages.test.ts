import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Browser } from "playwright-core";

import { showIds } from "../domain/ids.ts";
import { openBrowser, openTab } from "./browser.ts";
import { createEdge } from "./edge.ts";
import type { Edge } from "./edge.ts";
import { eventually } from "./eventually.ts";
import { findFaultsOnScreens } from "./find-faults-on-screens.ts";
import { plantHouse } from "./plant-house.ts";
import { plantLine } from "./plant-line.ts";
import { plantShow } from "./plant-show.ts";
import { startRedis } from "./redis-servers.ts";
import type { RedisServers } from "./redis-servers.ts";
import { sellBooking } from "./sell-booking.ts";

let edge: Edge;
let servers: RedisServers;
let browser: Browser;
let home: string;
let operator: string;
let owner: string;
let house: Awaited<ReturnType<typeof plantHouse>>;
let lineShow: string;

beforeAll(async () => {
  servers = await startRedis();
  edge = await createEdge({}, { redisUrl: servers.url });
  home = await edge.listen();
  browser = await openBrowser();
  operator = await edge.identity.issue({ sub: randomUUID(), roles: ["operator"] });
  house = await plantHouse(edge);
  owner = house.people.owner.headers.authorization.replace("Bearer ", "");
  await sellBooking(edge.database.pool, { showId: house.showId, seatIds: ["A1", "A2"] });
  lineShow = await openFullLine();
}, 180_000);
afterAll(async () => {
  await browser.close();
  await edge.close();
  await servers.close();
}, 30_000);

const lines = "/desk/lines";
const organisation = () => house.page.replace(/\/shows\/.*/, "");

test.each<[string, string, () => string, (() => string) | undefined]>([
  ["the way in", "Sign in", () => "/desk/sign-in", undefined],
  ["all lines", "Test title", () => lines, () => operator],
  ["a line", "As many people are inside as there", () => `${lines}/${lineShow}`, () => operator],
  ["what changes a line", "Close the line", () => `${lines}/${lineShow}/change`, () => operator],
  [
    "what opens a line",
    "Open",
    () => `${lines}/${showIds.encode(house.showId)}/change`,
    () => operator,
  ],
  ["a page that is not theirs", "OPERATOR_ONLY", () => lines, () => owner],
  ["all organisations", "Test organiser", () => "/desk/organisations", () => owner],
  ["an organisation", "Test organiser", organisation, () => owner],
  ["its people", "owner", () => `${organisation()}/members`, () => owner],
  ["its sales", "Test title", () => `${organisation()}/sales`, () => owner],
  ["what was done", "Test organiser", () => `${organisation()}/actions`, () => owner],
  ["a show", "£22.00", () => house.page, () => owner],
  ["its map", "Stage", () => `${house.page}/map`, () => owner],
  ["a seat", "A1", () => `${house.page}/seats/A1`, () => owner],
  ["what changes its seats", "Keep", () => `${house.page}/change`, () => owner],
  ["its line", "This show has no line", () => `${house.page}/line`, () => owner],
  ["its promo codes", "code", () => `${house.page}/promo-codes`, () => owner],
])("at the desk %s can be used on every screen", async (name, words, path, token) => {
  const cookies = token === undefined ? {} : { desk: token() };
  const page = { name: `desk ${name}`, url: `${home}${path()}`, words, cookies };
  expect(await findFaultsOnScreens(browser, page)).toEqual([]);
});

test.each([{ withoutScript: true }, { withoutScript: false }])(
  "an operator signs in with a token, pauses a line, and lets it go on: %o",
  async (screen) => {
    const tab = await openTab(browser, screen);
    await tab.goto(`${home}${lines}`);
    await tab.locator("#token").fill(operator);
    await tab.locator("main button").click();
    await tab.locator(`#${lineShow}`).click();
    await tab.locator("#pause").click();
    await tab.getByRole("button", { name: "Go on" }).click();
    const pause = tab.getByRole("button", { name: "Pause the line" });
    await pause.waitFor();
    expect(await pause.isVisible()).toBe(true);
    await tab.context().close();
  },
);

/** With as many people inside as may be. */
async function openFullLine(): Promise<string> {
  const show = await plantShow(edge.database.pool, { seats: 20 });
  await plantLine(edge.database.pool, show, { guestsAllowed: true });
  const path = `/v1/shows/${showIds.encode(show)}/line`;
  await eventually(async () => (await edge.send("GET", path)).status === 200);
  for (let joined = 0; joined < 40; joined += 1) await edge.send("POST", path);
  await eventually(async () => (await edge.send("GET", path)).body["served"] === 12);
  return showIds.encode(show);
}
