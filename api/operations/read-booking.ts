import { findBooking } from "../../adapters/postgres/bookings.ts";
import type { StoredBooking } from "../../adapters/postgres/bookings.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import { DomainError } from "../../domain/errors.ts";

export type OwnBooking = { bookingId: string; showId: string; userId: string };

/** A booking of this buyer. Somebody else's looks like none: ids tell nothing about others. */
export async function readBooking(
  db: Queryable,
  { bookingId, showId, userId }: OwnBooking,
): Promise<StoredBooking> {
  const booking = await findBooking(db, { bookingId, showId });
  if (booking === undefined || booking.userId !== userId) {
    throw new DomainError("BOOKING_NOT_FOUND");
  }
  return booking;
}
