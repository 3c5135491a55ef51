import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Browser } from "playwright-core";

import { showIds } from "../domain/ids.ts";
import { createBuyer } from "../local/buyer.ts";
import type { Buyer } from "../local/buyer.ts";
import { openBrowser, openTab } from "./browser.ts";
import type { Screen, Tab } from "./browser.ts";
import { buyTickets, holdSeats } from "./buy-tickets.ts";
import { eventually } from "./eventually.ts";
import { findPageFaults } from "./find-page-faults.ts";
import { keepPicture } from "./keep-picture.ts";
import { nameTitle, plantShow } from "./plant-show.ts";
import { otherThan, readCode } from "./read-code.ts";
import { startSystem } from "./system.ts";
import type { ProcessName, System } from "./system.ts";

/** Mailboxes are counted in the Redis that all tests share. */
const run = randomBytes(4).toString("hex");
const processes: ProcessName[] = [
  ...(["api", "signIn", "inbox", "identity", "checkout", "payments", "stripe"] as const),
  ...(["relay", "userBookings"] as const),
];
const phone = { width: 390, height: 844 };

let system: System;
let browser: Browser;
beforeAll(async () => {
  [system, browser] = await Promise.all([
    startSystem(processes, { LOG_LEVEL: "debug" }),
    openBrowser(),
  ]);
}, 90_000);
afterAll(async () => {
  await browser.close();
  await system.close();
}, 30_000);

async function open(path: string, screen: Screen = phone): Promise<Tab> {
  const tab = await openTab(browser, screen);
  await tab.goto(`${system.addresses.api}${path}`);
  return tab;
}

async function askForCode(tab: Tab, email: string): Promise<string> {
  await tab.getByLabel("Your e-mail address").fill(email);
  await tab.getByRole("button", { name: "Send me a code" }).click();
  await tab.getByLabel("The six digits from the mail").waitFor();
  return readCode(system.addresses.inbox, email);
}

const typeCode = (tab: Tab, code: string) =>
  tab.getByLabel("The six digits from the mail").fill(code);

test("somebody signs in on a phone with the code from their mail, and stays signed in after a reload", async () => {
  const email = `asha.${run}@example.com`;
  const tab = await open("/account");
  expect(await findPageFaults(tab)).toEqual([]);
  const code = await askForCode(tab, email);
  await keepPicture(tab, "shop-sign-in-phone");
  expect(await findPageFaults(tab)).toEqual([]);
  // As pasted from the mail, with what stands around it.
  await typeCode(tab, ` ${code.slice(0, 3)} ${code.slice(3)}`);
  await tab.getByLabel("E-mail address for tickets").waitFor();
  expect(await tab.getByLabel("E-mail address for tickets").inputValue()).toBe(email);
  await tab.getByLabel("Name", { exact: true }).fill("Asha Rao");
  await tab.getByRole("button", { name: "Save", exact: true }).click();
  await tab.getByText("Saved.").waitFor();
  await tab.getByLabel("Phone number").fill("+44 20 7946 0000");
  await tab.getByLabel("A show is cancelled or has another time").check();
  await tab.getByRole("button", { name: "Save what we tell you" }).click();
  await eventually(async () => (await tab.getByText("Saved.").count()) === 2);
  await keepPicture(tab, "shop-account-phone");
  expect(await findPageFaults(tab)).toEqual([]);

  await tab.reload();
  await tab.getByLabel("Name", { exact: true }).waitFor();
  expect(await tab.getByLabel("Name", { exact: true }).inputValue()).toBe("Asha Rao");
  expect(await tab.getByLabel("Phone number").inputValue()).toBe("+442079460000");
  expect(await findKept(tab, [email, code, "asha"])).toEqual([]);

  await tab.getByRole("button", { name: "Sign out here" }).click();
  await tab.getByLabel("Your e-mail address").waitFor();
}, 60_000);

test("a wrong code, an old one and another one sent are each said in a sentence", async () => {
  const email = `ben.${run}@example.com`;
  const tab = await openTab(browser, { width: 1_100 });
  await tab.clock.install();
  await tab.goto(`${system.addresses.api}/account`);
  const code = await askForCode(tab, email);
  await typeCode(tab, otherThan(code));
  await tab.getByText("That is not the code in our newest mail.").waitFor();
  expect(await findPageFaults(tab)).toEqual([]);
  await system.database.pool.query("update sign_in_codes set expires_at = now() - interval '1 s'");
  await typeCode(tab, code);
  await tab.getByText("This code is over.").waitFor();

  const again = tab.getByRole("button", { name: "Send another code" });
  expect(await again.isDisabled()).toBe(true);
  await tab.clock.runFor(31_000);
  await again.click();
  await tab.getByRole("button", { name: "Send another code (in" }).waitFor();
  const mails = async () => {
    const answer = await fetch(`${system.addresses.inbox}/api/messages?to=${email}`);
    return ((await answer.json()) as { messages: unknown[] }).messages.length;
  };
  await eventually(async () => (await mails()) === 2);
  await typeCode(tab, await readCode(system.addresses.inbox, email));
  await tab.getByLabel("E-mail address for tickets").waitFor();
}, 60_000);

