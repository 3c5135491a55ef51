import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Browser } from "playwright-core";

import { showIds } from "../domain/ids.ts";
import { createTurnstileStandIn } from "../local/turnstile/create-turnstile-stand-in.ts";
import { openBrowser } from "./browser.ts";
import type { Screen } from "./browser.ts";
import { eventually } from "./eventually.ts";
import { keepBothSizes } from "./keep-both-sizes.ts";
import { keepPicture } from "./keep-picture.ts";
import { plantTheatre } from "./plant-hall.ts";
import { plantChannel } from "./plant-seat-rules.ts";
import { openShowChangeHouse } from "./show-change-house.ts";
import type { ShowChangeHouse } from "./show-change-house.ts";
import { refundable } from "./shop.ts";
import { choose, openVisitor } from "./shop-visitor.ts";
import type { Visitor } from "./shop-visitor.ts";

// What somebody who buys sees beside the straight way: with codes, with puzzles, and of bookings that stand in every other way.

let house: ShowChangeHouse;
let browser: Browser;
beforeAll(async () => {
  const names = ["api", "checkout", "payments", "stripe", "identity"] as const;
  const settings = { CHALLENGE_AFTER: "100" };
  house = await openShowChangeHouse({ names: [...names], settings });
  browser = await openBrowser();
}, 180_000);
afterAll(async () => {
  await browser.close();
  await house.close();
}, 60_000);

const phone = { width: 390, height: 844 };
const desk = { width: 1_200, height: 1_000 };
const visit = (screen: Screen = desk) => openVisitor({ shop: house, browser }, screen);
const change = (show: string, what: string) =>
  house.db.query(`update shows set ${what} where show_id = $1`, [showIds.decode(show)]);

/** A show that keeps these seats for fans, who can have them by their code since a minute. */
async function plantFans(seatIds: string[]): Promise<string> {
  const show = await plantTheatre(house.db);
  const fans = { channel: "fans", code: "FANS2026", seatIds, opensIn: -60 };
  await plantChannel(house.db, showIds.decode(show), fans);
  return show;
}

test("through a presale: a wrong code says so, the right one opens its seats, and no address has it", async () => {
  const show = await plantFans(["D7", "D8"]);
  await change(show, "sales_open_at = now() + interval '1 hour'");
  const visitor = await visit(phone);
  const { tab } = visitor;
  await visitor.go(`/shows/${show}`);
  await visitor.type("Code for fans", "FANS2025");
  await visitor.press("Use the code");
  await visitor.sees("This code is not right.");
  expect(await visitor.focus()).toBe("Use the code");
  await keepBothSizes(tab, "shop-code-wrong");
  expect(await visitor.faults()).toEqual([]);
  await visitor.type("Code for fans", "fans2026");
  await tab.keyboard.press("Enter");
  await visitor.sees("You choose through fans");
  expect(await visitor.focus()).not.toBe("nowhere");
  await visitor.press("Find seats");
  await visitor.sees("2 seats found.");
  await visitor.press("Remove all");
  await choose(visitor, "Row D seat 7");
  await visitor.sees("Row D seat 7 chosen.");
  await tab.getByRole("gridcell", { name: "Row D seat 9, £11, not on sale here" }).waitFor();
  expect(await visitor.faults()).toEqual([]);
  await tab.reload();
  await choose(visitor, "Row D seat 8");
  await visitor.press("Hold these seats");
  await visitor.sees("Your seats are held for");
  await visitor.press("Choose other seats");
  await choose(visitor, "Row D seat 7");
  await visitor.press("Change my seats");
  await visitor.sees("Your seats are changed.");
  expect(tab.asked.filter((url) => /fans202/i.test(url))).toEqual([]);
  expect(await visitor.leaks()).toEqual([]);
  const other = await visit();
  await other.go(`/shows/${show}`);
  await other.sees("Code for fans");
  expect(await other.tab.getByText("All seats as a list").count()).toBe(0);
}, 90_000);

