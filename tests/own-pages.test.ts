import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import type { Buyer } from "../local/buyer.ts";
import { openTab } from "./browser.ts";
import { buyTickets, holdSeats } from "./buy-tickets.ts";
import { eventually } from "./eventually.ts";
import { findPageFaults } from "./find-page-faults.ts";
import { keepBothSizes } from "./keep-both-sizes.ts";
import { keepPicture } from "./keep-picture.ts";
import { openOwnHouse, readStored } from "./own-house.ts";
import type { OwnHouse } from "./own-house.ts";
import { otherThan, readCode } from "./read-code.ts";

let house: OwnHouse;
beforeAll(async () => {
  house = await openOwnHouse();
}, 90_000);
afterAll(() => house.close(), 30_000);

test("somebody signs in on a phone with the code from their mail, and stays signed in after a reload", async () => {
  const email = house.emailOf("asha");
  const tab = await house.open("/account");
  await tab.getByLabel("Your e-mail address").waitFor();
  await keepBothSizes(tab, "shop-sign-in");
  expect(await findPageFaults(tab)).toEqual([]);
  const code = await house.askForCode(tab, email);
  await keepBothSizes(tab, "shop-sign-in-code");
  expect(await findPageFaults(tab)).toEqual([]);
  // As pasted from the mail, with what stands around it.
  await house.typeCode(tab, ` ${code.slice(0, 3)} ${code.slice(3)}`);
  await tab.getByLabel("E-mail address for tickets").waitFor();
  expect(await tab.getByLabel("E-mail address for tickets").inputValue()).toBe(email);
  await tab.getByLabel("Name", { exact: true }).fill("Asha Rao");
  await tab.getByRole("button", { name: "Save", exact: true }).click();
  await tab.getByText("Saved.").waitFor();
  await tab.getByLabel("Phone number").fill("+44 20 7946 0000");
  await tab.getByLabel("A show is cancelled or has another time").check();
  await tab.getByRole("button", { name: "Save what we tell you" }).click();
  await eventually(async () => (await tab.getByText("Saved.").count()) === 2);
  await keepBothSizes(tab, "shop-account");
  expect(await findPageFaults(tab)).toEqual([]);

  await tab.reload();
  await tab.getByLabel("Name", { exact: true }).waitFor();
  expect(await tab.getByLabel("Name", { exact: true }).inputValue()).toBe("Asha Rao");
  expect(await tab.getByLabel("Phone number").inputValue()).toBe("+442079460000");
  expect(await house.findKept(tab, [email, code, "asha"])).toEqual([]);

  await tab.getByRole("button", { name: "Sign out here" }).click();
  await tab.getByLabel("Your e-mail address").waitFor();
}, 60_000);

test("a wrong code, an old one and another one sent are each said in a sentence", async () => {
  const email = house.emailOf("ben");
  const tab = await openTab(house.browser, { width: 1_100 });
  await tab.clock.install();
  await tab.goto(`${house.system.addresses.api}/account`);
  const code = await house.askForCode(tab, email);
  await house.typeCode(tab, otherThan(code));
  await tab.getByText("That is not the code in our newest mail.").waitFor();
  expect(await findPageFaults(tab)).toEqual([]);
  await house.system.database.pool.query(
    "update sign_in_codes set expires_at = now() - interval '1 s'",
  );
  await house.typeCode(tab, code);
  await tab.getByText("This code is over.").waitFor();

  const again = tab.getByRole("button", { name: "Send another code" });
  expect(await again.isDisabled()).toBe(true);
  await tab.clock.runFor(31_000);
  await again.click();
  await tab.getByRole("button", { name: "Send another code (in" }).waitFor();
  const mails = async () => {
    const answer = await fetch(`${house.system.addresses.inbox}/api/messages?to=${email}`);
    return ((await answer.json()) as { messages: unknown[] }).messages.length;
  };
  await eventually(async () => (await mails()) === 2);
  await house.typeCode(tab, await readCode(house.system.addresses.inbox, email));
  await tab.getByLabel("E-mail address for tickets").waitFor();
}, 60_000);

test("whoever reads German is asked in German, and the mail answers in German", async () => {
  const email = house.emailOf("cem");
  const tab = await house.open("/account?lang=de", { width: 1_100, dark: true });
  await tab.getByLabel("Ihre E-Mail-Adresse").fill(email);
  await tab.getByRole("button", { name: "Code schicken" }).click();
  const code = await readCode(house.system.addresses.inbox, email, /(\d{6}) ist Ihr Code/);
  await tab.getByLabel("Die sechs Ziffern aus der E-Mail").fill(code);
  await tab.getByRole("button", { name: "Überall abmelden" }).waitFor();
  expect(await findPageFaults(tab)).toEqual([]);
}, 60_000);

