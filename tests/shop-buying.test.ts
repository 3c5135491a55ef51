import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Browser } from "playwright-core";

import type { Buyer } from "../local/buyer.ts";
import { openBrowser, openTab } from "./browser.ts";
import type { Screen, Tab } from "./browser.ts";
import { openShop } from "./shop.ts";
import type { Shop } from "./shop.ts";
import { findPageFaults } from "./find-page-faults.ts";
import { keepPicture } from "./keep-picture.ts";
import { plantTheatre } from "./plant-hall.ts";

let shop: Shop;
let browser: Browser;
let show: string;
beforeAll(async () => {
  shop = await openShop();
  browser = await openBrowser();
  show = await plantTheatre(shop.db);
}, 180_000);
afterAll(async () => {
  await browser.close();
  await shop.close();
}, 60_000);

/** A browser in which somebody has signed in. */
async function open(screen: Screen = {}): Promise<{ tab: Tab; buyer: Buyer }> {
  const buyer = await shop.system.signIn(randomUUID());
  const tab = await openTab(browser, screen);
  tab.setDefaultTimeout(10_000);
  const accessToken = buyer.authorization.replace("Bearer ", "");
  await tab.route("**/v1/session/token", (route) =>
    route.fulfill({ json: { accessToken, userId: buyer.userId, expiresInSeconds: 900 } }),
  );
  tab.on(
    "response",
    (answer) =>
      answer.status() >= 400 && process.stderr.write(`${answer.status()} ${answer.url()}\n`),
  );
  tab.on("console", (message) => process.stderr.write(`${message.type()} ${message.text()}\n`));
  tab.on("pageerror", (error) => process.stderr.write(`${error.stack}\n`));
  return { tab, buyer };
}

const at = (path: string) => shop.system.addresses.api + path;

test("somebody buys two seats by hand", async () => {
  const { tab } = await open({ width: 1_200, height: 1_000 });
  await tab.goto(at(`/shows/${show}`));
  await tab.getByText("All seats as a list").click();
  await tab.getByRole("button", { name: /^Row D seat 7,/ }).click();
  await tab.getByRole("button", { name: /^Row D seat 8,/ }).click();
  await tab.getByText("chosen. 2 seats, £22").waitFor();
  await keepPicture(tab, "shop-seats-desktop");
  expect(await findPageFaults(tab)).toEqual([]);
  await tab.getByRole("button", { name: "Hold these seats" }).click();
  await tab.waitForURL(/\/bookings\/bk_/);
  await tab.getByRole("button", { name: "Pay by card" }).waitFor();
  await keepPicture(tab, "shop-payment");
  expect(await findPageFaults(tab)).toEqual([]);
  await tab.getByRole("button", { name: "Pay by card" }).click();
  await tab.getByRole("button", { name: "Pay with a good card" }).click();
  await tab.getByRole("link", { name: "Back to the shop" }).click();
  await tab.getByText("Your tickets are ready").waitFor();
  await keepPicture(tab, "shop-paid");
}, 60_000);