test("while everybody can buy, a code adds the seats of its channel to the choice, until it opens nothing any more", async () => {
  const show = await plantFans(["D7"]);
  const staff = { channel: "staff", code: "STAFF2026", seatIds: ["D8"], opensIn: -60 };
  await plantChannel(house.db, showIds.decode(show), staff);
  const visitor = await visit();
  const { tab } = visitor;
  const seat = (name: string) => tab.getByRole("gridcell", { name });
  await visitor.go(`/shows/${show}`);
  await choose(visitor, "Row D seat 1");
  await seat("Row D seat 8, £11, not on sale here").waitFor();
  await tab.getByLabel("Through").selectOption("staff");
  await tab.getByLabel("Code", { exact: true }).fill("STAFF2026");
  await visitor.press("Use the code");
  await seat("Row D seat 8, £11, free").waitFor();
  await seat("Row D seat 7, £11, not on sale here").waitFor();
  await visitor.sees("1 × Standard");
  await choose(visitor, "Row D seat 8");
  await visitor.sees("2 × Standard");
  await keepBothSizes(tab, "shop-code");
  expect(await visitor.faults()).toEqual([]);
  let refusal = {};
  const stream = "**/seats/stream?channel=staff";
  await tab.route(stream, (route) => route.fulfill({ status: 403, json: refusal }));
  // Something on the way refuses, which says nothing of the code.
  await tab.reload();
  await tab.getByText("All seats as a list").click();
  await seat("Row D seat 8, £11, free").waitFor();
  await visitor.sees("You choose through staff");
  refusal = { code: "CHANNEL_CODE_WRONG" };
  await visitor.sees("Your code does not open anything any more.");
  await tab.getByLabel("Through").waitFor();
  expect(await visitor.faults()).toEqual([]);
  await seat("Row D seat 1, £11, free").waitFor();
  await seat("Row D seat 8, £11, not on sale here").waitFor();
}, 60_000);

test("who comes through a channel that has closed is told so, and can go on without it", async () => {
  const show = await plantFans(["D7"]);
  const visitor = await visit(phone);
  await visitor.go(`/shows/${show}`);
  await visitor.type("Code for fans", "FANS2026");
  await visitor.press("Use the code");
  await visitor.sees("You choose through fans");
  await choose(visitor, "Row D seat 1");
  await house.db.query("update show_channels set closes_at = now() where show_id = $1", [
    showIds.decode(show),
  ]);
  await visitor.press("Hold these seats");
  await visitor.sees("Nobody can buy with this code just now");
  expect(await visitor.faults()).toEqual([]);
  await visitor.press("Go on without the code");
  await visitor.sees("Code for fans");
  expect(await visitor.focus()).not.toBe("nowhere");
  await visitor.press("Hold these seats");
  await visitor.sees("Your seats are held for");
}, 60_000);

test("who chooses through a channel while the sale opens keeps the choice, and has all seats without the code", async () => {
  const show = await plantFans(["D7"]);
  await change(show, "sales_open_at = now() + interval '10 seconds'");
  const visitor = await visit();
  const { tab } = visitor;
  // The page would load itself again at once, and not within some seconds.
  await tab.addInitScript("Math.random = () => 0");
  await visitor.go(`/shows/${show}`);
  await visitor.type("Code for fans", "FANS2026");
  await visitor.press("Use the code");
  await choose(visitor, "Row D seat 7");
  await tab.locator(".countdown:empty").waitFor({ state: "attached" });
  await visitor.sees("Row D seat 7 chosen.");
  await visitor.press("Go on without the code");
  await tab.getByText("All seats as a list").waitFor({ timeout: 40_000 });
  expect(await tab.getByText("You choose through fans").count()).toBe(0);
}, 90_000);

test("promo codes: what is wrong with one is said, and what one takes off is seen before paying", async () => {
  const show = await plantTheatre(house.db);
  await plantCodes(show, [
    { code: "TWENTY", percent: 20, usesMax: 5, validDays: 1 },
    { code: "SPENT", percent: 20, usesMax: 1, uses: 1, validDays: 1 },
    { code: "BYGONE", percent: 20, usesMax: 5, validDays: -1 },
  ]);
  await plantCodes(showIds.encode(randomUUID()), [
    { code: "ELSEWHERE", percent: 20, usesMax: 5, validDays: 1 },
  ]);
  const visitor = await visit(phone);
  const { tab } = visitor;
  await visitor.go(`/shows/${show}`);
  await choose(visitor, "Row D seat 1");
  for (const [code, refusal] of [
    ["no", "This show has no such promo code."],
    ["WRONG", "This show has no such promo code."],
    ["ELSEWHERE", "This show has no such promo code."],
    ["BYGONE", "The time of this promo code is over."],
    ["SPENT", "This promo code has been used as often as it may be."],
  ] as const) {
    await visitor.type(/Promo code/, code);
    // What was said of another code goes.
    await tab.getByText(refusal).waitFor({ state: "detached" });
    await visitor.press("Hold these seats");
    await visitor.sees(refusal);
    expect(await visitor.focus()).toBe("Hold these seats");
  }
  await keepBothSizes(tab, "shop-promo-refused");
  expect(await visitor.faults()).toEqual([]);
  await visitor.type(/Promo code/, "twenty");
  await visitor.press("Hold these seats");
  await visitor.sees(/^Already taken off£2$/);
  await visitor.sees("Pay £9");
  await keepBothSizes(tab, "shop-promo");
  expect(await visitor.faults()).toEqual([]);
  await visitor.pay();
  await visitor.sees("Your tickets are ready");
}, 90_000);