test("somebody finds what they have booked, pays, shows and gives back, and others see none of it", async () => {
  const { buyer, tab } = await house.openSignedIn(house.emailOf("dora"));
  const paid = await house.plantNamed("A winter's tale");
  const waiting = await house.plantNamed("Night trains");
  const returned = await house.plantNamed("The long way home");
  const paidId = await buyTickets(buyer, paid);
  await holdSeats(buyer, waiting, ["A1"]);
  const returnedId = await buyTickets(buyer, returned, ["A1"]);
  await buyer.refund(returnedId);

  const card = (title: string) => tab.locator("article", { hasText: title });
  await eventually(async () => {
    await tab.goto(`${house.system.addresses.api}/bookings`);
    await tab.getByRole("heading", { name: "Before" }).waitFor();
    await tab.locator("section[aria-busy=false] + section[aria-busy=false]").waitFor();
    return (await tab.locator("article").count()) === 3;
  }, 30_000);
  await card("A winter's tale").getByText("Paid").waitFor();
  await card("Night trains").getByText("Waiting for your payment").waitFor();
  await card("The long way home").getByText("Given back", { exact: true }).waitFor();
  expect(await card("Night trains").getByRole("link", { name: "Pay now" }).count()).toBe(1);
  expect(await card("Night trains").getByRole("button").count()).toBe(0);
  await keepBothSizes(tab, "shop-bookings");
  expect(await findPageFaults(tab)).toEqual([]);

  const onPhone = await house.openTabOf(tab, "/wallet");
  await onPhone.getByRole("img", { name: "The code of the ticket for A 1" }).waitFor();
  expect(await onPhone.locator("article").count()).toBe(2);
  await onPhone.locator("article .code svg path").first().waitFor();
  await keepBothSizes(onPhone, "shop-wallet");
  expect(await findPageFaults(onPhone)).toEqual([]);
  expect(await house.findKept(onPhone, [`dora.${house.run}`])).toEqual([]);

  await card("A winter's tale").getByRole("button", { name: "Give back" }).click();
  await tab.getByText("Give all 2 tickets back?").waitFor();
  await keepBothSizes(tab, "shop-give-back");
  expect(await findPageFaults(tab)).toEqual([]);
  await tab.getByRole("button", { name: "Yes, give back" }).click();
  await card("A winter's tale").getByText("Given back", { exact: true }).waitFor();
  expect(await liveTickets(buyer, paidId)).toEqual([]);
  await onPhone.reload();
  await onPhone.getByText("No tickets for what is to come.").waitFor();

  const { tab: others } = await house.openSignedIn(house.emailOf("eve"));
  await others.goto(`${house.system.addresses.api}/bookings`);
  await others.getByText("Nothing is booked.").waitFor();
}, 120_000);

test("a ticket is offered in the wallet, kept, offered again and accepted: then it is in the other's wallet and list", async () => {
  const { buyer, tab: tabOfFay } = await house.openSignedIn(house.emailOf("fay"));
  await buyTickets(buyer, await house.plantNamed("Two for one"));
  const fay = await house.openTabOf(tabOfFay, "/wallet");
  await eventually(async () => {
    await fay.reload();
    await fay.locator("article, .own-ways ~ [data-awake] a").first().waitFor();
    return (await fay.locator("article").count()) === 2;
  }, 30_000);
  const offer = async (name: string) => {
    await fay.getByRole("button", { name: "Give to somebody: A 1" }).click();
    await fay.getByLabel("Their name").fill(name);
    await fay.getByLabel("Their e-mail address").fill(house.emailOf(name));
    expect(await findPageFaults(fay)).toEqual([]);
    await fay.getByRole("button", { name: "Offer the ticket" }).click();
    await fay.getByText(`You have offered this ticket to ${name}, who may accept it`).waitFor();
  };
  await offer("gil");
  await keepBothSizes(fay, "shop-wallet-offer");
  expect(await findPageFaults(fay)).toEqual([]);
  await fay.reload();
  await fay.getByText("You have offered this ticket to somebody").waitFor();
  await fay.getByRole("button", { name: "Keep the ticket: A 1" }).click();
  await fay.getByText("You keep the ticket.").waitFor();
  await offer("gus");

  const { tab: gus } = await house.openSignedIn(house.emailOf("gus"));
  const mail = await house.mailTo(house.emailOf("gus"), "/transfers/");
  // While nobody can say who he is, it would be accepted into nobody's list, for good.
  const session = "**/v1/session/token";
  await gus.route(session, (route) => route.fulfill({ status: 503, json: { code: "BUSY" } }));
  await gus.goto(/http\S+\/transfers\/\S+/.exec(mail)?.[0] ?? "");
  await gus.getByRole("button", { name: "Accept the ticket" }).click();
  await gus.getByText("The ticket is away for the moment.").waitFor();
  await gus.unroute(session);
  await gus.reload();
  await gus.getByText("You are signed in: it will be among your tickets").waitFor();
  expect(await findPageFaults(gus)).toEqual([]);
  await gus.getByRole("button", { name: "Accept the ticket" }).click();
  await gus.getByRole("img", { name: "The code of this ticket" }).waitFor();
  const received = gus.locator("article", { hasText: "Two for one" });
  await eventually(async () => {
    await gus.goto(`${house.system.addresses.api}/bookings`);
    await gus.locator("section[aria-busy=false] + section[aria-busy=false]").waitFor();
    return (await received.count()) === 1;
  }, 30_000);
  expect(await received.innerText()).toMatch(/^Handed to you/);
  expect(await received.getByRole("button").count()).toBe(0);
  expect(await findPageFaults(gus)).toEqual([]);
  await received.getByRole("link", { name: "Tickets: Two for one" }).click();
  await gus.getByRole("img", { name: "The code of the ticket for A 1" }).waitFor();
  expect(await gus.locator("article").count()).toBe(1);
  // It is shown to her as it was.
  await fay.getByRole("button", { name: "Keep the ticket: A 1" }).click();
  await fay.getByText("This ticket was accepted. It is somebody else's now.").waitFor();
  await fay
    .getByRole("img", { name: "The code of the ticket for A 1" })
    .waitFor({ state: "detached" });
  await fay.getByRole("img", { name: "The code of the ticket for A 2" }).waitFor();

  await fay.goto(`${house.system.addresses.api}/bookings`);
  const again = fay.getByRole("button", { name: "Send tickets again: Two for one" });
  await again.click();
  await fay.getByText("Your tickets are on their way").waitFor();
  await again.click();
  await fay.getByText("In 10 minutes they can be sent again.").waitFor();
  expect(await findPageFaults(fay)).toEqual([]);
}, 120_000);

