import { randomUUID } from "node:crypto";

import type { Queryable } from "../adapters/postgres/pool.ts";
import { openTransfer } from "../adapters/postgres/transfers.ts";
import { plantShow } from "./plant-show.ts";
import { sellBooking } from "./sell-booking.ts";

/** A booking of A1 and A2, in a show of its own, whose ticket for A1 is offered to somebody. */
export async function plantTransfer(db: Queryable) {
  const showId = await plantShow(db);
  const booking = await sellBooking(db, { showId, seatIds: ["A1", "A2"] });
  const ticketId = await ticketOf(db, booking, "A1");
  const transferId = randomUUID();
  const order = { showId, ticketId, fromUserId: booking.userId };
  const opened = await openTransfer(db, { ...order, transferId, toUserId: randomUUID() });
  if (opened.outcome === "refused") throw new Error(opened.code);
  return { booking, transfer: opened.transfer };
}

/** The live ticket of a booking for a seat. */
export async function ticketOf(
  db: Queryable,
  { showId, bookingId }: { showId: string; bookingId: string },
  seatId: string,
): Promise<string> {
  const { rows } = await db.query<{ id: string }>(
    `select ticket_id as id from tickets
     where show_id = $1 and booking_id = $2 and seat_id = $3 and status = 'live'`,
    [showId, bookingId, seatId],
  );
  return rows[0]?.id ?? "";
}
