import type { CheckoutClient } from "../../adapters/checkout/create-checkout-client.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import { DomainError } from "../../domain/errors.ts";
import type { HeldSeats } from "../../domain/hold.ts";
import type { Money } from "../../domain/money.ts";
import type { EnterGate } from "../gate/gate.ts";
import { readBooking } from "./read-booking.ts";
import type { OwnBooking } from "./read-booking.ts";
import { refusal } from "../gate/refusal.ts";
import { refuseUnknownSeats } from "../shows/refuse-unknown-seats.ts";
import type { ShowCache } from "../shows/show-cache.ts";

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
  enterGate: EnterGate;
  checkouts: Pick<CheckoutClient, "changeSeats">;
}): (change: SeatChange) => Promise<ChangedHold> {
  return async (change) => {
    const { showId, bookingId, add, drop, expectedTotal } = change;
    const { status, seats, ...booking } = await readBooking(deps.db, change);
    if (status === "expired" || status === "cancelled") throw new DomainError("HOLD_EXPIRED");
    if (status !== "held") throw new DomainError("BOOKING_CLOSED");
    const show = await deps.shows.show(showId);
    await refuseUnknownSeats(deps.shows, show, { seatIds: add, expectedTotal });
    const seatIds = seats.map(({ seatId }) => seatId);
    const added = add.filter((seatId) => !seatIds.includes(seatId));
    if (added.length === 0 && !drop.some((seatId) => seatIds.includes(seatId))) {
      return { ...booking, seatIds };
    }

    const admitted = await deps.enterGate({ showId, bookingId, seatIds: added, places: [] });
    const outcome = await deps.checkouts.changeSeats({
      ...{ showId, bookingId, add, drop },
      ...(expectedTotal && { expectedTotalMinor: expectedTotal.amountMinor }),
    });
    if (outcome.outcome === "held") return { seatIds: [], ...outcome };
    // Not known: the seats may be this hold's. If not, the next buyer who is refused has the locks compared.
    if (outcome.code === "UNAVAILABLE") throw new DomainError("UNAVAILABLE");
    const refused = refusal(outcome);
    await admitted.refused(refused);
    throw refused;
  };
}
