import { randomUUID } from "node:crypto";

import type { Buyer } from "../local/buyer.ts";
import { eventually } from "./eventually.ts";

/** A booking as its buyer reads it. */
export type BookingView = {
  status: string;
  endReason: string | null;
  tickets: { seatId: string; status: string }[];
  refunds: { amount: { amountMinor: number }; status: string }[];
};

export async function holdSeats(
  buyer: Buyer,
  showId: string,
  seatIds = ["A1", "A2"],
): Promise<string> {
  const key = randomUUID();
  // On a busy machine the first answer may be that nobody knows yet: the same key asks for the same hold.
  const { status, body } = await eventually(async () => {
    const answer = await buyer.reserve({ showId, seatIds }, key);
    return answer.status !== 202 && answer;
  }, 30_000);
  if (status !== 201) throw new Error(`Not held: ${body.code ?? status}`);
  return body.bookingId;
}

export async function payFor(buyer: Buyer, bookingId: string): Promise<void> {
  await buyer.authorise((await buyer.startPayment(bookingId)).body);
}

/** Resolves with the booking's id when the tickets are there. */
export async function buyTickets(
  buyer: Buyer,
  showId: string,
  seatIds = ["A1", "A2"],
): Promise<string> {
  const bookingId = await holdSeats(buyer, showId, seatIds);
  await payFor(buyer, bookingId);
  await bookingBecomes(buyer, bookingId, "ticketed");
  return bookingId;
}

export async function readBooking(buyer: Buyer, bookingId: string): Promise<BookingView> {
  return (await buyer.get<BookingView>(`/v1/bookings/${bookingId}`)).body;
}

export function bookingBecomes(
  buyer: Buyer,
  bookingId: string,
  status: string,
): Promise<BookingView> {
  return eventually(async () => {
    const booking = await readBooking(buyer, bookingId);
    return booking.status === status && booking;
  }, 30_000);
}
