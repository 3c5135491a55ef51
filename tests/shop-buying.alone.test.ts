import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Browser } from "playwright-core";

import { bookingIds } from "../domain/ids.ts";
import { openBrowser } from "./browser.ts";
import type { Screen } from "./browser.ts";
import { eventually } from "./eventually.ts";
import { openFingers } from "./fingers.ts";
import { keepBothSizes } from "./keep-both-sizes.ts";
import { keepPicture } from "./keep-picture.ts";
import { measureInputs, percentile } from "./measure-inputs.ts";
import { arena, plantArena, plantTheatre, theatre } from "./plant-hall.ts";
import { openShop } from "./shop.ts";
import type { Shop } from "./shop.ts";
import { choose, middleOfMap, openVisitor, seatOnMap, signInByMail } from "./shop-visitor.ts";
import { standInForStripe } from "./stripe-form.ts";

let shop: Shop;
let browser: Browser;
let show: string;
beforeAll(async () => {
  const names = ["api", "checkout", "payments", "stripe", "identity", "signIn", "inbox"] as const;
  shop = await openShop({ names: [...names, "paypal"] });
  browser = await openBrowser();
  show = await plantTheatre(shop.db);
}, 180_000);
afterAll(async () => {
  await browser.close();
  await shop.close();
}, 60_000);

const visit = (screen?: Screen & { isKnown?: boolean }) => openVisitor({ shop, browser }, screen);

test("from home to tickets with a mouse, signing in on the way: at most twelve actions", async () => {
  const visitor = await visit({ isKnown: false, width: 1_200, height: 1_000 });
  const { tab } = visitor;
  await visitor.go("/");
  await visitor.press(/Night in the Theatre/, "link");
  await visitor.press(/Test venue|Hall 1/, "link");
  await visitor.sees("Your seats");
  for (const seatId of ["D7", "D8"]) {
    const { x, y } = await seatOnMap(visitor, theatre, seatId);
    await tab.mouse.move(x, y);
    await tab.getByText(`Row D seat ${seatId.slice(1)}, £11, free`).waitFor();
    await tab.mouse.click(x, y);
  }
  await visitor.sees("Row D seat 8 chosen. 2 seats, £22.");
  await keepBothSizes(tab, "shop-seats");
  expect(await visitor.faults()).toEqual([]);
  await visitor.press("Hold these seats");
  await visitor.sees("Sign in, and the seats are held for you.");
  await keepBothSizes(tab, "shop-seats-sign-in");
  expect(await visitor.faults()).toEqual([]);
  await signInByMail(shop, visitor);
  await visitor.sees("Your seats are held for");
  await visitor.sees("Row D seat 7");
  await keepBothSizes(tab, "shop-held");
  expect(await visitor.faults()).toEqual([]);
  await visitor.pay();
  await visitor.sees("Your tickets are ready");
  await keepBothSizes(tab, "shop-paid");
  const actions = visitor.actions() + 2;
  process.stderr.write(`from home to tickets: ${actions} actions\n`);
  expect(actions).toBeLessThanOrEqual(12);
  expect(await visitor.leaks()).toEqual([]);
}, 90_000);

test("the best seats on a phone, in the dark, with a declined card first: every state survives a reload", async () => {
  const visitor = await visit({ width: 390, height: 844, dark: true });
  const { tab } = visitor;
  await visitor.go(`/shows/${show}`);
  await visitor.press("Find seats");
  await visitor.sees("2 seats found.");
  await keepPicture(tab, "shop-seats-dark");
  expect(await visitor.faults()).toEqual([]);
  await visitor.press("Hold these seats");
  await visitor.sees("Your seats are held for");
  await tab.reload();
  await visitor.sees("Pay by card");
  await visitor.press("Pay by card");
  await visitor.press("Card declined");
  await visitor.sees(/declined/);
  await visitor.press("Back to the shop", "link");
  await visitor.sees("The card was declined, and nothing was taken.");
  expect(await visitor.faults()).toEqual([]);
  await tab.reload();
  await visitor.sees("The card was declined, and nothing was taken.");
  expect(await visitor.faults()).toEqual([]);
  await visitor.pay();
  await visitor.sees("Your tickets are ready");
  await tab.reload();
  await visitor.sees("Your tickets are ready");
  expect(await visitor.faults()).toEqual([]);
  expect(await visitor.leaks()).toEqual([]);
}, 90_000);