test("whoever reads German is asked in German, and the mail answers in German", async () => {
  const email = `cem.${run}@example.com`;
  const tab = await open("/account?lang=de", { width: 1_100, dark: true });
  await tab.getByLabel("Ihre E-Mail-Adresse").fill(email);
  await tab.getByRole("button", { name: "Code schicken" }).click();
  const code = await readCode(system.addresses.inbox, email, /(\d{6}) ist Ihr Code/);
  await tab.getByLabel("Die sechs Ziffern aus der E-Mail").fill(code);
  await tab.getByRole("button", { name: "Überall abmelden" }).waitFor();
  expect(await findPageFaults(tab)).toEqual([]);
}, 60_000);

test("somebody finds what they have booked, pays, shows and gives back, and others see none of it", async () => {
  const { buyer, tab } = await openSignedIn(`dora.${run}@example.com`);
  const paid = await plantNamed("A winter's tale");
  const waiting = await plantNamed("Night trains");
  const returned = await plantNamed("The long way home");
  const paidId = await buyTickets(buyer, paid);
  await holdSeats(buyer, waiting, ["A1"]);
  const returnedId = await buyTickets(buyer, returned, ["A1"]);
  await buyer.refund(returnedId);

  const card = (title: string) => tab.locator("article", { hasText: title });
  await eventually(async () => {
    await tab.goto(`${system.addresses.api}/bookings`);
    await tab.getByRole("heading", { name: "Before" }).waitFor();
    await tab.locator("section[aria-busy=false] + section[aria-busy=false]").waitFor();
    return (await tab.locator("article").count()) === 3;
  }, 30_000);
  await card("A winter's tale").getByText("Paid").waitFor();
  await card("Night trains").getByText("Waiting for your payment").waitFor();
  await card("The long way home").getByText("Given back", { exact: true }).waitFor();
  expect(await card("Night trains").getByRole("link", { name: "Pay now" }).count()).toBe(1);
  expect(await card("Night trains").getByRole("button").count()).toBe(0);
  await keepPicture(tab, "shop-bookings-desktop");
  expect(await findPageFaults(tab)).toEqual([]);

  const onPhone = await openTabOf(tab, "/wallet");
  await onPhone.getByRole("img", { name: "The code of the ticket for A 1" }).waitFor();
  expect(await onPhone.locator("article").count()).toBe(2);
  await onPhone.locator("article .code svg path").first().waitFor();
  await keepPicture(onPhone, "shop-wallet-phone");
  expect(await findPageFaults(onPhone)).toEqual([]);
  expect(await findKept(onPhone, [`dora.${run}`])).toEqual([]);

  await card("A winter's tale").getByRole("button", { name: "Give back" }).click();
  await tab.getByText("Give all 2 tickets back?").waitFor();
  expect(await findPageFaults(tab)).toEqual([]);
  await tab.getByRole("button", { name: "Yes, give back" }).click();
  await card("A winter's tale").getByText("Given back", { exact: true }).waitFor();
  expect(await liveTickets(buyer, paidId)).toEqual([]);
  await onPhone.reload();
  await onPhone.getByText("No tickets for what is to come.").waitFor();

  const { tab: others } = await openSignedIn(`eve.${run}@example.com`);
  await others.goto(`${system.addresses.api}/bookings`);
  await others.getByText("Nothing is booked.").waitFor();
}, 120_000);

test("no token, code or address stands in an address, in the browser's storage or in a log", async () => {
  const logs = await Promise.all(
    ["api", "signIn"].map((name) => readFile(join(system.folder, `${name}.log`), "utf8")),
  );
  expect(logs.join("").length).toBeGreaterThan(100);
  expect(logs.join("")).not.toMatch(new RegExp(`${run}|eyJ[\\w-]+\\.`));
});

/** Somebody who has signed in in a browser, and as a client app, too. */
async function openSignedIn(email: string): Promise<{ buyer: Buyer; tab: Tab }> {
  const tab = await open("/account", { width: 1_100 });
  const code = await askForCode(tab, email);
  const answer = tab.waitForResponse((response) => response.url().endsWith("/v1/session"));
  await typeCode(tab, code);
  const { accessToken, userId } = (await (await answer).json()) as Record<string, string>;
  await tab.getByLabel("E-mail address for tickets").waitFor();
  const who = { token: accessToken ?? "", userId: userId ?? "" };
  return { buyer: createBuyer(system.addresses, who), tab };
}

/** The same browser, on a phone. */
async function openTabOf(tab: Tab, path: string): Promise<Tab> {
  const other = await openTab(browser, phone);
  await other.context().addCookies(await tab.context().cookies());
  await other.goto(`${system.addresses.api}${path}`);
  return other;
}

/** A show whose tickets may be given back until it begins. */
async function plantNamed(title: string): Promise<string> {
  const db = system.database.pool;
  const showId = await plantShow(db);
  await db.query("update shows set refundable_until = starts_at where show_id = $1", [showId]);
  await nameTitle(db, showId, title);
  return showIds.encode(showId);
}

async function liveTickets(buyer: Buyer, bookingId: string): Promise<string[]> {
  const { body } = await buyer.get<{ tickets: { ticketId: string; status: string }[] }>(
    `/v1/bookings/${bookingId}`,
  );
  return body.tickets.filter(({ status }) => status === "live").map(({ ticketId }) => ticketId);
}

/** What a page has kept where scripts, histories and other pages find it. */
async function findKept(tab: Tab, secrets: string[]): Promise<string[]> {
  const stored = await tab.evaluate<string>(
    "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])",
  );
  const places = [...tab.asked, tab.url(), stored];
  return places.filter(
    (place) => /eyJ[\w-]+\./.test(place) || secrets.some((secret) => place.includes(secret)),
  );
}
