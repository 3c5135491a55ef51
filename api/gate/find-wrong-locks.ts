import type { OwnedSeat } from "../../adapters/postgres/seat-owners.ts";
import type { LockCorrection } from "../../adapters/redis/seat-locks.ts";

/** Locks that looked wrong, by seat: whose they were, and since when. */
export type SuspectLocks = ReadonlyMap<string, { owner: string; since: number }>;

/**
 * Holds locks against the owners in PostgreSQL. A missing lock is put back at once. A wrong one may be a hold that has not
 * committed yet: it is a suspect first, and corrected when it is still the same 1.5 s later.
 */
export function findWrongLocks(seen: {
  seatIds: string[];
  /** In the order of `seatIds`. */
  locks: (string | null)[];
  owned: OwnedSeat[];
  suspects: SuspectLocks;
  /** Milliseconds, on the clock of `since`. */
  now: number;
}): { corrections: LockCorrection[]; suspects: SuspectLocks } {
  const owners = new Map(seen.owned.map(({ seatId, owner }) => [seatId, owner ?? "nobody"]));
  const corrections: LockCorrection[] = [];
  const suspects = new Map<string, { owner: string; since: number }>();
  for (const [index, seatId] of seen.seatIds.entries()) {
    const from = seen.locks[index] ?? null;
    const to = owners.get(seatId) ?? null;
    if (from === to) continue;
    const earlier = seen.suspects.get(seatId);
    const since = earlier?.owner === from ? earlier.since : seen.now;
    if (from === null || seen.now - since >= suspectMsMin) corrections.push({ seatId, from, to });
    else suspects.set(seatId, { owner: from, since });
  }
  return { corrections, suspects };
}

/** Most holds commit within 0.1 s of their locks. */
export const suspectMsMin = 1_500;
