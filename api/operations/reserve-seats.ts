import { createHash } from "node:crypto";

import type { CheckoutClient } from "../../adapters/checkout/create-checkout-client.ts";
import type { SeatLocks } from "../../adapters/redis/seat-locks.ts";
import { DomainError, isDomainError } from "../../domain/errors.ts";
import type { HeldSeats } from "../../domain/hold.ts";
import type { Money } from "../../domain/money.ts";
import type { Pass } from "../line/line-slips.ts";
import type { Pace } from "../line/pace.ts";
import { deriveUuid } from "./derive-uuid.ts";
import type { LinePasses } from "./line-passes.ts";
import type { LockComparison } from "./lock-comparison.ts";
import type { ChannelKey, OpenChannel } from "./open-channel.ts";
import { refuseUnknownSeats } from "./refuse-unknown-seats.ts";
import type { ShowCache } from "./show-cache.ts";

/** Ids are plain UUIDs. `idempotencyKey` is the buyer's own: the same key of another buyer is another booking. */
export type SeatOrder = {
  userId: string;
  showId: string;
  seatIds: string[];
  expectedTotal?: Money | undefined;
  /** In capitals. */
  promoCode?: string | undefined;
  channelKey?: ChannelKey | undefined;
  idempotencyKey: string;
  /** Where there is a line, the buyer's pass for it. */
  pass?: Pass | undefined;
};

export type Reservation = { bookingId: string } & (HeldSeats | { outcome: "unknown" });

/**
 * Holds seats for a buyer; a refusal is thrown as its own code. Repeating an order gives the same booking: it is known by its
 * id, which is the owner of its locks and of its seats, so what refuses others lets it pass.
 */
export function createReserveSeats(deps: {
  shows: ShowCache;
  openChannel: OpenChannel;
  seatLocks: SeatLocks;
  comparison: LockComparison;
  checkouts: Pick<CheckoutClient, "reserve">;
  linePasses: Pick<LinePasses, "require">;
  pace: Pace;
}): (order: SeatOrder) => Promise<Reservation> {
  const { comparison, seatLocks } = deps;

  return async (order) => {
    deps.linePasses.require(order.showId, order.pass);
    await refuseUnknownSeats(deps.shows, order);
    const channel = await deps.openChannel(order.showId, order.channelKey);
    const { userId, showId, seatIds } = order;
    const bookingId = deriveUuid("booking", userId, order.idempotencyKey);
    const lock = { showId, bookingId, seatIds };

    const taken = comparison.takenByOthers(lock);
    if (taken.length > 0) throw seatTaken(showId, taken);
    const locked = await seatLocks.take(lock);
    if (locked.outcome === "refused") throw seatTaken(showId, locked.seatIds);
    // Only what is new: an earlier order under this key may have its seats still.
    const newSeatIds = locked.outcome === "taken" ? locked.newSeatIds : [];
    const giveBack = (kept: string[] = []) =>
      seatLocks.release({ ...lock, seatIds: newSeatIds.filter((id) => !kept.includes(id)) });
    try {
      const startedAt = performance.now();
      const outcome = await hold(deps.checkouts, bookingId, { ...order, channel }).finally(() =>
        deps.pace.reserved(performance.now() - startedAt),
      );
      // The answer to an old key: its seats may be on sale again, and their locks were taken anew above.
      if (outcome.outcome === "held") {
        if (outcome.heldUntilMs < Date.now()) await giveBack();
        else if (outcome.seatIds !== undefined) await giveBack(outcome.seatIds);
      }
      return { bookingId, ...outcome };
    } catch (error) {
      if (isDomainError(error, "SEAT_TAKEN")) {
        // Redis had let it pass: locks are missing.
        if (locked.outcome === "taken") comparison.compareNow(showId);
        else comparison.compareSoon(showId);
      }
      // Refused, or never sent: nobody holds these seats for this booking.
      await giveBack();
      throw error;
    }
  };

  function seatTaken(showId: string, seatIds: string[]): DomainError {
    comparison.compareSoon(showId);
    return new DomainError("SEAT_TAKEN", { seatIds });
  }
}

async function hold(
  checkouts: Pick<CheckoutClient, "reserve">,
  bookingId: string,
  order: SeatOrder & { channel: string | undefined },
) {
  const { userId, showId, seatIds, expectedTotal, promoCode, channel } = order;
  const outcome = await checkouts.reserve({
    bookingId,
    showId,
    userId,
    seatIds,
    requestHash: requestHash(order),
    ...(promoCode !== undefined && { promoCode }),
    ...(channel !== undefined && { channel }),
    ...(expectedTotal && { expectedTotalMinor: expectedTotal.amountMinor }),
    deadlineMs: Date.now() + reserveMsMax,
  });
  if (outcome.outcome === "refused") {
    const { code, seatIds: atFault } = outcome;
    throw new DomainError(code, atFault.length > 0 ? { seatIds: atFault } : {});
  }
  return outcome;
}

/** Below the five seconds after which most clients give up. */
const reserveMsMax = 4_000;

/** The same order has the same hash, in whatever order its seats are named. */
function requestHash(order: SeatOrder & { channel: string | undefined }): string {
  const { showId, seatIds, expectedTotal, promoCode, channel } = order;
  const canonical = [
    showId,
    seatIds.toSorted(),
    expectedTotal ? [expectedTotal.amountMinor, expectedTotal.currency] : null,
    // Left out, so that the hash of an order without them is what it always was.
    ...(promoCode === undefined && channel === undefined ? [] : [promoCode]),
    ...(channel === undefined ? [] : [channel]),
  ];
  return createHash("sha256").update(JSON.stringify(canonical)).digest("hex");
}