test("a keyboard is enough to buy", async () => {
  const visitor = await visit();
  const { keyboard } = visitor.tab;
  const tabTo = async (name: RegExp) => {
    for (let stop = 0; stop < 60; stop += 1) {
      await keyboard.press("Tab");
      const focused = visitor.tab.locator(":focus");
      if ((await focused.count()) === 0) continue;
      const label = (await focused.getAttribute("aria-label")) ?? (await focused.textContent());
      if (name.test(label ?? "")) return;
    }
    throw new Error(`Tab does not lead to ${name.source}`);
  };
  await visitor.go(`/shows/${show}`);
  await visitor.sees("All seats as a list");
  await tabTo(/All seats as a list/);
  await keyboard.press("Enter");
  await tabTo(/^Row A seat 1,/);
  for (const key of ["ArrowDown", "ArrowDown", "End", "ArrowLeft", "Enter"])
    await keyboard.press(key);
  await visitor.sees("Row C seat 13 chosen. One seat, £11.");
  await keyboard.press("ArrowRight");
  await keyboard.press("Space");
  await visitor.sees("Row C seat 14 chosen. 2 seats, £22.");
  await tabTo(/Hold these seats/);
  await keyboard.press("Enter");
  await visitor.sees("Pay by card");
  await tabTo(/Pay by card/);
  await keyboard.press("Enter");
  await visitor.sees("Choose how it goes");
  await tabTo(/Pay with a good card/);
  await keyboard.press("Enter");
  await visitor.sees("The money is set aside");
  await tabTo(/Back to the shop/);
  await keyboard.press("Enter");
  await visitor.sees("Your tickets are ready");
  expect(await visitor.leaks()).toEqual([]);
}, 90_000);

test("a seat that two want: one holds it, the other is told within a second and takes the nearest in one click", async () => {
  const [fast, slow, other] = await Promise.all([
    visit(),
    visit({ width: 390, height: 844 }),
    visit(),
  ]);
  for (const visitor of [fast, slow, other]) {
    await visitor.go(`/shows/${show}`);
    await choose(visitor, "Row E seat 5", "Row E seat 6");
  }
  const heldAt = fast.tab.waitForResponse("**/v1/bookings/reserve").then(() => performance.now());
  const lost = slow.tab.getByText("Somebody else was faster: Row E seat 5 and Row E seat 6");
  const toldAt = lost.waitFor().then(() => performance.now());
  await fast.press("Hold these seats");
  const tookMs = (await toldAt) - (await heldAt);
  process.stderr.write(
    `a seat turned grey elsewhere ${tookMs.toFixed(0)} ms after its buyer was told that it is held\n`,
  );
  expect(tookMs).toBeLessThan(1_000);
  await slow.sees("The nearest that fits:");
  await slow.sees("Seats lost. What now?");
  await keepBothSizes(slow.tab, "shop-lost");
  expect(await slow.faults()).toEqual([]);
  // On a phone the way there is in sight, wherever on the map somebody is.
  await slow.press("Seats lost. What now?", "link");
  await eventually(() => slow.tab.evaluate<boolean>(isInSight("#seats-lost")));
  await slow.press("Take these instead");
  expect(await slow.focus()).not.toBe("nowhere");
  await slow.press("Hold these seats");
  await slow.sees("Your seats are held for");
  // Whoever has the best seats found instead is told of those, and of the loss no more.
  await other.sees("The nearest that fits:");
  await other.press("Find seats");
  await other.sees("2 seats found.");
  expect(await other.tab.getByText("Somebody else was faster").count()).toBe(0);
  const { rows } = await shop.db.query(
    "select distinct booking_id from show_seats where seat_id in ('E5', 'E6') and status <> 'available'",
  );
  expect(rows).toHaveLength(1);
}, 60_000);

