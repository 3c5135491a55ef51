import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Browser } from "playwright-core";

import { bookingIds, showIds, ticketIds, transferIds } from "../domain/ids.ts";
import { openBrowser, openTab } from "./browser.ts";
import type { Screen } from "./browser.ts";
import { createEdge } from "./edge.ts";
import type { Edge } from "./edge.ts";
import { findPageFaults } from "./find-page-faults.ts";
import { keepBothSizes } from "./keep-both-sizes.ts";
import { plantShow } from "./plant-show.ts";
import { plantTransfer } from "./plant-transfer.ts";

let edge: Edge;
let browser: Browser;
let home: string;
let ticket: { id: string; key: string };
let offer: { id: string; key: string };
beforeAll(async () => {
  [edge, browser] = await Promise.all([createEdge(), openBrowser()]);
  home = await edge.listen();
  ticket = await plantTicket();
  offer = await plantOffer();
}, 180_000);
afterAll(async () => {
  await browser.close();
  await edge.close();
}, 30_000);

describe.each<[string, Screen]>([
  ["on a small phone", { width: 320, height: 640 }],
  ["on a desk, in the dark", { width: 1_100, dark: true }],
  ["twice as large", { width: 640, height: 640, zoom: 2 }],
])("%s everybody can use", (_, screen) => {
  test.each<[string, () => string, string]>([
    ["a ticket", () => `/tickets/${ticket.id}#${ticket.key}`, "Show this code at the door"],
    ["a link that has lost its ticket", () => `/tickets/${ticket.id}`, "This link is not complete"],
    ["an offered ticket", () => `/transfers/${offer.id}#${offer.key}`, "Accept the ticket"],
    ["a link that has lost its offer", () => `/transfers/${offer.id}`, "This link is not complete"],
    ["the page after PayPal", () => `/checkout/paid?booking=bk_1`, "Booking bk_1"],
    ["the page after PayPal was left", () => `/checkout/not-paid?booking=bk_1`, "Booking bk_1"],
    ["the reference of the API", () => "/docs", "/v1/bookings/reserve"],
    ["the reference of the errors", () => "/docs/errors", "CHALLENGE_REQUIRED"],
  ])("%s", async (__, path, words) => {
    const tab = await openTab(browser, screen);
    await tab.goto(`${home}${path()}`);
    await tab.getByText(words).first().waitFor();
    expect(await findPageFaults(tab)).toEqual([]);
    await tab.context().close();
  });
});

test("who accepts a ticket sees it at once, and saves it as a PDF and in the calendar", async () => {
  const tab = await openTab(browser, { width: 390, height: 844 });
  const { id, key } = await plantOffer();
  await tab.goto(`${home}/transfers/${id}#${key}`);
  await tab.getByText("Stalls, row A, seat 1").waitFor();
  await keepBothSizes(tab, "ticket-offered");
  await tab.getByRole("button", { name: "Accept the ticket" }).click();
  await tab.getByRole("img", { name: "The code of this ticket" }).waitFor();
  await keepBothSizes(tab, "ticket");
  for (const [name, file] of [
    ["PDF", "ticket.pdf"],
    ["Calendar", "event.ics"],
  ] as const) {
    const [download] = await Promise.all([
      tab.waitForEvent("download"),
      tab.getByRole("button", { name }).click(),
    ]);
    expect(download.suggestedFilename()).toBe(file);
  }
  await tab.goBack();
  await tab.getByText("This ticket was accepted").waitFor();
  await keepBothSizes(tab, "ticket-accepted");
  expect(await tab.getByRole("button", { name: "Accept the ticket" }).isVisible()).toBe(false);
  await tab.context().close();
});

test("control: a page with faults is told each of them", async () => {
  const tab = await openTab(browser, { width: 320 });
  const faulty = `<meta name="viewport" content="width=device-width"><title>Faulty</title><main><h1 id="a">Pale</h1><p style="color: #ccc">Pale</p>
    <button></button><progress id="a"></progress><img src="http://127.0.0.1:1/x.png" alt="">
    <p style="width: 900px">Wide</p></main>`;
  await tab.route(`${home}/faulty`, (route) =>
    route.fulfill({ body: faulty, contentType: "text/html" }),
  );
  await tab.goto(`${home}/faulty`);
  const found = (await findPageFaults(tab)).join("\n");
  for (const fault of ["html-has-lang", "color-contrast", "button-name", "without a name"]) {
    expect(found).toContain(fault);
  }
  for (const fault of ["too wide", "there twice: #a", "asked http://127.0.0.1:1/x.png"]) {
    expect(found).toContain(fault);
  }
});

/** A ticket that somebody wants somebody else to have. */
async function plantOffer(): Promise<{ id: string; key: string }> {
  const { transfer } = await plantTransfer(edge.database.pool);
  const id = transferIds.encode({ id: transfer.transferId, showId: transfer.showId });
  return { id, key: edge.links.access(id) };
}

async function plantTicket(): Promise<{ id: string; key: string }> {
  const { pool } = edge.database;
  const show = await plantShow(pool);
  const buyer = await edge.signIn();
  const { body } = await edge.send("POST", "/v1/bookings/reserve", {
    json: { showId: showIds.encode(show), seatIds: ["A1"], userId: buyer.userId },
    headers: { ...buyer.headers, "idempotency-key": randomUUID() },
  });
  const [ticketId, booking] = [randomUUID(), bookingIds.decode(String(body["bookingId"]))];
  await pool.query(
    `insert into tickets (show_id, ticket_id, booking_id, seat_id, user_id, issued_at)
     values ($1, $2, $3, 'A1', $4, now())`,
    [show, ticketId, booking.id, buyer.userId],
  );
  const id = ticketIds.encode({ id: ticketId, showId: show });
  return { id, key: edge.links.access(id) };
}