test("what costs nothing needs no card", async () => {
  const show = await plantTheatre(house.db);
  await priced(show, { amountMinor: 1_000, feeMinor: 0 });
  await plantCodes(show, [{ code: "FREE", percent: 100, usesMax: 5, validDays: 1 }]);
  const visitor = await visit();
  await visitor.go(`/shows/${show}`);
  await choose(visitor, "Row D seat 1");
  await visitor.type(/Promo code/, "FREE");
  await visitor.press("Hold these seats");
  await visitor.sees("There is nothing to pay");
  expect(await visitor.tab.getByRole("button", { name: "Pay by card" }).count()).toBe(0);
  await keepBothSizes(visitor.tab, "shop-free");
  expect(await visitor.faults()).toEqual([]);
  await visitor.tab.getByRole("button", { name: "Get the tickets" }).focus();
  await visitor.tab.keyboard.press("Enter");
  await visitor.sees("Your tickets are ready");
  expect(await visitor.focus()).not.toBe("nowhere");
}, 60_000);

test.each([
  ["yen, which have no smaller unit", "JPY", 4_500, "JP¥4,500"],
  ["rupees, with their paise", "INR", 45_050, "₹450.50"],
])(
  "a show in %s says, holds and takes the same sum",
  async (_, currency, totalMinor, sum) => {
    const show = await plantTheatre(house.db);
    await priced(show, { amountMinor: totalMinor - 500, feeMinor: 500 });
    await change(show, `currency = '${currency}'`);
    const visitor = await visit(phone);
    await visitor.go(`/shows/${show}`);
    await choose(visitor, "Row D seat 1");
    await visitor.sees(`One seat, ${sum}.`);
    await visitor.press("Hold these seats");
    await visitor.sees(`Pay ${sum}`);
    await keepPicture(visitor.tab, `shop-${currency}-phone`);
    await visitor.pay();
    await visitor.sees("Your tickets are ready");
    const { intents } = await house.stripe.ledger();
    const taken = intents.filter((intent) => intent.currency === currency.toLowerCase());
    expect(taken.map(({ amountMinor }) => amountMinor)).toEqual([totalMinor]);
  },
  60_000,
);

test("a declined card is still declined after a reload, until another is tried", async () => {
  const show = await plantTheatre(house.db);
  const visitor = await visit();
  const { tab } = visitor;
  await visitor.go(`/shows/${show}`);
  await choose(visitor, "Row D seat 1");
  await visitor.press("Hold these seats");
  await visitor.press("Pay by card");
  await visitor.sees("Choose how it goes");
  await keepBothSizes(tab, "shop-sandbox");
  await visitor.press("Card declined");
  await visitor.press("Back to the shop", "link");
  await visitor.sees("The card was declined, and nothing was taken.");
  await tab.reload();
  await visitor.sees("The card was declined, and nothing was taken.");
  await keepBothSizes(tab, "shop-declined");
  expect(await tab.getByText("No payment has arrived yet").count()).toBe(0);
  await visitor.press("Pay by card");
  await visitor.sees("Choose how it goes");
  await tab.goBack();
  await visitor.sees("No payment has arrived yet");
}, 60_000);

