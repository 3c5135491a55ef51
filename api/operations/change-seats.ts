import type { CheckoutClient } from "../../adapters/checkout/create-checkout-client.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import type { SeatLockOutcome, SeatLocks } from "../../adapters/redis/seat-locks.ts";
import { DomainError } from "../../domain/errors.ts";
import type { HeldSeats } from "../../domain/hold.ts";
import type { Money } from "../../domain/money.ts";
import type { LockComparison } from "./lock-comparison.ts";
import { readBooking } from "./read-booking.ts";
import type { OwnBooking } from "./read-booking.ts";
import { refuseUnknownSeats } from "./refuse-unknown-seats.ts";
import type { ShowCache } from "./show-cache.ts";

/** `add` and `drop` have no seat in common. `expectedTotal`: what the buyer was shown for the hold after it. */
export type SeatChange = OwnBooking & {
  add: string[];
  drop: string[];
  expectedTotal?: Money | undefined;
};

export type ChangedHold = Pick<
  HeldSeats,
  "heldUntilMs" | "totalMinor" | "feeMinor" | "currency"
> & {
  seatIds: string[];
};

/**
 * Adds seats to a live hold and drops others, all or nothing; a refusal is thrown as its own code. What is so already is no
 * error, so that the same wish may be sent again.
 */
export function createChangeSeats(deps: {
  db: Queryable;
  shows: ShowCache;
  seatLocks: SeatLocks;
  comparison: LockComparison;
  checkouts: Pick<CheckoutClient, "changeSeats">;
}): (change: SeatChange) => Promise<ChangedHold> {
  const { comparison, seatLocks } = deps;

  return async (change) => {
    const { showId, bookingId, add, drop, expectedTotal } = change;
    const { status, seats, ...booking } = await readBooking(deps.db, change);
    if (status === "expired" || status === "cancelled") throw new DomainError("HOLD_EXPIRED");
    if (status !== "held") throw new DomainError("BOOKING_CLOSED");
    await refuseUnknownSeats(deps.shows, { showId, seatIds: add, expectedTotal });
    const seatIds = seats.map(({ seatId }) => seatId);
    const added = add.filter((seatId) => !seatIds.includes(seatId));
    if (added.length === 0 && !drop.some((seatId) => seatIds.includes(seatId))) {
      return { ...booking, seatIds };
    }

    const lock = { showId, bookingId, seatIds: added };
    const taken = comparison.known(showId).takenByOthers(lock);
    if (taken.length > 0) throw seatTaken(showId, taken);
    const locked: SeatLockOutcome =
      added.length > 0 ? await seatLocks.take(lock) : { outcome: "taken", newSeatIds: [] };
    if (locked.outcome === "refused") {
      throw seatTaken(
        showId,
        locked.taken.map(({ seatId }) => seatId),
      );
    }
    const outcome = await deps.checkouts.changeSeats({
      ...{ showId, bookingId, add, drop },
      ...(expectedTotal && { expectedTotalMinor: expectedTotal.amountMinor }),
    });
    if (outcome.outcome === "held") return { seatIds: [], ...outcome };
    // Not known: the seats may be this hold's. If not, the next buyer who is refused has the locks compared.
    if (outcome.code === "UNAVAILABLE") throw new DomainError("UNAVAILABLE");
    if (locked.outcome === "taken")
      await seatLocks.release({ ...lock, seatIds: locked.newSeatIds });
    if (outcome.code === "SEAT_TAKEN") comparison.compareNow(showId);
    throw new DomainError(
      outcome.code,
      outcome.seatIds.length > 0 ? { seatIds: outcome.seatIds } : {},
    );
  };

  function seatTaken(showId: string, seatIds: string[]): DomainError {
    comparison.compareSoon(showId);
    return new DomainError("SEAT_TAKEN", { seatIds });
  }
}
