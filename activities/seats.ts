import { findBooking, holdOf } from "../adapters/postgres/bookings.ts";
import { changeHold } from "../adapters/postgres/change-hold.ts";
import * as holds from "../adapters/postgres/holds.ts";
import type { Queryable } from "../adapters/postgres/pool.ts";
import type { HoldOutcome } from "../domain/hold.ts";
import type { PaymentFact } from "../domain/payment.ts";
import type { TellSeats } from "../domain/seat-news.ts";
import type { CheckoutInput } from "../workflows/contract.ts";
import { withKnownCard } from "./with-known-card.ts";
import type { CardDependencies } from "./with-known-card.ts";

export type SeatDependencies = CardDependencies & {
  /** One statement for all who want this booking's hold in this process. Without: each run is one. */
  shareHold?: ShareHold;
  /** Tells the outside that somebody has bought, so that their turn is over. Best effort, and nobody waits for it. */
  announceSale: (showId: string, userId: string) => void;
  tellSeats: TellSeats;
};

export type ShareHold = (
  bookingId: string,
  hold: () => Promise<HoldOutcome>,
) => Promise<HoldOutcome>;

/** The statements on which correctness hangs, as activities. Each is one transaction with its own guard. */
export function createSeatActivities(dependencies: SeatDependencies) {
  const { db, announceSale, tellSeats } = dependencies;
  const { shareHold = runAlone } = dependencies;
  return {
    /** Safe to run again: the same booking id finds the hold that it already has. */
    async holdSeats(input: CheckoutInput): Promise<HoldOutcome> {
      return shareHold(input.bookingId, () => {
        const isTooLate = Date.now() > input.deadlineMs;
        return isTooLate ? earlierHold(db, input) : holds.holdSeats(db, input, tellSeats);
      });
    },

    /** Safe to run again: what is so already is left as it is. */
    async changeHold(change: Parameters<typeof changeHold>[1]): Promise<HoldOutcome> {
      return changeHold(db, change, tellSeats);
    },

    /** Safe to run again: a booking confirmed with this payment stays confirmed. */
    async confirmBooking(payment: PaymentFact): Promise<holds.ConfirmOutcome> {
      return withKnownCard(dependencies, payment, () =>
        holds.confirmBooking(db, payment, tellSeats),
      );
    },

    /** Safe to run again: tickets are written only by the step from confirmed to ticketed. */
    async issueTickets(
      // Checkouts that began before there were lines do not say whose they are.
      booking: holds.BookingKey & { capturedMinor: number; userId?: string },
    ): Promise<{ tickets: number; openPayments: number }> {
      const issued = await holds.issueTickets(db, booking);
      // A captured booking is always confirmed; anything else must stop here and be looked at, not be refunded by guess.
      if (issued.outcome === "refused")
        throw new Error("Captured money for an unconfirmed booking");
      if (booking.userId !== undefined) announceSale(booking.showId, booking.userId);
      return { tickets: issued.tickets, openPayments: issued.openPayments };
    },

    /** Safe to run again: it frees only seats that are still this booking's. */
    async releaseBooking(
      booking: Parameters<typeof holds.releaseBooking>[1],
    ): Promise<holds.ReleaseOutcome> {
      return holds.releaseBooking(db, booking, tellSeats);
    },

    /** Safe to run again: the cap is counted from the start of the hold. */
    async extendHold(
      booking: Parameters<typeof holds.extendHold>[1],
    ): Promise<holds.ExtendOutcome> {
      return holds.extendHold(db, booking, tellSeats);
    },
  };
}

const runAlone: ShareHold = (_bookingId, hold) => hold();

/**
 * A request whose caller has given up must not hold seats for nobody; but an earlier run that died before it could say so may
 * have held them while the caller was waiting, and then the hold stands.
 */
async function earlierHold(db: Queryable, input: CheckoutInput): Promise<HoldOutcome> {
  const booking = await findBooking(db, input);
  if (booking?.status !== "held")
    return { outcome: "refused", code: "RESERVE_TOO_LATE", seatIds: [] };
  return holdOf(booking);
}
