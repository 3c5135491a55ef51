import type {
  LockCorrection,
  SeatLockOutcome,
  SeatLocks,
} from "../../adapters/redis/seat-locks.ts";
import { DomainError, isDomainError } from "../../domain/errors.ts";
import type { HeldSeats, WantedPlaces } from "../../domain/hold.ts";
import { areaOfPlace } from "../../domain/places.ts";
import type { SeatViews } from "../live/seat-views.ts";
import { choosePlaces } from "./choose-places.ts";
import type { ChosenPlaces, PlaceWish } from "./choose-places.ts";
import type { LockComparison } from "./lock-comparison.ts";

export type GateOrder = {
  showId: string;
  bookingId: string;
  seatIds: string[];
  places: PlaceWish[];
  channel?: string | undefined;
};

/** An order that may go to the hold statement, which decides. */
export type Admitted = {
  places: WantedPlaces[];
  /** A new hold has its seats, which may be others than were locked for it. */
  held(hold: HeldSeats): Promise<void>;
  /** It has none of them. Where nobody knows what it has, neither is called, and its locks stay. */
  refused(error: unknown): Promise<void>;
};

export type EnterGate = (order: GateOrder) => Promise<Admitted>;

/**
 * The early "no" in front of PostgreSQL: what this process knows to be sold, then the locks in Redis. Throws SEAT_TAKEN and
 * AREA_FULL; whoever passes has the locks, unless Redis is away.
 */
export function createGate(deps: {
  seatViews: Pick<SeatViews, "read">;
  seatLocks: SeatLocks;
  comparison: LockComparison;
}): EnterGate {
  const { seatViews, seatLocks, comparison } = deps;

  return async (order) => {
    const { showId, bookingId } = order;
    const known = comparison.known(showId);
    refuse(order, known.takenByOthers(order), known.fullForOthers(order));
    const chosen = await choosePlaces(seatViews, order);
    const locked = await seatLocks.take({ ...order, places: chosen });
    if (locked.outcome === "refused") {
      const seatIds = locked.taken.map(({ seatId }) => seatId);
      refuse(order, seatIds, fullAreas(order, locked.areas, chosen));
    }
    // Only what is new: an earlier order under this key may have its seats still.
    const newSeatIds = locked.outcome === "taken" ? locked.newSeatIds : [];
    const giveBack = () => seatLocks.release({ ...order, seatIds: newSeatIds });
    return {
      places: chosen.map(({ area, quantity, candidates }) => {
        const own = newSeatIds.filter((seatId) => areaOfPlace(seatId) === area);
        return { area, quantity, candidates: own.length > 0 ? own : candidates };
      }),
      async held({ heldUntilMs, seatIds }) {
        // The answer to an old key: its seats may be on sale again, and its locks were taken anew above.
        if (heldUntilMs < Date.now()) return giveBack();
        if (seatIds === undefined) return;
        const corrections = misplacedLocks(bookingId, locked, seatIds);
        if (corrections.length === 0) return;
        comparison.compareSoon(showId);
        await seatLocks.correct({ showId, corrections }).catch(() => undefined);
      },
      async refused(error) {
        if (isDomainError(error, "SEAT_TAKEN") || isDomainError(error, "AREA_FULL")) {
          // Redis had let it pass: locks are missing.
          if (locked.outcome === "taken") comparison.compareNow(showId);
          else comparison.compareSoon(showId);
        }
        // The locks that its first request took are nobody's, and are not known here.
        if (isDomainError(error, "RESERVE_TOO_LATE")) comparison.compareNow(showId);
        // Refused, or never sent: nobody holds these seats for this booking.
        await giveBack();
      },
    };
  };

  function refuse({ showId }: GateOrder, seatIds: string[], areas: string[]): void {
    if (seatIds.length + areas.length === 0) return;
    comparison.compareSoon(showId);
    if (seatIds.length > 0) throw new DomainError("SEAT_TAKEN", { seatIds });
    throw new DomainError("AREA_FULL", { areas });
  }

  /**
   * An area is full when all of its places are locked that seem to be free. If those are only some of them, this process is
   * behind, and the hold statement looks for others; so it does for a repeated order, whose lock may have been lost.
   */
  function fullAreas(
    { showId, bookingId }: GateOrder,
    areas: string[],
    chosen: ChosenPlaces[],
  ): string[] {
    if (comparison.known(showId).hasPlaces(bookingId)) return [];
    return areas.filter((full) => chosen.find(({ area }) => area === full)?.isEvery);
  }
}

/** Locks go to what the booking has, where that is not what was locked for it: other places, or seats since it was changed. */
function misplacedLocks(
  bookingId: string,
  locked: SeatLockOutcome,
  heldIds: string[],
): LockCorrection[] {
  // A repeated order was let pass with the locks that it has; and without Redis there are none.
  const had = locked.outcome === "taken" ? locked.newSeatIds : [];
  if (locked.outcome === "unknown" || (locked.outcome === "taken" && had.length === 0)) return [];
  return [
    ...had
      .filter((id) => !heldIds.includes(id))
      .map((seatId) => ({ seatId, from: bookingId, to: null })),
    ...heldIds
      .filter((id) => !had.includes(id))
      .map((seatId) => ({ seatId, from: null, to: bookingId })),
  ];
}
