import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { showIds } from "../domain/ids.ts";
import { buyTickets } from "./buy-tickets.ts";
import type { Tab } from "./browser.ts";
import { eventually } from "./eventually.ts";
import { findPageFaults } from "./find-page-faults.ts";
import { keepBothSizes } from "./keep-both-sizes.ts";
import { openOwnHouse } from "./own-house.ts";
import type { OwnHouse } from "./own-house.ts";
import { sellBooking } from "./sell-booking.ts";

// Somebody wants seats of a sold-out show, on the pages of the shop.

let house: OwnHouse;
beforeAll(async () => {
  house = await openOwnHouse({ also: ["waitingList"] });
}, 90_000);
afterAll(() => house.close(), 30_000);

const toWaitingList = { name: "Tell me when seats come back" };
const join = { name: "Join the waiting list" };

/** A show whose seats somebody has bought, who can give them back. */
async function soldOutShow(title: string, buyerName: string, seats = 2) {
  const showId = await house.plantNamed(title, { seats });
  // No seat has this price.
  await house.system.database.pool.query(
    "insert into show_prices (show_id, price_code, name, amount_minor, fee_minor) values ($1, 'BOX', 'Box', 5000, 500)",
    [showIds.decode(showId)],
  );
  const { buyer } = await house.openSignedIn(house.emailOf(buyerName));
  const bookingId = await buyTickets(buyer, showId);
  const at = `${house.system.addresses.api}/shows/${showId}`;
  return { showId, at, giveBack: () => buyer.refund(bookingId) };
}

/** The page of a show is kept for some seconds. */
async function findSoldOut(tab: Tab, at: string): Promise<void> {
  await eventually(async () => {
    await tab.goto(at);
    return (await tab.getByRole("link", toWaitingList).count()) === 1;
  }, 30_000);
}

test("somebody finds a show sold out, joins its list, is offered the seats that come back, and is led to paying for them", async () => {
  const { at, giveBack } = await soldOutShow("Rain on tin", "fay");
  const { tab, buyer } = await house.openSignedIn(house.emailOf("gus"));
  await findSoldOut(tab, at);
  await tab.getByRole("link", toWaitingList).click();
  await tab.getByLabel("How many are you?").selectOption("2");
  await tab.getByText("Wheelchairs and prices").click();
  await tab.getByLabel("Places for wheelchairs").selectOption("1");
  await tab.getByRole("button", join).click();
  await tab.getByText("There are no such seats in this hall").waitFor();
  await keepBothSizes(tab, "shop-waiting-list-wish");
  expect(await findPageFaults(tab)).toEqual([]);

  // Companions come with somebody in a wheelchair.
  await tab.getByLabel("Companions").selectOption("1");
  await tab.getByLabel("Places for wheelchairs").selectOption("0");
  expect(await tab.getByLabel("Companions").inputValue()).toBe("0");
  await tab.getByLabel("Box, £55").check();
  const sent = tab.waitForRequest((request) => request.method() === "POST");
  await tab.getByRole("button", join).click();
  expect((await sent).postDataJSON()).toMatchObject({ priceCodes: ["BOX"], accessible: 0 });
  await tab.getByText("There are no such seats in this hall").waitFor();
  await tab.getByLabel("Box, £55").uncheck();
  await tab.getByRole("button", join).click();
  await tab.getByRole("heading", { name: "You are next." }).waitFor();
  expect(await tab.locator("h2:focus").innerText()).toBe("You are next.");
  await keepBothSizes(tab, "shop-waiting-list");
  expect(await findPageFaults(tab)).toEqual([]);

  await giveBack();
  await house.mailTo(house.emailOf("gus"), "Rain on tin");
  await tab.reload();
  await tab.getByRole("heading", { name: "There are seats for you" }).waitFor();
  await keepBothSizes(tab, "shop-waiting-list-offer");
  expect(await findPageFaults(tab)).toEqual([]);
  await tab.getByRole("link", { name: "Look at them and pay" }).click();
  await tab.waitForURL("**/bookings/*");
  const bookingId = new URL(tab.url()).pathname.split("/").at(-1) ?? "";
  const { body } = await buyer.get<{ status: string }>(`/v1/bookings/${bookingId}`);
  expect(body.status).toBe("held");
}, 90_000);

