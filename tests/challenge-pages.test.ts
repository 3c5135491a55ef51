import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Browser } from "playwright-core";

import { createTurnstile } from "../adapters/turnstile/create-turnstile.ts";
import { createProofOfWork } from "../api/limits/proof-of-work.ts";
import type { Challenge } from "../domain/challenge.ts";
import { showIds } from "../domain/ids.ts";
import { localKeys } from "../local/local-keys.ts";
import { createTurnstileStandIn } from "../local/turnstile/create-turnstile-stand-in.ts";
import { createSlips } from "../platform/slips.ts";
import { openBrowser, openTab } from "./browser.ts";
import type { Screen, Tab } from "./browser.ts";
import { createEdge } from "./edge.ts";
import type { Edge, EdgeSettings } from "./edge.ts";
import { eventually } from "./eventually.ts";
import { findPageFaults } from "./find-page-faults.ts";
import { keepBothSizes } from "./keep-both-sizes.ts";
import { keepPicture } from "./keep-picture.ts";
import { plantLine } from "./plant-line.ts";
import { plantShow } from "./plant-show.ts";
import { startRedis } from "./redis-servers.ts";
import type { RedisServers } from "./redis-servers.ts";

// What people see who have to solve a challenge before they join: api/http/challenges.test.ts says who has to.

let servers: RedisServers;
let browser: Browser;
beforeAll(async () => {
  [servers, browser] = await Promise.all([startRedis(), openBrowser()]);
}, 180_000);
afterAll(async () => {
  await browser.close();
  await servers.close();
}, 30_000);

const workOf = (bits: number) =>
  createProofOfWork({ slips: createSlips(localKeys.PASS_KEY), bits });
/** More than any browser does while a test lasts. */
const endlessBits = 32;
const stormed = { signals: { joinsPerMinute: 1 } };

describe("a line that is stormed", () => {
  test("is joined by a browser that solves the work of a deployment, without anybody's doing", async () => {
    await withLine(workOf(17), stormed, async ({ tab, join }) => {
      const response = await join();
      expect(response.status()).toBe(429);
      expect(Number(await response.headerValue("retry-after"))).toBeGreaterThan(0);
      await tab.locator("#state", { hasText: "It is your turn" }).waitFor();
      expect(tab.url()).toMatch(/\/line$/);
    });
  });

  test("leaves the page alive while its browser is at it", async () => {
    await withLine(workOf(endlessBits), stormed, async ({ tab, join }) => {
      await join();
      await tab.getByText("Your browser is at it").waitFor();
      await keepBothSizes(tab, "challenge");
      const done = "document.querySelector('progress').value";
      const before = await tab.evaluate<number>(done);
      await eventually(async () => (await tab.evaluate<number>(done)) > before);
      expect(await tab.locator("#act-join").isVisible()).toBe(false);
      await tab.getByText("the page of the line").click();
      await tab.getByText("You are not in line yet").waitFor();
    });
  });

  test("does not take an answer that is none: there is a new puzzle, and a button", async () => {
    await withLine(workOf(12), stormed, async ({ tab, join }) => {
      const refused = tab.waitForResponse((response) => response.status() === 403);
      await changeFirstAnswer(tab);
      await join();
      await refused;
      await tab.getByText("That answer did not count").waitFor();
      expect(await findPageFaults(tab)).toEqual([]);
      await tab.getByText("Try again").click();
      await tab.locator("#state", { hasText: "It is your turn" }).waitFor();
    });
  });
});

test("a puzzle whose script is lost leaves a button, which joins as without a script", async () => {
  await withLine(workOf(12), stormed, async ({ tab, join }) => {
    await tab.route("**/assets/solve-challenge.js", (route) => route.abort());
    await join();
    await tab.getByText("Your browser cannot solve the puzzle.").waitFor();
    await tab.unroute("**/assets/solve-challenge.js");
    expect(await findPageFaults(tab)).toEqual([]);
    await join();
    await tab.locator("#state", { hasText: "It is your turn" }).waitFor();
  });
});

