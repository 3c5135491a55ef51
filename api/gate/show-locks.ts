import type { SeatLocks } from "../../adapters/redis/seat-locks.ts";
import type { SeatViews } from "../live/seat-views.ts";

/**
 * Shows what an order has locked as held to whoever looks: between its locks and its hold the others would choose it, and be refused.
 * What is given back is shown as free first, so that this does not end what the next owner of the locks has shown.
 */
export function showLocks(
  seatLocks: SeatLocks,
  seatViews: Pick<SeatViews, "lock" | "unlock">,
): SeatLocks {
  return {
    ...seatLocks,
    async take(lock) {
      const outcome = await seatLocks.take(lock);
      if (outcome.outcome === "taken") seatViews.lock(lock.showId, outcome.newSeatIds);
      return outcome;
    },
    async release(lock) {
      seatViews.unlock(lock.showId, lock.seatIds);
      await seatLocks.release(lock);
    },
    async correct({ showId, corrections }) {
      const freed = corrections.filter(({ to }) => to === null).map(({ seatId }) => seatId);
      seatViews.unlock(showId, freed);
      await seatLocks.correct({ showId, corrections });
    },
  };
}
