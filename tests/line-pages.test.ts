import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Browser } from "playwright-core";

import { showIds } from "../domain/ids.ts";
import { openBrowser, openTab } from "./browser.ts";
import type { Tab } from "./browser.ts";
import { createEdge } from "./edge.ts";
import type { Edge, EdgeAnswer } from "./edge.ts";
import { eventually } from "./eventually.ts";
import { findFaultsOnScreens } from "./find-faults-on-screens.ts";
import { plantLine } from "./plant-line.ts";
import { plantShow } from "./plant-show.ts";
import { startRedis } from "./redis-servers.ts";
import type { RedisServers } from "./redis-servers.ts";
import { sellBooking } from "./sell-booking.ts";

let edge: Edge;
let servers: RedisServers;
let browser: Browser;
let home: string;

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

type Stand = { show: string; cookies?: Record<string, string> };

test.each<[string, string, () => Promise<Stand>]>([
  ["before a show without a line", "There is no line for this show", standWithoutLine],
  ["before the line opens", "The line opens at", standBefore],
  ["outside, before a draw", "then all places are shuffled", standBeforeDraw],
  ["outside, where guests may not join", "Sign in on the page or app", standAsStranger],
  ["in the draw", "You take part in the draw", standInDraw],
  ["in the line", "When your number is called", standWaiting],
  ["in a line that is paused, with a message", "Doors are at seven", standPaused],
  ["in a line that is sold out", "Every seat is sold now", standSoldOut],
  ["in a line whose store was lost", "put together again", standRecovering],
  ["at the door, as a guest", "Sign in on the page or app where you buy", standCalledAsGuest],
  ["at the door, signed in", "Come in before", standCalled],
  ["inside", "You may choose seats until", standInside],
  ["behind a turn that was missed", "You have missed your turn", standMissed],
  ["behind another place of their own", "You have another place", standReplaced],
])("somebody %s can use the page on every screen", async (name, words, stand) => {
  const { show, cookies = {} } = await stand();
  const page = { name, words, cookies, url: at(show) };
  expect(await findFaultsOnScreens(browser, page)).toEqual([]);
});