test("a payment that nobody can confirm is still being looked for, and ends as tickets; then as a refund", async () => {
  const show = await plantTheatre(house.db);
  await change(show, refundable);
  const visitor = await visit(phone);
  const { tab, buyer } = visitor;
  await visitor.go(`/shows/${show}`);
  await choose(visitor, "Row D seat 1");
  await visitor.press("Hold these seats");
  await visitor.sees("Pay by card");
  const bookingId = new URL(tab.url()).pathname.split("/").at(-1) ?? "";
  if (buyer === undefined) throw new Error("Nobody is signed in");
  await house.payUnheard(buyer, bookingId, 1_000);
  await tab.reload();
  await visitor.sees("No payment has arrived yet. If you have paid, wait a moment");
  await keepBothSizes(tab, "shop-checking");
  expect(await visitor.faults()).toEqual([]);
  await house.stripe.mend();
  await tab.reload();
  await visitor.sees("Your tickets are ready");
  expect((await buyer.refund(bookingId)).status).toBeLessThan(300);
  await tab.reload();
  await visitor.sees("This booking was given back.");
  await visitor.sees(/^£10 (is on its way back|went back) to you/);
  await keepBothSizes(tab, "shop-refunded");
  expect(await visitor.faults()).toEqual([]);
}, 90_000);

test("a show that is cancelled says so, on its page, and to who has tickets and who was about to pay", async () => {
  const show = await plantTheatre(house.db);
  const [holder, payer] = [await visit(), await visit(phone)];
  await holder.go(`/shows/${show}`);
  await choose(holder, "Row D seat 1");
  await holder.press("Hold these seats");
  await holder.pay();
  await holder.sees("Your tickets are ready");
  await payer.go(`/shows/${show}`);
  await choose(payer, "Row D seat 2");
  await payer.press("Hold these seats");
  await payer.sees("Pay by card");
  const cancelling = await house.cancel(show);
  await cancelling.approve();
  await cancelling.result();
  for (const [visitor, name] of [
    [holder, "shop-cancelled"],
    [payer, "shop-cancelled-unpaid"],
  ] as const) {
    await visitor.tab.reload();
    await visitor.sees("The show has been cancelled. Whatever you paid goes back to you.");
    expect(await visitor.tab.getByRole("link", { name: "Choose again" }).count()).toBe(0);
    await keepBothSizes(visitor.tab, name);
    expect(await visitor.faults()).toEqual([]);
  }
  await holder.sees(/^£11 (is on its way back|went back) to you/);
  await eventually(async () => {
    await holder.go(`/shows/${show}`);
    return (await holder.tab.getByText("This show is cancelled").count()) > 0;
  }, 30_000);
  await keepBothSizes(holder.tab, "shop-show-cancelled");
}, 120_000);

/** Codes of a show. Days from now; `uses` are those so far. */
async function plantCodes(
  show: string,
  codes: { code: string; percent: number; usesMax: number; uses?: number; validDays: number }[],
): Promise<void> {
  for (const { code, percent, usesMax, uses = 0, validDays } of codes) {
    await house.db.query(
      `insert into promo_codes (show_id, code, percent, uses_max, uses, valid_until)
       values ($1, $2, $3, $4, $5, now() + make_interval(days => $6))`,
      [showIds.decode(show), code, percent, usesMax, uses, validDays],
    );
  }
}

/** All prices of a show become this one. */
function priced(
  show: string,
  { amountMinor, feeMinor }: { amountMinor: number; feeMinor: number },
) {
  return house.db.query(
    "update show_prices set amount_minor = $2, fee_minor = $3 where show_id = $1",
    [showIds.decode(show), amountMinor, feeMinor],
  );
}

