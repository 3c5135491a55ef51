import type { Queryable } from "../../adapters/postgres/pool.ts";
import { resendOwnTickets } from "../../adapters/postgres/tickets.ts";
import { DomainError, retryAfterSeconds } from "../../domain/errors.ts";
import type { OwnBooking } from "./read-booking.ts";

/** Longer than a mail takes to come; whoever asks sooner would have two of them. */
const resendPauseSeconds = 600;

/** Has a buyer's live tickets sent to them again. Throws BOOKING_NOT_FOUND, TICKET_NOT_LIVE, RATE_LIMITED. */
export function createResendTickets({ db }: { db: Queryable }) {
  return async (own: OwnBooking): Promise<void> => {
    const resent = await resendOwnTickets(db, { ...own, pauseSeconds: resendPauseSeconds });
    if (resent.outcome === "refused") throw new DomainError(resent.code);
    if (resent.outcome === "wait") {
      const { leftMs } = resent;
      throw new DomainError("RATE_LIMITED", {
        by: "booking",
        retryAfterSeconds: retryAfterSeconds(leftMs),
      });
    }
  };
}
