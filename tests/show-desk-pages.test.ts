import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Browser } from "playwright-core";

import { itemSchemas } from "../adapters/postgres/catalogue-file.ts";
import { compSeats } from "../adapters/postgres/comp-seats.ts";
import { keepSeats } from "../adapters/postgres/keep-seats.ts";
import { savePerson } from "../adapters/postgres/people.ts";
import { refundTickets } from "../adapters/postgres/refunds.ts";
import { expandLayout } from "../domain/expand-layout.ts";
import { listShowSeats } from "../domain/places.ts";
import { demoLayouts } from "../local/demo-data/demo-layouts.ts";
import { localKeys } from "../local/local-keys.ts";
import { createSealing } from "../platform/sealing.ts";
import { deskScreens, openBrowser, openTab } from "./browser.ts";
import type { Screen, Tab } from "./browser.ts";
import { createEdge } from "./edge.ts";
import type { Edge } from "./edge.ts";
import { eventually } from "./eventually.ts";
import { findPageFaults } from "./find-page-faults.ts";
import { keepPicture } from "./keep-picture.ts";
import { plantHouse } from "./plant-house.ts";
import { plantChannel } from "./plant-seat-rules.ts";
import { holdBooking, sellBooking } from "./sell-booking.ts";

let edge: Edge;
let browser: Browser;
let house: Awaited<ReturnType<typeof plantHouse>>;
let home: string;

beforeAll(async () => {
  edge = await createEdge();
  home = await edge.listen();
  browser = await openBrowser();
  house = await plantTheatre();
}, 180_000);
afterAll(async () => {
  await browser.close();
  await edge.close();
}, 30_000);

test.each(deskScreens)("an organiser can use the pages of a show %s", async (name, screen) => {
  const tab = await signIn(screen);
  for (const page of [
    "",
    "/map",
    "/change",
    "/promo-codes",
    "/changes",
    "/door",
    "/seats/ST-F-7",
    "/seats/ST-A-1",
  ]) {
    await tab.goto(`${home}${house.page}${page}`);
    expect(await look(tab, `show${page} ${name}`)).toEqual([]);
  }
  await tab.goto(`${home}${house.page.replace(/\/shows.*/, "/sales")}`);
  expect(await look(tab, `sales ${name}`)).toEqual([]);
});

test("on the map a seat is clicked; by keyboard it is found and opened, and what it is is said", async () => {
  const tab = await signIn({ width: 1_100 });
  await tab.goto(`${home}${house.page}/map`);
  await tab.click('[data-seat="ST-F-7"]');
  await eventually(async () => (await addressOf(tab)).endsWith("/seats/ST-F-7"));
  expect(await tab.evaluate("document.body.innerText")).toContain("asha@example.com");

  await tab.goto(`${home}${house.page}/map`);
  await tab.evaluate("document.querySelector('#hall').focus()");
  for (const key of ["ArrowDown", "ArrowDown", "ArrowRight"]) await tab.keyboard.press(key);
  const said = await tab.evaluate<string>("document.querySelector('#map-seat').textContent");
  expect(said).toMatch(/^[A-Z]+-[A-Z]-\d+: \w+$/);
  await tab.keyboard.press("Enter");
  await eventually(async () => (await addressOf(tab)).endsWith(said.split(":")[0] ?? "?"));
});

test("without a script a seat is found by its id and its buyer is moved", async () => {
  const tab = await signIn({ withoutScript: true });
  await tab.goto(`${home}${house.page}/map`);
  await tab.evaluate("document.querySelector('#seat').value = 'st-f-8'");
  await tab.click("form[action$='/find'] button");
  await tab.evaluate("document.querySelector('#to').value = 'st-g-1'");
  await tab.click("form[action$='/moves'] button");
  await eventually(async () => (await addressOf(tab)).endsWith("/seats/ST-G-1"));
  expect(await tab.evaluate("document.body.innerText")).toContain("asha@example.com");
});
async function signIn(screen: Screen): Promise<Tab> {
  const tab = await openTab(browser, screen);
  const { userId } = house.people.owner;
  const value = await edge.identity.issue({ sub: userId });
  await tab.context().addCookies([{ url: `${home}/desk`, name: "desk", value }]);
  return tab;
}

async function addressOf(tab: Tab): Promise<string> {
  return new URL(tab.url()).pathname;
}

/** What keeps somebody from using the page. */
async function look(tab: Tab, name: string): Promise<string[]> {
  const faults = await findPageFaults(tab);
  await keepPicture(tab, name);
  return faults;
}

/** The demo's theatre in the middle of its sale. */
async function plantTheatre() {
  const db = edge.database.pool;
  const planted = await plantHouse(edge, { seatsPerBuyerMax: 100 });
  const { showId } = planted;
  const { key: _, ...plan } = itemSchemas.layouts.parse(
    demoLayouts().find(({ key }) => key.startsWith("theatre")),
  );
  const expanded = expandLayout(plan, []);
  if (expanded.outcome === "refused") throw new Error("The demo's theatre is no layout");
  const { layout } = expanded;
  await db.query("insert into layouts values ('theatre', $1, $2)", [
    ...[JSON.stringify(layout), listShowSeats(layout).length],
  ]);
  await db.query("delete from show_seats where show_id = $1", [showId]);
  await db.query("update shows set layout_hash = 'theatre' where show_id = $1", [showId]);
  const seats = listShowSeats(layout);
  const codes = [...new Set(seats.map(({ priceCode }) => priceCode))];
  await db.query(
    `insert into show_prices (show_id, price_code, name, amount_minor, fee_minor, tax_basis_points)
     select $1, code, initcap(code), 2000 + 1500 * nth, 250, 2000
     from unnest($2::text[]) with ordinality as price (code, nth) on conflict do nothing`,
    [showId, codes],
  );
  await db.query(
    `insert into show_seats (show_id, seat_id, price_code)
     select $1, seat_id, price_code from unnest($2::text[], $3::text[]) as seat (seat_id, price_code)`,
    [showId, seats.map(({ id }) => id), seats.map(({ priceCode }) => priceCode)],
  );
  const row = (label: string, from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (__, index) => `ST-${label}-${from + index}`);
  const sealing = createSealing(localKeys.SEALING_KEYS, localKeys.DIGEST_KEY);
  const userId = randomUUID();
  await savePerson(db, sealing, { userId, email: "asha@example.com", name: "Asha Rao" });
  const sold = await sellBooking(db, { showId, userId, seatIds: ["ST-F-7", "ST-F-8", "ST-F-9"] });
  await refundTickets(db, { ...sold, cause: "buyer:1", withFees: false, seatIds: ["ST-F-9"] });
  for (const label of ["C", "D", "E", "H"]) {
    for (const start of [1, 5, 9])
      await sellBooking(db, { showId, seatIds: row(label, start, start + 3) });
  }
  await holdBooking(db, { showId, seatIds: row("F", 1, 4) });
  await plantChannel(db, showId, { channel: "sponsors", seatIds: row("A", 1, 8) });
  await keepSeats(db, {
    ...{ showId, seatIds: row("B", 1, 4), isBlocked: true, channel: null, skipsTaken: false },
  });
  await compSeats(db, {
    ...{ showId, userId, seatIds: row("B", 5, 8), channel: null, graceSeconds: 120 },
    ...{ bookingId: randomUUID(), paymentId: randomUUID(), requestHash: "gift" },
  });
  return planted;
}