test("an order whose answer is lost on the way loses no seats, and is found by trying again", async () => {
  const visitor = await visit();
  const { tab } = visitor;
  await visitor.go(`/shows/${show}`);
  await choose(visitor, "Row B seat 1");
  await tab.route("**/v1/bookings/reserve", async (route) => {
    await route.fetch();
    await route.abort();
  });
  await visitor.press("Hold these seats");
  await visitor.sees("No answer has come yet.");
  // By now the stream has said for seconds that the seat is held.
  await tab.getByRole("button", { name: "Remove Row B seat 1" }).waitFor();
  expect(await tab.getByText("Somebody else was faster").count()).toBe(0);
  await tab.unroute("**/v1/bookings/reserve");
  await visitor.press("Hold these seats");
  await visitor.sees("Your seats are held for");
  const { rows } = await shop.db.query("select user_id from bookings where user_id = $1", [
    visitor.buyer?.userId,
  ]);
  expect(rows).toHaveLength(1);
}, 60_000);

test("a double click holds once, and seats of a hold are changed and given back", async () => {
  const visitor = await visit();
  const { tab } = visitor;
  await visitor.go(`/shows/${show}`);
  await choose(visitor, "Row F seat 1");
  await tab.getByRole("button", { name: "Hold these seats" }).dblclick();
  await visitor.sees("Your seats are held for");
  const reserves = tab.asked.filter((url) => url.endsWith("/v1/bookings/reserve"));
  expect(reserves).toHaveLength(1);
  await visitor.press("Choose other seats");
  await choose(visitor, "Row F seat 1", "Row F seat 2", "Row F seat 3");
  expect(await visitor.faults()).toEqual([]);
  await visitor.press("Change my seats");
  await visitor.sees("Your seats are changed.");
  await visitor.sees("Row F seat 3");
  expect(await tab.getByText("Row F seat 1").count()).toBe(0);
  expect(await visitor.focus()).toBe("Choose other seats");
  await visitor.press("I need more time");
  await visitor.sees("You have some more minutes.");
  expect(await visitor.focus()).toBe("I need more time");
  await visitor.press("Give the seats back");
  expect(await visitor.focus()).toBe("Really give them back?");
  await visitor.press("Really give them back?");
  await visitor.sees("The seats were given back. Nothing was taken.");
  expect(await visitor.focus()).not.toBe("nowhere");
  expect(await visitor.faults()).toEqual([]);
}, 60_000);

test("places of an area are counted, and paid with PayPal", async () => {
  const visitor = await visit();
  await visitor.go(`/shows/${show}`);
  await visitor.press("One more: Standing floor");
  await visitor.press("One more: Standing floor");
  await visitor.sees("2 × Standing");
  await visitor.press("Hold these seats");
  await visitor.sees("Standing floor, standing");
  await visitor.press("Pay with PayPal");
  await visitor.tab.waitForURL((url) => url.origin === shop.system.addresses.paypal);
  await visitor.tab.locator("button.main").click();
  await visitor.press("See your booking", "link");
  await visitor.sees("Your tickets are ready");
  expect(await visitor.leaks()).toEqual([]);
}, 60_000);

