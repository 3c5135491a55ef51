import { randomBytes } from "node:crypto";

import type { Browser } from "playwright-core";

import { showIds } from "../domain/ids.ts";
import { createBuyer } from "../local/buyer.ts";
import type { Buyer } from "../local/buyer.ts";
import { openBrowser, openTab } from "./browser.ts";
import type { Screen, Tab } from "./browser.ts";
import { eventually } from "./eventually.ts";
import { nameTitle, plantShow } from "./plant-show.ts";
import { readCode } from "./read-code.ts";
import { startSystem } from "./system.ts";
import type { ProcessName } from "./system.ts";

export type OwnHouse = Awaited<ReturnType<typeof openOwnHouse>>;

const phone = { width: 390, height: 844 };

const processes: ProcessName[] = [
  ...(["api", "signIn", "inbox", "identity", "checkout", "payments", "stripe"] as const),
  ...(["relay", "userBookings", "notifier"] as const),
];

/** A Marquee in which people sign in by mail and have pages of their own, and a browser to look at them. */
export async function openOwnHouse({ also = [] }: { also?: ProcessName[] } = {}) {
  const [system, browser] = await Promise.all([
    startSystem([...processes, ...also], { LOG_LEVEL: "debug" }),
    openBrowser(),
  ]);
  // Mailboxes are counted in the Redis that all tests share.
  const run = randomBytes(4).toString("hex");
  return {
    ...{ system, browser, run, ...handsOnPages(system.addresses, browser) },
    emailOf: (name: string) => `${name}.${run}@example.com`,

    /** A show whose tickets may be given back until it begins. */
    async plantNamed(title: string, { seats = 10 } = {}): Promise<string> {
      const db = system.database.pool;
      const showId = await plantShow(db, { seats });
      await db.query("update shows set refundable_until = starts_at where show_id = $1", [showId]);
      await nameTitle(db, showId, title);
      return showIds.encode(showId);
    },

    /** Of the newest mail to an address that has these words. */
    async mailTo(email: string, words: string): Promise<string> {
      const url = `${system.addresses.inbox}/api/messages?to=${encodeURIComponent(email)}`;
      return eventually(async () => {
        const { messages } = (await (await fetch(url)).json()) as { messages: { text: string }[] };
        return messages.find(({ text }) => text.includes(words))?.text;
      }, 30_000);
    },

    async close() {
      await browser.close();
      await system.close();
    },
  };
}

function handsOnPages(
  addresses: Awaited<ReturnType<typeof startSystem>>["addresses"],
  browser: Browser,
) {
  const hands = {
    async open(path: string, screen: Screen = phone): Promise<Tab> {
      const tab = await openTab(browser, screen);
      await tab.goto(`${addresses.api}${path}`);
      return tab;
    },

    async askForCode(tab: Tab, email: string): Promise<string> {
      await tab.getByLabel("Your e-mail address").fill(email);
      await tab.getByRole("button", { name: "Send me a code" }).click();
      await tab.getByLabel("The six digits from the mail").waitFor();
      return readCode(addresses.inbox, email);
    },

    typeCode: (tab: Tab, code: string) => tab.getByLabel("The six digits from the mail").fill(code),

    /** Somebody who has signed in in a browser, and as a client app, too. */
    async openSignedIn(email: string): Promise<{ buyer: Buyer; tab: Tab }> {
      const tab = await hands.open("/account", { width: 1_100 });
      const code = await hands.askForCode(tab, email);
      const answer = tab.waitForResponse((response) => response.url().endsWith("/v1/session"));
      await hands.typeCode(tab, code);
      const { accessToken, userId } = (await (await answer).json()) as Record<string, string>;
      await tab.getByLabel("E-mail address for tickets").waitFor();
      const who = { token: accessToken ?? "", userId: userId ?? "" };
      return { buyer: createBuyer(addresses, who), tab };
    },

    /** The same browser, on a phone. */
    async openTabOf(tab: Tab, path: string): Promise<Tab> {
      const other = await openTab(browser, phone);
      await other.context().addCookies(await tab.context().cookies());
      await other.goto(`${addresses.api}${path}`);
      return other;
    },

    /** What a page has kept where scripts, histories and other pages find it, and is a secret or a token: []. */
    async findKept(tab: Tab, secrets: string[]): Promise<string[]> {
      const places = [...tab.asked, tab.url(), await readStored(tab)];
      return places.filter(
        (place) => /eyJ[\w-]+\./.test(place) || secrets.some((secret) => place.includes(secret)),
      );
    },
  };
  return hands;
}

/** Everything that a page has stored, but for its own scripts and styles. */
export async function readStored(tab: Tab): Promise<string> {
  return tab.evaluate<string>(`(async () => {
    const kept = [];
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        const answer = await cache.match(request, { ignoreVary: true });
        kept.push(request.url, request.url.includes("/assets/") ? "" : await answer.text());
      }
    }
    const databases = await indexedDB.databases();
    return JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, databases, kept]);
  })()`);
}
