import { randomUUID } from "node:crypto";

import { confirmBooking, holdSeats, issueTickets } from "../adapters/postgres/holds.ts";
import { openPayment } from "../adapters/postgres/payments.ts";
import type { Queryable } from "../adapters/postgres/pool.ts";

export type HeldBooking = {
  showId: string;
  bookingId: string;
  userId: string;
  seatIds: string[];
  amountMinor: number;
  currency: string;
};

/** Holds seats by the statements alone, for `holdSeconds`. */
export async function holdBooking(
  db: Queryable,
  wish: {
    showId: string;
    seatIds: string[];
    userId?: string;
    holdSeconds?: number;
    channel?: string;
  },
): Promise<HeldBooking> {
  const bookingId = randomUUID();
  const { showId, seatIds, userId = randomUUID(), holdSeconds = 600, channel } = wish;
  const held = await holdSeats(db, {
    ...{ bookingId, showId, userId, seatIds, holdSeconds },
    ...{ requestHash: "hash", graceSeconds: 120, deadlineMs: 0 },
    ...(channel !== undefined && { channel }),
  });
  if (held.outcome !== "held") throw new Error(`Not held: ${held.code}`);
  const { totalMinor, currency } = held;
  return { showId, bookingId, userId, seatIds, amountMinor: totalMinor, currency };
}

/** Begins to pay a held booking, in the database only. */
export async function openBookingPayment<Booking extends HeldBooking>(
  db: Queryable,
  booking: Booking,
  provider: "stripe" | "paypal" = "stripe",
): Promise<Booking & { paymentId: string }> {
  const opened = await openPayment(db, {
    ...booking,
    paymentId: randomUUID(),
    provider,
    attemptsMax: 5,
  });
  if (opened.outcome !== "open") throw new Error(`Not opened: ${opened.code}`);
  return { ...booking, paymentId: opened.paymentId };
}

/** A ticketed booking, by the statements alone. */
export async function sellBooking(
  db: Queryable,
  wish: Parameters<typeof holdBooking>[1],
): Promise<HeldBooking & { paymentId: string }> {
  const booking = await openBookingPayment(db, await holdBooking(db, wish));
  await confirmBooking(db, booking);
  await issueTickets(db, { ...booking, capturedMinor: booking.amountMinor });
  return booking;
}