test("whoever leaves the list is asked once more, may join again, and reads it in German on a phone", async () => {
  const { showId, at } = await soldOutShow("Nobody's garden", "hal");
  const { tab: desk } = await house.openSignedIn(house.emailOf("ida"));
  await findSoldOut(desk, at);
  const tab = await house.openTabOf(desk, `/shows/${showId}/waiting-list?lang=de`);
  await tab.getByLabel("Wie viele sind Sie?").selectOption("1");
  await tab.getByRole("button", { name: "Auf die Warteliste" }).click();
  await tab.getByText("Sie sind als Nächste dran.").waitFor();
  await tab.getByRole("button", { name: "Liste verlassen" }).click();
  await tab.getByRole("button", { name: "Nein, bleiben" }).click();
  await tab.getByRole("button", { name: "Liste verlassen" }).click();
  await tab.getByRole("button", { name: "Ja", exact: true }).click();
  await tab.getByText("Sie haben die Liste verlassen.").waitFor();
  expect(await findPageFaults(tab)).toEqual([]);
  await tab.getByRole("button", { name: "Auf die Warteliste" }).click();
  await tab.getByText("Sie sind als Nächste dran.").waitFor();
}, 60_000);

test("whoever lets an offer go is off the list, and whoever is signed out everywhere is asked to sign in", async () => {
  const { at, showId, giveBack } = await soldOutShow("Salt and iron", "mia");
  const { tab, buyer } = await house.openSignedIn(house.emailOf("nat"));
  await findSoldOut(tab, at);
  expect((await buyer.waitFor(showId, { partySize: 2 })).status).toBe(201);
  const phone = await house.openTabOf(tab, `/shows/${showId}/waiting-list`);
  await giveBack();
  await house.mailTo(house.emailOf("nat"), "Salt and iron");
  await tab.goto(`${at}/waiting-list`);
  await tab.getByRole("button", { name: "Let them go" }).click();
  await tab.getByRole("button", { name: "Yes", exact: true }).click();
  await tab.getByText("You have let your offer go.").waitFor({ timeout: 20_000 });
  expect(await tab.locator("p:focus").innerText()).toContain("You have let your offer go.");
  expect(await findPageFaults(tab)).toEqual([]);
  await tab.goto(`${house.system.addresses.api}/account`);
  await tab.getByRole("button", { name: "Sign out everywhere" }).click();
  await tab.getByLabel("Your e-mail address").waitFor();
  await phone.reload();
  await phone.getByLabel("Your e-mail address").waitFor();
}, 90_000);

test("while somebody waits, whoever tries to hold a seat that is free is shown the way to the list", async () => {
  const { showId, at, giveBack } = await soldOutShow("The blue hour", "jon", 3);
  const sold = { showId: showIds.decode(showId), seatIds: ["A3"] };
  await sellBooking(house.system.database.pool, sold);
  const { buyer: waiting } = await house.openSignedIn(house.emailOf("kim"));
  // More seats than come back: nothing is offered to them.
  expect((await waiting.waitFor(showId, { partySize: 3, together: false })).status).toBe(201);
  await giveBack();
  const { tab } = await house.openSignedIn(house.emailOf("lea"));
  await tab.goto(at);
  await tab.getByText("All seats as a list").click();
  await tab.locator('[data-position="0"]').click();
  await tab.getByRole("button", { name: "Hold these seats" }).click();
  await tab.getByRole("link", { name: "To the waiting list" }).click();
  await tab.getByRole("button", join).waitFor();
}, 60_000);
