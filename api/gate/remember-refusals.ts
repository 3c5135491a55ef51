import type { SeatLocks } from "../../adapters/redis/seat-locks.ts";
import { createBriefMemory } from "../../platform/brief-memory.ts";

/**
 * Spares Redis a question that it has just answered: a seat whose lock was somebody's is refused by this process for another
 * quarter of a second, to all but its owner. When seats go on sale the same few are wanted thousands of times a second, and
 * asking Redis is half of what a refusal costs this process. Who sees a seat come free and asks for it as fast is refused once more.
 */
export function rememberRefusals(
  seatLocks: SeatLocks,
  { rememberMs = 250, seatsMax = 20_000 } = {},
): SeatLocks {
  const owners = createBriefMemory<string>({ namesMax: seatsMax });

  return {
    ...seatLocks,
    async take(lock) {
      const { showId, bookingId, seatIds } = lock;
      const taken = seatIds.flatMap((seatId) => {
        const owner = owners.get(keyOf(showId, seatId));
        return owner === undefined || owner === bookingId ? [] : [{ seatId, owner }];
      });
      if (taken.length > 0) return { outcome: "refused", taken, areas: [] };
      const outcome = await seatLocks.take(lock);
      if (outcome.outcome === "refused") {
        for (const { seatId, owner } of outcome.taken) {
          owners.set(keyOf(showId, seatId), owner, rememberMs);
        }
      }
      return outcome;
    },
    release(lock) {
      for (const seatId of lock.seatIds) owners.delete(keyOf(lock.showId, seatId));
      return seatLocks.release(lock);
    },
  };
}

function keyOf(showId: string, seatId: string): string {
  return `${showId}/${seatId}`;
}