test("without a script the page says what can be done, and joins when nobody is asked any more", async () => {
  const signals = { pointsMax: 1, windowSeconds: 5 };
  const screen = { width: 390, withoutScript: true };
  await withLine(
    workOf(12),
    { signals },
    async ({ tab, join }) => {
      await join();
      const text = await tab.innerText("main");
      expect(text).toContain("Your browser runs no JavaScript, so it cannot solve the puzzle.");
      expect(text).toMatch(/From \d\d:\d\d on nobody is asked/);
      await eventually(async () => {
        const said = await tab.innerText("#state");
        if (said === "A small puzzle first") await tab.locator("#act-join").click();
        return said === "It is your turn";
      }, 30_000);
    },
    screen,
  );
});

test("a page that was put aside and is asked for again leads to the line", async () => {
  await withLine(workOf(endlessBits), stormed, async ({ tab, join }) => {
    await join();
    await tab.goto(tab.url());
    expect(tab.url()).toMatch(/\/line$/);
  });
});

test.each<[string, Screen]>([
  ["on a small phone", { width: 320, height: 640 }],
  ["on a desk, in the dark", { width: 1_100, dark: true }],
  ["twice as large", { width: 640, height: 640, zoom: 2 }],
  ["without its script", { width: 390, withoutScript: true }],
])("the page of a challenge has no faults %s", async (name, screen) => {
  await withLine(
    workOf(endlessBits),
    stormed,
    async ({ tab, join }) => {
      await join();
      await keepPicture(tab, `challenge ${name}`);
      expect(await findPageFaults(tab)).toEqual([]);
    },
    screen,
  );
});

test("a widget of Turnstile answers by itself, and no other page lets anything of it in", async () => {
  const keys = { secretKey: "0x4AAAAAAA-local-fake", siteKey: "0x4AAAAAAA-site" };
  const standIn = createTurnstileStandIn(keys);
  const verifyUrl = await standIn.listen();
  const { origin } = new URL(verifyUrl);
  try {
    await withLine(createTurnstile({ verifyUrl, ...keys }), stormed, async ({ tab, join }) => {
      const policyOf = "content-security-policy";
      const page = await tab.reload();
      expect(await page?.headerValue(policyOf)).not.toContain(origin);
      const response = await join();
      expect(await response.headerValue(policyOf)).toContain(`frame-src ${origin};`);
      await tab.locator("#state", { hasText: "It is your turn" }).waitFor();
      expect(tab.asked).toContain(`${origin}/turnstile/v0/api.js?render=explicit`);
    });
  } finally {
    await standIn.close();
  }
});

/** A line that somebody has joined, so that the next one has to solve a challenge, and a browser in front of it. */
async function withLine(
  challenge: Challenge,
  settings: EdgeSettings,
  work: (opened: { tab: Tab; join: () => Promise<Answer> }) => Promise<void>,
  screen: Screen = {},
): Promise<void> {
  // What other tests have done at this address is forgotten.
  await servers.clients[0]?.flushall();
  const edge = await createEdge({ challenge }, { redisUrl: servers.url, ...settings });
  const tab = await openTab(browser, screen);
  try {
    const id = await openLine(edge);
    await tab.goto(`${await edge.listen()}/shows/${id}/line`);
    await work({ tab, join: () => answerTo(tab, () => tab.locator("#act-join").click()) });
  } finally {
    await tab.context().close();
    await edge.close();
  }
}

async function openLine(edge: Edge): Promise<string> {
  const show = await plantShow(edge.database.pool);
  await plantLine(edge.database.pool, show, { guestsAllowed: true });
  const path = `/v1/shows/${showIds.encode(show)}/line`;
  await eventually(async () => (await edge.send("GET", path)).status === 200);
  // From the address that the browser has.
  await fetch(`${await edge.listen()}${path}`, { method: "POST" });
  await eventually(async () => (await edge.send("GET", path)).body["joined"] === 1);
  return showIds.encode(show);
}

type Answer = Awaited<ReturnType<Tab["waitForResponse"]>>;

/** What the next form of the page is answered with. */
async function answerTo(tab: Tab, act: () => Promise<void>): Promise<Answer> {
  const answered = tab.waitForResponse((response) => response.request().method() === "POST");
  await act();
  return answered;
}

/** The first form with an answer says something else. */
async function changeFirstAnswer(tab: Tab): Promise<void> {
  let isChanged = false;
  await tab.route("**/line/join", async (route) => {
    const isFirst = !isChanged && /answer=./.test(route.request().postData() ?? "");
    isChanged ||= isFirst;
    await route.continue(isFirst ? { postData: "answer=none" } : {});
  });
}