describe("who looks like a machine", () => {
  test("solves a puzzle in the picker, without anybody's doing, and holds the seats", async () => {
    const show = await plantTheatre(house.db);
    const visitor = await visit(phone);
    await visitor.go(`/shows/${show}`);
    await choose(visitor, "Row D seat 1");
    await suspect(visitor, show);
    // Slowed down, to be seen.
    const { release } = await stopAt(visitor, "**/assets/solve-challenge.js");
    await visitor.press("Hold these seats");
    await visitor.sees("A small puzzle first");
    await keepBothSizes(visitor.tab, "shop-challenge");
    expect(await visitor.faults()).toEqual([]);
    release();
    await visitor.sees("Your seats are held for");
  }, 60_000);

  test("solves no puzzle for seats that they have dropped", async () => {
    const show = await plantTheatre(house.db);
    const visitor = await visit();
    const { tab } = visitor;
    await visitor.go(`/shows/${show}`);
    await choose(visitor, "Row D seat 1");
    await suspect(visitor, show);
    const { release } = await stopAt(visitor, "**/assets/solve-challenge.js");
    await visitor.press("Hold these seats");
    await visitor.sees("A small puzzle first");
    await choose(visitor, "Row D seat 1", "Row D seat 5");
    await tab.getByText("A small puzzle first").waitFor({ state: "detached" });
    expect(await tab.getByRole("alert").allInnerTexts()).toEqual([]);
    release();
    await visitor.press("Hold these seats");
    await visitor.sees("Your seats are held for");
    await visitor.sees("Row D seat 5");
    expect(await tab.getByText("Row D seat 1", { exact: true }).count()).toBe(0);
  }, 60_000);

  test("can hold seats also after a puzzle has gone with the picker that it stood in", async () => {
    const show = await plantFans(["D7"]);
    await change(show, "sales_open_at = now() + interval '1 hour'");
    const visitor = await visit(phone);
    await visitor.go(`/shows/${show}`);
    const chooseAsFan = async () => {
      await visitor.type("Code for fans", "FANS2026");
      await visitor.press("Use the code");
      await choose(visitor, "Row D seat 7");
    };
    await chooseAsFan();
    await suspect(visitor, show);
    const { release } = await stopAt(visitor, "**/assets/solve-challenge.js");
    await visitor.press("Hold these seats");
    await visitor.sees("A small puzzle first");
    await visitor.press("Go on without the code");
    expect(await visitor.tab.getByText("A small puzzle first").count()).toBe(0);
    await chooseAsFan();
    release();
    await visitor.press("Hold these seats");
    await visitor.sees("Your seats are held for");
  }, 60_000);

  test("answers Turnstile's widget, whose script no one else loads", async () => {
    const keys = { secretKey: "0x4AAAAAAA-local-fake", siteKey: "0x4AAAAAAA-site" };
    const standIn = createTurnstileStandIn(keys);
    const verifyUrl = await standIn.listen();
    const { origin } = new URL(verifyUrl);
    const { api } = house.system.addresses;
    const watcher = await visit(phone);
    await watcher.go(`/shows/${await plantTheatre(house.db)}`);
    await watcher.sees("All seats as a list");
    const away = watcher.tab.getByText("No connection. What you see may be old");
    try {
      await house.system.kill("api");
      await away.waitFor();
      await house.system.start("api", {
        ...{ TURNSTILE_URL: verifyUrl, TURNSTILE_SECRET_KEY: keys.secretKey },
        TURNSTILE_SITE_KEY: keys.siteKey,
      });
      const policyOf = async (path: string) =>
        (await fetch(api + path)).headers.get("content-security-policy");
      const show = await plantTheatre(house.db);
      expect(await policyOf("/")).not.toContain(origin);
      expect(await policyOf(`/shows/${show}`)).toContain(`frame-src ${origin};`);
      const visitor = await visit();
      const { tab } = visitor;
      await visitor.go(`/shows/${show}`);
      await choose(visitor, "Row D seat 1");
      await suspect(visitor, show);
      const asked = () => tab.asked.filter((url) => url.startsWith(origin));
      expect(asked()).toEqual([]);
      await visitor.press("Hold these seats");
      await visitor.sees("Your seats are held for");
      expect(asked()).toContain(`${origin}/turnstile/v0/api.js?render=explicit`);
      // Whoever was there before goes on by themselves.
      await away.waitFor({ state: "detached", timeout: 60_000 });
    } finally {
      await standIn.close();
    }
  }, 120_000);
});

/** Shows false passes until the person has to solve a challenge. */
async function suspect({ buyer }: Visitor, showId: string): Promise<void> {
  await eventually(async () => {
    const answer = await fetch(`${house.system.addresses.api}/v1/bookings/reserve`, {
      method: "POST",
      headers: { authorization: buyer?.authorization ?? "", "line-pass": "false" },
    });
    const plain = await buyer?.reserve({ showId, seatIds: [] });
    return answer.status === 403 && plain?.body.code === "CHALLENGE_REQUIRED";
  });
}

/** A file that the browser asks for comes when `release` is called. */
async function stopAt({ tab }: Visitor, address: string) {
  const { promise, resolve } = Promise.withResolvers<void>();
  await tab.route(address, async (route) => {
    await promise;
    await route.continue();
  });
  return { release: resolve };
}
