import type { CheckoutClient } from "../../adapters/checkout/create-checkout-client.ts";
import type { StoredBooking } from "../../adapters/postgres/bookings.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import { DomainError } from "../../domain/errors.ts";
import { deriveUuid } from "../../platform/derive-uuid.ts";
import { readBooking } from "./read-booking.ts";
import type { OwnBooking } from "./read-booking.ts";

type Deps = { db: Queryable; checkouts: Pick<CheckoutClient, "cancel" | "extend"> };

/** What a buyer may do with a hold: give it back, or ask for more time. */
export function createChangeHold({ db, checkouts }: Deps) {
  return {
    /** Gives the seats back. Done already is done; a booking that is paid, or about to be, is not cancelled but refunded. */
    async cancel(own: OwnBooking): Promise<void> {
      const { status } = await readBooking(db, own);
      if (hasEnded(status)) return;
      const outcome =
        status === "held" ? await checkouts.cancel({ ...own, by: "buyer" }) : "closed";
      if (outcome === "cancelled" || hasEnded((await readBooking(db, own)).status)) return;
      throw new DomainError("BOOKING_CLOSED");
    },

    /** Five minutes more, at most twice. The same key extends once. */
    async extend(own: OwnBooking & { idempotencyKey: string }): Promise<{ heldUntilMs: number }> {
      const { status } = await readBooking(db, own);
      if (hasEnded(status)) throw new DomainError("HOLD_EXPIRED");
      if (status !== "held") throw new DomainError("BOOKING_CLOSED");
      const { bookingId, showId, userId, idempotencyKey } = own;
      const requestId = deriveUuid("extend", userId, idempotencyKey);
      const answer = await checkouts.extend({ showId, bookingId, requestId, by: "buyer" });
      if (answer.outcome === "extended") return answer;
      throw new DomainError(
        answer.outcome === "refused" ? "HOLD_EXTENSIONS_EXHAUSTED" : "BOOKING_CLOSED",
      );
    },
  };
}

function hasEnded(status: StoredBooking["status"]): boolean {
  return status === "expired" || status === "cancelled";
}