test("what cannot be shown is said on every screen", async () => {
  const page = { name: "no show", words: "ID_MALFORMED", url: `${home}/shows/nonsense/line` };
  expect(await findFaultsOnScreens(browser, page)).toEqual([]);
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

test("by keyboard alone somebody joins, and stays where they are while the page keeps itself true", async () => {
  const show = await openLine({ opensMs: -60_000, drawMs: 600_000 });
  const tab = await openTab(browser);
  await tab.goto(at(show));
  await tab.keyboard.press("Tab");
  await tab.keyboard.press("Enter");
  await tab.locator("#state", { hasText: "You take part in the draw" }).waitFor();
  for (const name of ["act-leave", "is-fair"]) {
    await tab.keyboard.press("Tab");
    await tab.evaluate("document.querySelector('#line').isOld = true");
    // As for somebody who comes back to the tab.
    await tab.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
    await eventually(
      async () => !(await tab.evaluate("document.querySelector('#line').isOld ?? false")),
      20_000,
    );
    expect(await tab.evaluate("document.activeElement.id")).toBe(name);
  }
}, 90_000);

test("a place is counted down and its turn is told without loading the page again", async () => {
  const hall = await plantShow(edge.database.pool, { seats: 20 });
  const show = await openLine({ isPaused: true }, hall);
  const before = await joinMany(show, 12);
  const tab = await openTab(browser, { dark: true });
  await tab.goto(at(show));
  await tab.click("#act-join");
  expect(await tab.evaluate("document.title")).toBe("12 ahead · Test title");
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

test("a place never gets worse, also when a process answers that is some moments behind", async () => {
  const show = await openLine({ isPaused: true });
  await joinMany(show, 12);
  const tab = await openTab(browser);
  await tab.goto(at(show));
  await tab.click("#act-join");
  const title = () => tab.evaluate<string>("document.title");
  expect(await title()).toBe("12 ahead · Test title");
  const serve = async (served: number) => {
    await servers.clients[0]?.hset(`line:{${show}}:state`, "served", served);
    await eventually(async () => edge.lines.of(show)?.view().served === served);
    // The second time it has shown what the first has brought.
    for (const _ of [1, 2]) {
      const loaded = tab.waitForResponse(at(show));
      // As for somebody who comes back to the tab.
      await tab.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
      await (await loaded).finished();
    }
  };
  await serve(5);
  expect(await title()).toBe("7 ahead · Test title");
  await serve(2);
  expect(await title()).toBe("7 ahead · Test title");
  expect(await tab.evaluate("document.querySelector('#ahead').textContent")).toBe("7");
  expect(await tab.evaluate("document.querySelector('#progress').value")).toBe(5);

  await servers.clients[0]?.zadd(`line:{${show}}:inside`, Date.now() + 120_000, 13);
  await serve(13);
  expect(await words(tab)).toContain("It is your turn");
  await serve(5);
  expect(await words(tab)).toContain("It is your turn");
}, 90_000);

async function standWithoutLine(): Promise<Stand> {
  return { show: await plantShow(edge.database.pool) };
}

async function standBefore(): Promise<Stand> {
  return { show: await openLine({ opensMs: 3_600_000, drawMs: 7_200_000 }) };
}

async function standBeforeDraw(): Promise<Stand> {
  return { show: await openLine({ opensMs: -60_000, drawMs: 600_000 }) };
}

async function standAsStranger(): Promise<Stand> {
  return { show: await openLine({ guestsAllowed: false }) };
}

async function standInDraw(): Promise<Stand> {
  return joinAsGuest((await standBeforeDraw()).show);
}

/** Behind 40, of whom 12 were called. */
async function standWaiting(): Promise<Stand> {
  const show = await openLine({}, await plantShow(edge.database.pool, { seats: 20 }));
  await joinMany(show, 40);
  await eventually(async () => (await view(show))["served"] === 12);
  return joinAsGuest(show);
}

async function standPaused(): Promise<Stand> {
  const stand = await standWaiting();
  await pause(stand.show);
  await say(
    stand.show,
    `Doors are at seven.\nBring ${"a long word".repeat(9).replaceAll(" ", "")}`,
  );
  await eventually(async () => {
    const { phase, message } = await view(stand.show);
    return phase === "paused" && message !== "";
  });
  return stand;
}

async function standSoldOut(): Promise<Stand> {
  const show = await plantShow(edge.database.pool, { seats: 1 });
  await sellBooking(edge.database.pool, { showId: show, seatIds: ["A1"] });
  const stand = await joinAsGuest(await openLine({}, show));
  await eventually(async () => (await view(show))["phase"] === "sold_out", 15_000);
  return stand;
}

async function standRecovering(): Promise<Stand> {
  const stand = await standWaiting();
  await servers.clients[0]?.flushall();
  await eventually(async () => (await view(stand.show))["phase"] === "recovering");
  return stand;
}

async function standCalledAsGuest(): Promise<Stand> {
  const stand = await joinAsGuest(await openLine());
  return called(stand);
}

async function standCalled(): Promise<Stand> {
  return called(await joinSignedIn(await openLine()));
}

async function standInside(): Promise<Stand> {
  const stand = await standCalled();
  // A pass is for one device, and without a name of its own that is what the browser calls itself.
  const tab = await openTab(browser);
  const agent = await tab.evaluate<string>("navigator.userAgent");
  await tab.context().close();
  const answer = await act(stand, "enter", { "user-agent": agent });
  return { ...stand, cookies: { ...stand.cookies, ...cookiesOf(answer) } };
}

async function standMissed(): Promise<Stand> {
  const stand = await standCalled();
  await servers.clients[0]?.zrem(`line:{${stand.show}}:inside`, "1");
  return stand;
}

async function standReplaced(): Promise<Stand> {
  const show = await openLine();
  const person = await edge.signIn();
  const stand = await called(await joinSignedIn(show, person));
  await servers.clients[0]?.zrem(`line:{${show}}:inside`, "1");
  await joinSignedIn(show, person);
  return stand;
}

async function called(stand: Stand): Promise<Stand> {
  await eventually(async () => {
    const { text } = await edge.send("GET", new URL(at(stand.show)).pathname, headersOf(stand));
    return text.includes("It is your turn");
  });
  return stand;
}

async function joinAsGuest(show: string): Promise<Stand> {
  return { show, cookies: cookiesOf(await act({ show }, "join")) };
}

async function joinSignedIn(show: string, person?: Person): Promise<Stand> {
  const { headers } = person ?? (await edge.signIn());
  const path = `/v1/shows/${showIds.encode(show)}/line`;
  return { show, cookies: cookiesOf(await edge.send("POST", path, { headers })) };
}

type Person = Awaited<ReturnType<Edge["signIn"]>>;

/** Sends a form of the page. */
function act(
  stand: Stand,
  name: string,
  headers: Record<string, string> = {},
): Promise<EdgeAnswer> {
  const { cookie } = headersOf(stand).headers;
  const path = `${new URL(at(stand.show)).pathname}/${name}`;
  return edge.send("POST", path, { headers: { cookie, ...headers } });
}

function headersOf({ cookies = {} }: Stand): { headers: { cookie: string } } {
  const pairs = Object.entries(cookies).map(([name, value]) => `${name}=${value}`);
  return { headers: { cookie: pairs.join("; ") } };
}

function cookiesOf({ headers }: EdgeAnswer): Record<string, string> {
  const set = headers.getSetCookie().map((cookie) => /^([^=]+)=([^;]*)/.exec(cookie) ?? []);
  return Object.fromEntries(set.map(([, name = "", value = ""]) => [name, value]));
}

function at(show: string): string {
  return `${home}/shows/${showIds.encode(show)}/line`;
}

async function words(tab: Tab): Promise<string> {
  return tab.evaluate<string>("document.body.innerText");
}

async function openLine(
  { isPaused = false, ...rules }: { isPaused?: boolean } & Parameters<typeof plantLine>[2] = {},
  planted?: string,
) {
  const show = planted ?? (await plantShow(edge.database.pool));
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