test("20,000 seats follow the hand: zoom, move, point, choose, while others are sold, and the keys of their list", async () => {
  const arenaShow = await plantArena(shop.db);
  const visitor = await visit({ width: 1_200, height: 1_000 });
  const { tab } = visitor;
  await visitor.go(`/shows/${arenaShow}`);
  await visitor.sees("Your seats");
  const { x, y } = await middleOfMap(visitor);
  // Ten seats go to somebody else meanwhile.
  const sold = Array.from({ length: 10 }, (_, index) => `1-${index + 1}-1`);
  const selling = sold.map((seatId) => shop.ben.reserve({ showId: arenaShow, seatIds: [seatId] }));
  const { timesMs, cpuMsMean, screenStrokesMax } = await measureInputs(tab, async () => {
    await tab.mouse.move(x, y);
    for (let turn = 0; turn < 12; turn += 1) await tab.mouse.wheel(0, -60);
    await tab.mouse.down();
    for (let step = 0; step < 60; step += 1) await tab.mouse.move(x + step * 4, y + step * 2);
    await tab.mouse.up();
    for (let step = 0; step < 60; step += 1) await tab.mouse.move(x - step * 3, y + step);
    for (let seat = 0; seat < 20; seat += 1) await tab.mouse.click(x - 150 + seat * 15, y);
    for (let turn = 0; turn < 12; turn += 1) await tab.mouse.wheel(0, 60);
  });
  expect((await Promise.all(selling)).map(({ status }) => status)).toEqual(sold.map(() => 201));
  process.stderr.write(`20,000 seats on a map: ${describeTimes({ timesMs, cpuMsMean })}\n`);
  await keepPicture(tab, "shop-arena-desktop");
  await visitor.sees(/^Night in the Arena/);
  expect(await tab.getByText(/chosen\.|removed\.|You can have 10 at most/).count()).toBeGreaterThan(
    0,
  );
  expect(timesMs.length).toBeGreaterThan(100);
  // The ground and two pictures of the hall, however many seats there are.
  expect(screenStrokesMax).toBeGreaterThan(0);
  expect(screenStrokesMax).toBeLessThanOrEqual(3);
  // It was 2 to 3 ms. Of the time on the clock, 50 ms are the goal; whoever shares the processor is in it.
  expect(cpuMsMean).toBeLessThan(20);
  expect(percentile(timesMs, 95)).toBeLessThan(500);

  await tab.getByText("All seats as a list").click();
  await tab.locator('[data-position="0"]').focus();
  const keys = Array.from({ length: 24 }, (_, index) => (index % 2 ? "ArrowDown" : "ArrowRight"));
  const inList = await measureInputs(tab, async () => {
    for (const key of keys) await tab.keyboard.press(key);
  });
  process.stderr.write(`2,000 of them in a list, by keys: ${describeTimes(inList)}\n`);
  // It was 4 to 6 ms.
  expect(inList.cpuMsMean).toBeLessThan(40);
  // The seat that the keys leave and the one that they come to.
  expect(inList.pageChanges).toBe(2 * keys.length);
  expect(await tab.evaluate("document.activeElement.dataset.position")).toBe(String(12 * 40 + 12));
}, 90_000);

test("fingers on a map: two zoom around what is between them, one moves it, a double tap is one, the page stays", async () => {
  const visitor = await visit({ width: 390, height: 844, isPhone: true });
  const { tab } = visitor;
  await visitor.go(`/shows/${await plantArena(shop.db)}`);
  await visitor.sees("Your seats");
  await middleOfMap(visitor);
  const { x, y } = await seatOnMap(visitor, arena, "2-5-10");
  const fingers = await openFingers(tab);
  const page = () =>
    tab.evaluate("[scrollY, visualViewport.scale, visualViewport.offsetTop].join()");
  const before = await page();
  const tapAndSee = async (at: { x: number; y: number }, news: string) => {
    await fingers.tap(at);
    await visitor.sees(`Row 5 seat 10 ${news}`);
  };

  for (let half = 10; half <= 170; half += 4) {
    await fingers.at({ x, y: y - half }, { x, y: y + half });
  }
  // The other one is lifted.
  await fingers.stroke({ x, y: y - 170 }, { x: x + 50, y: y - 120 });
  await tapAndSee({ x: x + 50, y: y + 50 }, "chosen");
  await fingers.stroke({ x, y }, { x: x + 80, y });
  await tapAndSee({ x: x + 130, y: y + 50 }, "removed");

  await fingers.stroke({ x: x + 80, y }, { x, y });
  await fingers.tap({ x: x + 50, y: y + 50 }, 2);
  await visitor.sees("Row 5 seat 10 chosen");
  expect(await page()).toBe(before);

  // Each tap comes closer until seats are as large as they get, and chooses none.
  await visitor.press("Whole hall");
  await fingers.tap(await middleOfMap(visitor), 5);
  expect(await tab.getByRole("button", { name: /^Remove Section/ }).count()).toBe(1);
}, 90_000);

test("20,000 seats follow two fingers", async () => {
  const visitor = await visit({ width: 390, height: 844, isPhone: true });
  const { tab } = visitor;
  await visitor.go(`/shows/${await plantArena(shop.db)}`);
  await visitor.sees("Your seats");
  const { x, y } = await middleOfMap(visitor);
  const fingers = await openFingers(tab);
  const { timesMs, cpuMsMean, screenStrokesMax } = await measureInputs(tab, async () => {
    for (let round = 0; round < 2; round += 1) {
      for (let half = 30; half < 150; half += 4)
        await fingers.at({ x, y: y - half }, { x, y: y + half });
      await fingers.at();
      for (let half = 150; half > 30; half -= 4)
        await fingers.at({ x, y: y - half }, { x, y: y + half });
      await fingers.at();
    }
  });
  process.stderr.write(
    `20,000 seats under two fingers: ${describeTimes({ timesMs, cpuMsMean })}\n`,
  );
  expect(timesMs.length).toBeGreaterThan(100);
  expect(screenStrokesMax).toBeGreaterThan(0);
  expect(screenStrokesMax).toBeLessThanOrEqual(3);
  expect(cpuMsMean).toBeLessThan(20);
  expect(percentile(timesMs, 95)).toBeLessThan(500);
}, 90_000);

