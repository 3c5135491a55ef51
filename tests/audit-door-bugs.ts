import { randomUUID } from "node:crypto";

import { admit } from "../adapters/postgres/entries.ts";
import { moveSeats } from "../adapters/postgres/move-seats.ts";
import type { Queryable } from "../adapters/postgres/pool.ts";
import { refundTickets } from "../adapters/postgres/refunds.ts";
import type { Bug } from "./audit-bugs.ts";
import { plantShow } from "./plant-show.ts";
import { ticketOf } from "./plant-transfer.ts";
import { sellBooking } from "./sell-booking.ts";

/** One careless change each to how people are let in, and what shows it. */
export const doorBugs: Bug[] = [
  {
    name: "a void ticket lets somebody in",
    slips: [{ of: "admit", from: "and ticket.status = 'live'", to: "" }],
    scenario: givenBackThenScanned,
    breaks: ["I14"],
  },
  {
    name: "a refund does not look whether somebody is inside",
    slips: [
      {
        of: "refund_tickets_with_news",
        from: "refuse_entered(p_show_id, p_booking_id, p_seat_ids)",
        to: "null::jsonb",
      },
    ],
    scenario: scannedThenGivenBack,
    breaks: ["I14"],
  },
  {
    name: "a move does not look whether somebody is inside",
    slips: [
      {
        of: "move_seats_with_news",
        from: "refuse_entered(p_show_id, p_booking_id, p_from)",
        to: "null::jsonb",
      },
    ],
    scenario: scannedThenMoved,
    breaks: ["I14"],
  },
  {
    name: "nobody hears of two people on one ticket",
    slips: [{ of: "admit", from: "'EntryConflicted'", to: "'TicketsResent'" }],
    scenario: letInTwice,
    breaks: ["I4"],
  },
];

async function sold(db: Queryable) {
  const booking = await sellBooking(db, { showId: await plantShow(db), seatIds: ["A1", "A2"] });
  return { ...booking, ticketId: await ticketOf(db, booking, "A1") };
}

/** By a device of its own, without the network. */
async function scan(db: Queryable, { showId, ticketId }: { showId: string; ticketId: string }) {
  const place = { showId, userId: randomUUID(), deviceId: randomUUID(), gate: "main" };
  const scans = [{ scanId: randomUUID(), ticketId, scannedAtMs: Date.now(), wasAdmitted: true }];
  await admit(db, { ...place, scans });
}

async function giveBack(db: Queryable, booking: { showId: string; bookingId: string }) {
  await refundTickets(db, { ...booking, cause: "buyer:one", seatIds: ["A1"], withFees: true });
}

async function givenBackThenScanned(db: Queryable): Promise<void> {
  const booking = await sold(db);
  await giveBack(db, booking);
  await scan(db, booking);
}

async function scannedThenGivenBack(db: Queryable): Promise<void> {
  const booking = await sold(db);
  await scan(db, booking);
  await giveBack(db, booking);
}

async function scannedThenMoved(db: Queryable): Promise<void> {
  const booking = await sold(db);
  await scan(db, booking);
  await moveSeats(db, { ...booking, moves: [{ fromSeatId: "A1", toSeatId: "A5" }] });
}

async function letInTwice(db: Queryable): Promise<void> {
  const booking = await sold(db);
  await scan(db, booking);
  await scan(db, booking);
}
