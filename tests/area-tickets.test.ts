import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { findViolations } from "../adapters/postgres/audit/find-violations.ts";
import { savePerson } from "../adapters/postgres/people.ts";
import { showIds } from "../domain/ids.ts";
import { signIn } from "../local/buyer.ts";
import type { Buyer } from "../local/buyer.ts";
import { localKeys } from "../local/local-keys.ts";
import { createSealing } from "../platform/sealing.ts";
import { bookingBecomes, holdSeats, payFor } from "./buy-tickets.ts";
import { eventually } from "./eventually.ts";
import { plantShow } from "./plant-show.ts";
import { startSystem } from "./system.ts";
import type { System } from "./system.ts";

// What people read on a ticket without a seat, in the whole house.

let system: System;
let asha: Buyer;

beforeAll(async () => {
  system = await startSystem([
    ...(["api", "checkout", "payments", "stripe", "identity"] as const),
    ...(["relay", "notifier", "inbox"] as const),
  ]);
  asha = await signIn(system.addresses, "asha");
  const sealing = createSealing(localKeys.SEALING_KEYS, localKeys.DIGEST_KEY);
  const person = { userId: asha.userId, email: "asha@example.com", name: "Asha" };
  await savePerson(system.database.pool, sealing, person);
}, 120_000);
afterAll(() => system.close(), 30_000);

function mailAbout(words: string) {
  return eventually(async () => {
    const response = await fetch(`${system.addresses.inbox}/api/messages?to=asha@example.com`);
    const { messages } = (await response.json()) as { messages: { text: string }[] };
    return messages.find(({ text }) => text.includes(words))?.text;
  }, 30_000);
}

type Booking = {
  totalAmount: { amountMinor: number };
  seats: { seatId: string }[];
  tickets: { ticketId: string; seatId: string }[];
};

test("a seat and three places less one are paid, named on tickets and in mails, and given back one by one", async () => {
  const { pool } = system.database;
  const id = await plantShow(pool, { seats: 2, places: 100 });
  await pool.query(
    "update shows set refundable_until = now() + interval '1 hour' where show_id = $1",
    [id],
  );
  const bookingId = await holdSeats(
    asha,
    showIds.encode(id),
    ["A1"],
    [{ area: "FLOOR", quantity: 3 }],
  );
  const { body: held } = await asha.get<Booking>(`/v1/bookings/${bookingId}`);
  expect(held.totalAmount.amountMinor).toBe(1_100 + 3 * 550);
  const [, , , surplus] = held.seats.map(({ seatId }) => seatId);
  const { body: changed } = await asha.changeSeats(bookingId, { drop: [surplus ?? ""] });
  expect(changed.totalAmount.amountMinor).toBe(1_100 + 2 * 550);
  await payFor(asha, bookingId);
  await bookingBecomes(asha, bookingId, "ticketed");

  const { body: booking } = await asha.get<Booking>(`/v1/bookings/${bookingId}`);
  expect(booking.tickets.map(({ seatId }) => seatId)).toEqual(
    held.seats.slice(0, 3).map(({ seatId }) => seatId),
  );
  const seats = await Promise.all(
    booking.tickets.map(async ({ ticketId }) => {
      const ticket = await asha.get<{ seat: object }>(`/v1/tickets/${ticketId}`);
      return ticket.body.seat;
    }),
  );
  expect(seats).toMatchObject([
    { section: "Stalls", row: "A", number: 1 },
    { section: "Standing floor", row: "", number: null },
    { section: "Standing floor", row: "", number: null },
  ]);
  const mail = await mailAbout("Paid: £22.00");
  expect(mail.match(/^(Seat A1|Standing floor)$/gm)).toEqual([
    ...["Seat A1", "Standing floor", "Standing floor"],
  ]);

  const [, place] = booking.tickets.map(({ seatId }) => seatId);
  expect((await asha.refund(bookingId, [place ?? ""])).status).toBe(202);
  expect(await mailAbout("Given back: Standing floor")).toContain("£5.00 has gone back");
  expect((await asha.refund(bookingId)).status).toBe(202);
  await mailAbout("Given back: A1, Standing floor");
  expect(await findViolations(pool, { showId: id })).toEqual([]);
}, 120_000);