/** The whole of it, while the page is still on its way there or not. */
function isInSight(selector: string): string {
  return `(({ top, bottom }) => top >= 0 && bottom <= innerHeight)(document.querySelector("${selector}").getBoundingClientRect())`;
}

function describeTimes({ timesMs, cpuMsMean }: { timesMs: number[]; cpuMsMean: number }): string {
  const [p50, p95] = [50, 95].map((percent) => percentile(timesMs, percent).toFixed(0));
  return `${timesMs.length} inputs to the end of their frame, p50 ${p50} ms, p95 ${p95} ms, with ${cpuMsMean.toFixed(1)} ms of work each`;
}

test("a card is typed into Stripe's own form, whose script is loaded by who pays by card and by nobody else", async () => {
  const policyOf = async () =>
    (await fetch(`${shop.system.addresses.api}/bookings/${unknownBooking}`)).headers.get(
      "content-security-policy",
    );
  expect(await policyOf()).not.toContain("stripe");
  await shop.system.kill("api");
  await shop.system.start("api", { STRIPE_PUBLISHABLE_KEY: "pk_test_marquee_local_fake" });
  const scripts = "https://js.stripe.com https://*.js.stripe.com";
  expect(await policyOf()).toContain(`script-src 'self' ${scripts};`);
  expect(await policyOf()).toContain(`frame-src ${scripts} https://hooks.stripe.com`);

  const visitor = await visit({ width: 390, height: 844 });
  const { tab } = visitor;
  await standInForStripe(visitor, ["incomplete", "pm_card_chargeDeclined", "pm_card_visa"]);
  await visitor.go(`/shows/${show}`);
  await visitor.press("Find seats");
  await visitor.press("Hold these seats");
  await visitor.sees("Your seats are held for");
  const asked = () => tab.asked.filter((url) => url.includes("stripe.com"));
  expect(asked()).toEqual([]);
  await visitor.press("Pay by card");
  await visitor.sees("Stripe's frame");
  expect(await visitor.focus()).toMatch(/^Pay £/);
  expect(asked()).toEqual(["https://js.stripe.com/v3/"]);
  await visitor.press(/^Pay £/);
  await visitor.sees("Your card number is incomplete.");
  // No bank has said no: a payment that was begun may still be on its way.
  await tab.reload();
  await visitor.sees("No payment has arrived yet");
  expect(await tab.getByText("The card was declined").count()).toBe(0);
  await visitor.press("Pay by card");
  await visitor.sees("Stripe's frame");
  await visitor.press(/^Pay £/);
  await visitor.sees("Your card was declined.");
  expect(await visitor.focus()).toMatch(/^Pay £/);
  await visitor.press(/^Pay £/);
  await visitor.sees("Your tickets are ready");
  expect(await visitor.focus()).not.toBe("nowhere");
}, 60_000);

const unknownBooking = bookingIds.encode({ id: randomUUID(), showId: randomUUID() });

test("a hold that nobody pays ends on the screen, and leads back to the seats", async () => {
  await shop.system.kill("checkout");
  await shop.system.start("checkout", { HOLD_SECONDS: "6" });
  const visitor = await visit({ width: 390, height: 844 });
  await visitor.go(`/shows/${show}`);
  await choose(visitor, "Row G seat 1");
  await visitor.press("Hold these seats");
  await visitor.sees(/0:0[1-5]/);
  await visitor.sees("The time is over, and the seats were given back.");
  await keepBothSizes(visitor.tab, "shop-expired");
  expect(await visitor.faults()).toEqual([]);
  await visitor.press("Choose again", "link");
  await choose(visitor, "Row G seat 1");
  await visitor.sees("Row G seat 1 chosen.");
}, 60_000);
