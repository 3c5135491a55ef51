import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { uuidv7 } from "uuidv7";

import { moveSeats } from "../adapters/postgres/move-seats.ts";
import { savePerson } from "../adapters/postgres/people.ts";
import { bookingIds, showIds } from "../domain/ids.ts";
import { localKeys } from "../local/local-keys.ts";
import { createSealing } from "../platform/sealing.ts";
import { appendToOutbox } from "./append-to-outbox.ts";
import { buyTickets } from "./buy-tickets.ts";
import { eventually } from "./eventually.ts";
import { openShowChangeHouse } from "./show-change-house.ts";
import type { ShowChangeHouse } from "./show-change-house.ts";
import { refundable } from "./shop.ts";

// What buyers are told when their show is changed.

let house: ShowChangeHouse;

beforeAll(async () => {
  house = await openShowChangeHouse({
    names: ["api", "checkout", "payments", "stripe", "identity", "relay", "notifier", "inbox"],
  });
  const sealing = createSealing(localKeys.SEALING_KEYS, localKeys.DIGEST_KEY);
  const person = { userId: house.asha.userId, email: "asha@example.com", name: "Asha" };
  await savePerson(house.db, sealing, person);
}, 120_000);
afterAll(() => house.close(), 30_000);

async function mailsAbout(bookingId: string, subject: string) {
  const response = await fetch(`${house.system.addresses.inbox}/api/messages?to=asha@example.com`);
  const { messages } = (await response.json()) as {
    messages: { subject: string; text: string; html: string }[];
  };
  return messages.filter(
    (mail) => mail.subject.startsWith(subject) && mail.text.includes(bookingId),
  );
}

async function oneMailAbout(bookingId: string, subject: string) {
  const mails = await eventually(async () => {
    const found = await mailsAbout(bookingId, subject);
    return found.length > 0 && found;
  }, 30_000);
  expect(mails).toHaveLength(1);
  return mails[0];
}

test("put off, and then called off: each buyer has a mail about each, with what it means for the tickets", async () => {
  const showId = await house.plantShow();
  const bookingId = await buyTickets(house.asha, showId, ["A1", "A2"]);
  const inDays = (days: number) =>
    new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  const other = await house.reschedule(showId, {
    ...{ startsAt: `${inDays(40)}T20:15`, refundUntil: `${inDays(20)}T12:00` },
  });
  await other.approve();
  await other.result();
  const putOff = await oneMailAbout(bookingId, "New time: Test title");
  const newDay = new Date(`${inDays(40)}T12:00:00Z`);
  const dayText = newDay.toLocaleDateString("en-GB", { dateStyle: "full", timeZone: "UTC" });
  expect(putOff?.text).toContain(`It is on ${dayText} at 20:15.`);
  expect(putOff?.text).toContain("Your tickets stay valid");
  expect(putOff?.text).toMatch(/give them back until .* at 12:00\./);

  const change = await house.cancel(showId);
  await change.approve();
  await change.result();
  const calledOff = await oneMailAbout(bookingId, "Cancelled: Test title");
  expect(calledOff?.text).toContain("Your tickets for A1, A2 can no longer be used.");
  expect(calledOff?.text).toContain("£22.00, fees included, goes back");
  expect(calledOff?.html).toContain("Test title is cancelled");

  // The money has gone back too, and nobody has a second mail about it. Tickets mailed anew are the sign that the notifier has
  // come past that event.
  const { id } = bookingIds.decode(bookingId);
  await eventually(async () => {
    const { rowCount } = await house.db.query(
      "select from refunds where booking_id = $1 and status = 'succeeded'",
      [id],
    );
    return rowCount === 1;
  }, 30_000);
  await appendToOutbox(house.db, [
    {
      ...{ type: "TicketsResent", schemaVersion: 1, eventId: uuidv7(), bookingId: id },
      ...{ showId: showIds.decode(showId), userId: house.asha.userId, seatIds: [] },
      ...{ totalMinor: 0, currency: "GBP", ticketDetails: [] },
    },
  ]);
  await oneMailAbout(bookingId, "Your 0 tickets");
  expect(await mailsAbout(bookingId, "Refund:")).toEqual([]);
});

test("who gives tickets back is not told that the show is cancelled", async () => {
  const showId = await house.plantShow(refundable);
  const given = await buyTickets(house.asha, showId, ["A1"]);
  await house.asha.refund(given);
  // The mail of a later booking is the sign that the notifier has come past the event.
  const later = await buyTickets(house.asha, showId, ["A2"]);
  await oneMailAbout(later, "Your ticket for");
  expect(await mailsAbout(given, "Cancelled")).toEqual([]);
});

test("who is moved has one mail with the new seat and a ticket that opens; the old link shows a void one", async () => {
  const showId = await house.plantShow();
  const bookingId = await buyTickets(house.asha, showId, ["A1", "A2"]);
  const bought = await oneMailAbout(bookingId, "Your 2 tickets for");
  const moves = [{ fromSeatId: "A1", toSeatId: "A7" }];
  const booking = { showId: showIds.decode(showId), bookingId: bookingIds.decode(bookingId).id };
  await moveSeats(house.db, { ...booking, moves });
  await moveSeats(house.db, { ...booking, moves });
  const mail = await oneMailAbout(bookingId, "New seats: Test title");
  expect(mail?.text).toContain("A1 → A7");
  expect(await ticketsBehind(mail?.text)).toEqual([
    { seatId: "A2", status: "live" },
    { seatId: "A7", status: "live" },
  ]);
  expect(await ticketsBehind(bought?.text)).toEqual([
    { seatId: "A1", status: "void" },
    { seatId: "A2", status: "live" },
  ]);
});

/** What the links of a mail show, by seat. */
async function ticketsBehind(text = "") {
  const links = [...text.matchAll(/\/tickets\/(tk_[\w-]+)#(\S+)/g)];
  const tickets = await Promise.all(
    links.map(async ([, ticketId = "", access = ""]) => {
      const response = await fetch(`${house.system.addresses.api}/v1/tickets/${ticketId}`, {
        headers: { "ticket-access": access },
      });
      const { seat, status } = (await response.json()) as {
        seat: { seatId: string };
        status: string;
      };
      return { seatId: seat.seatId, status };
    }),
  );
  return tickets.toSorted((one, other) => (one.seatId < other.seatId ? -1 : 1));
}