test("tickets that were seen once are there without a network, on paper too, and gone when somebody signs out", async () => {
  const { buyer, tab } = await house.openSignedIn(house.emailOf("hal"));
  const bookingId = await buyTickets(buyer, await house.plantNamed("The last tram"));
  const wallet = `${house.system.addresses.api}/wallet`;
  await eventually(async () => {
    await tab.goto(wallet);
    await tab.locator("article, .own-ways ~ [data-awake] a").first().waitFor();
    return (await tab.locator("article").count()) === 2;
  }, 30_000);
  await tab.evaluate("navigator.serviceWorker.ready.then(() => true)");
  await eventually(async () => {
    const stored = await readStored(tab);
    return stored.includes("tk_") && stored.includes("<h1>Tickets</h1>");
  });
  const codes = tab.locator("article .code svg path");
  await tab.emulateMedia({ media: "print" });
  expect(await codes.first().isVisible()).toBe(true);
  expect(await tab.getByText("Give to somebody").first().isVisible()).toBe(false);
  await keepPicture(tab, "shop-wallet-print");
  await tab.emulateMedia({ media: "screen" });

  const context = tab.context();
  await context.setOffline(true);
  await tab.reload();
  await tab.getByText("We cannot be reached. These are your tickets as they were on").waitFor();
  await codes.first().waitFor();
  await keepBothSizes(tab, "shop-wallet-offline");
  expect(await tab.locator("article").count()).toBe(2);
  expect(await findPageFaults(tab)).toEqual([]);
  expect(await house.findKept(tab, [house.run, buyer.userId])).toEqual([]);
  expect(await readStored(tab)).not.toContain(bookingId);

  await context.setOffline(false);
  await tab.goto(`${house.system.addresses.api}/account`);
  await tab.getByRole("button", { name: "Sign out here" }).click();
  await tab.getByLabel("Your e-mail address").waitFor();
  expect((await readStored(tab)).includes("tk_")).toBe(false);
  await context.setOffline(true);
  await tab.goto(wallet);
  await tab.getByText("This is away for the moment.").waitFor();
  expect(await tab.locator("article").count()).toBe(0);
}, 120_000);

test("no token, code or address stands in an address, in the browser's storage or in a log", async () => {
  const logs = await Promise.all(
    ["api", "signIn"].map((name) => readFile(join(house.system.folder, `${name}.log`), "utf8")),
  );
  expect(logs.join("").length).toBeGreaterThan(100);
  expect(logs.join("")).not.toMatch(new RegExp(`${house.run}|eyJ[\\w-]+\\.`));
});

async function liveTickets(buyer: Buyer, bookingId: string): Promise<string[]> {
  const { body } = await buyer.get<{ tickets: { ticketId: string; status: string }[] }>(
    `/v1/bookings/${bookingId}`,
  );
  return body.tickets.filter(({ status }) => status === "live").map(({ ticketId }) => ticketId);
}
