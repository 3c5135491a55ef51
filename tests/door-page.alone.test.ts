import { mkdtemp, rm } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Browser } from "playwright-core";

import { refundTickets } from "../adapters/postgres/refunds.ts";
import type { SignIn } from "../domain/sign-in.ts";
import { ticketCode } from "../domain/ticket-code.ts";
import { openBrowser, openTab } from "./browser.ts";
import type { Tab } from "./browser.ts";
import { createEdge } from "./edge.ts";
import type { Edge } from "./edge.ts";
import { eventually } from "./eventually.ts";
import { findPageFaults } from "./find-page-faults.ts";
import { keepBothSizes } from "./keep-both-sizes.ts";
import { plantSoldDoor } from "./plant-sold-door.ts";
import { writeFilm } from "./write-film.ts";

// A scanner as somebody holds it: a phone's browser, whose camera plays a film of tickets.

let edge: Edge;
let browser: Browser;
let home: string;
let folder: string;
let door: Awaited<ReturnType<typeof plantSoldDoor>>;

beforeAll(async () => {
  edge = await createEdge({ signIn: byMail });
  home = await edge.listen();
  door = await plantSoldDoor(edge);
  folder = await mkdtemp(join(tmpdir(), "marquee-door-"));
  const film = join(folder, "tickets.y4m");
  const forged = `${door.tickets[0]?.qr.slice(0, -4)}AAAA`;
  // Longer than a code must be away to be another scan.
  await writeFilm(film, [
    { text: door.tickets[0]?.qr ?? "", tenths: 15 },
    { text: null, tenths: 5 },
    { text: forged, tenths: 15 },
    { text: null, tenths: 15 },
  ]);
  browser = await openBrowser([
    ...["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"],
    `--use-file-for-fake-video-capture=${film}`,
  ]);
}, 180_000);
afterAll(async () => {
  await browser.close();
  await edge.close();
  await rm(folder, { recursive: true });
}, 30_000);

/** Signing in by mail is a process of its own (tests/sign-in.test.ts); here it knows one usher. */
const tokenOfUsher = async () => ({
  token: door.people.door.headers.authorization.slice("Bearer ".length),
  ...{ userId: door.people.door.userId, expiresInSeconds: 900 },
});
const byMail: SignIn = {
  sendCode: async () => undefined,
  begin: async () => ({ ...(await tokenOfUsher()), session: "usher-session" }),
  accessToken: tokenOfUsher,
  end: async () => undefined,
};

test("an evening at the door: signed in, scanned, refused, without the network, and back", async () => {
  const tab = await openTab(browser, { width: 390, height: 844 });
  await tab.goto(`${home}/door`);
  await tab.waitForSelector("#sign-in:not([hidden])");
  await look(tab, "door sign in");
  await tab.fill("#email", "usher@example.com");
  await tab.click("#mail-act");
  await tab.fill("#mailed", "123456");
  await tab.click("#mail-act");
  await tab.click("#shows button");

  // The film: a ticket, a forged one, and the ticket again.
  await says(tab, "Let in");
  await look(tab, "door entered");
  await says(tab, "Not a ticket");
  await says(tab, "Used before");
  await look(tab, "door refused");
  const scans = await scanTimes(tab);
  process.stdout.write(`from the picture to the answer, in ms: ${scans.join(" ")}\n`);
  // The goal is each scan. A machine that is busy with other tests may hold one up, but not all.
  expect(Math.min(...scans)).toBeLessThan(200);

  const [, second, third, fourth] = door.tickets.map(({ id }) => ticketCode(id));
  await tab.evaluate("document.querySelector('#camera').srcObject.getTracks()[0].stop()");
  // Its token is over: the session by mail lasts, and gives it another one.
  await tab.context().clearCookies({ name: "door" });
  await type(tab, second?.toLowerCase() ?? "");
  await says(tab, "Let in");
  expect(await tab.innerText("#network")).toBe("Online");
  await type(tab, second ?? "");
  await says(tab, "Used before");

  // Given back while the scanner has a network, and shown while it has none.
  await refundTickets(edge.database.pool, {
    ...{ ...door.booking, seatIds: ["A3"], cause: "buyer:one", withFees: true },
  });
  await eventually(async () => (await kept(tab)).includes('"A3","void"'), 20_000);
  await tab.context().setOffline(true);
  await tab.reload();
  await tab.waitForSelector("#scan:not([hidden])");
  await says(tab, "Used before");
  await type(tab, third ?? "");
  await says(tab, "Not valid");
  await type(tab, fourth ?? "");
  await says(tab, "Let in");
  expect(await tab.innerText("#network")).toBe("No network · 1 to tell");
  await look(tab, "door offline");
  await type(tab, fourth ?? "");
  await says(tab, "Used before");

  // Another gate lets the same ticket in meanwhile.
  const json = {
    ...{ deviceId: randomUUID(), gate: "main" },
    scans: [{ scanId: randomUUID(), code: fourth, scannedAt: new Date().toISOString() }],
  };
  await edge.send("POST", `${door.door}/entries`, { ...door.people.owner, json });
  await tab.context().setOffline(false);
  await eventually(async () => (await tab.innerText("#network")) === "Online", 20_000);
  expect(await tab.innerText("#conflicts")).toContain("row A, seat 4: two people are inside");
  expect(await tab.innerText("#counts")).toContain("3 of 3 tickets");
  await look(tab, "door conflict");

  const all = await kept(tab);
  expect(all).not.toContain(door.booking.userId);
  expect(all).not.toContain(door.people.door.userId);
  expect(all).not.toContain("eyJ");
  expect(all).not.toContain("usher");
}, 120_000);

async function says(tab: Tab, word: string): Promise<void> {
  await eventually(async () => (await tab.textContent("#word")) === word, 20_000);
}

async function type(tab: Tab, code: string): Promise<void> {
  await tab.evaluate('document.querySelector("#word").textContent = "…"');
  await tab.fill("#code", code);
  await tab.click("#type button");
}

async function look(tab: Tab, name: string): Promise<void> {
  await keepBothSizes(tab, name);
  expect(await findPageFaults(tab)).toEqual([]);
}

/** From the moment in which the camera's picture was taken until the answer stood on the page. */
async function scanTimes(tab: Tab): Promise<number[]> {
  const times = await tab.evaluate<number[]>(
    'performance.getEntriesByName("scan").map(({ duration }) => duration)',
  );
  return times.map((ms) => Math.round(ms));
}

/** All that the device keeps when it is closed. */
async function kept(tab: Tab): Promise<string> {
  return tab.evaluate<string>(`new Promise((resolve) => {
    const opened = indexedDB.open("door", 1);
    opened.onsuccess = async () => {
      const all = [];
      for (const name of opened.result.objectStoreNames) {
        const request = opened.result.transaction(name).objectStore(name).getAll();
        all.push(await new Promise((read) => { request.onsuccess = () => read(request.result); }));
      }
      opened.result.close();
      resolve(JSON.stringify([all, { ...localStorage }, { ...sessionStorage }]));
    };
  })`);
}
