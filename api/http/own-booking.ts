import { bookingIds } from "../../domain/ids.ts";
import type { OwnBooking } from "../operations/read-booking.ts";

/** The booking that a path or body names, as the caller's own; whether it is theirs, the operation finds out. */
export function ownBooking(publicId: string, { userId }: { userId: string }): OwnBooking {
  const { id, showId } = bookingIds.decode(publicId);
  return { bookingId: id, showId, userId };
}
