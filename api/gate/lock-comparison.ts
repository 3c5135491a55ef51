import type { Queryable } from "../../adapters/postgres/pool.ts";
import { listOwnedSeats } from "../../adapters/postgres/seat-owners.ts";
import type { SeatLocks } from "../../adapters/redis/seat-locks.ts";
import { listShowSeats } from "../../domain/places.ts";
import type { Logger } from "../../platform/logger.ts";
import { findWrongLocks, suspectMsMin } from "./find-wrong-locks.ts";
import type { SuspectLocks } from "./find-wrong-locks.ts";
import type { ShowCache } from "../shows/show-cache.ts";
import { createSoldSeats, nothingKnown } from "./sold-seats.ts";
import type { SoldSeats } from "./sold-seats.ts";

export type LockComparison = {
  /** What PostgreSQL said when it was last read, at most 5 s ago; nothing if that is longer ago. It asks nobody. */
  known(showId: string): SoldSeats;
  /** Somebody was refused: compares within two seconds, once for all who were. */
  compareSoon(showId: string): void;
  /** PostgreSQL refused what Redis had let pass: locks are missing, and each of them costs a workflow. */
  compareNow(showId: string): void;
};

/** What this process knows about a show in which somebody was refused. Times are of `performance.now()`. */
type Watch = {
  comparedAt: number;
  next: { at: number; timer: NodeJS.Timeout } | undefined;
  /** The last comparison of this show, or the one that runs. */
  running: Promise<void>;
  suspects: SuspectLocks;
  sold: SoldSeats;
  soldReadAt: number;
};

/**
 * Holds the locks of a show against PostgreSQL, and corrects what is wrong in either direction: they are rebuilt after a loss,
 * and a wrong "no" ends within 5 s of the first buyer whom it refuses. It runs only where buyers are refused, so a quiet show
 * costs nothing; a contested one costs a statement every two seconds in each process. Best effort: what fails is tried again
 * at the next refusal. What it has read, it remembers: seats that are sold are refused without asking anybody.
 */
export function createLockComparison(deps: {
  db: Queryable;
  shows: ShowCache;
  seatLocks: Pick<SeatLocks, "owners" | "correct">;
  graceSeconds: number;
  logger: Logger;
}): LockComparison {
  const { db, shows, seatLocks, graceSeconds, logger } = deps;
  const watches = new Map<string, Watch>();
  const failed = (error: unknown) => logger.debug({ err: error }, "seat locks not compared");

  function compareAfter(showId: string, gapMs: number): void {
    const watch = watches.get(showId) ?? newWatch();
    watches.delete(showId);
    watches.set(showId, watch);
    const [oldest] = watches.keys();
    if (watches.size > showsMax && oldest !== undefined) watches.delete(oldest);
    const now = performance.now();
    const at = Math.max(now, watch.comparedAt + gapMs);
    if (watch.next !== undefined && watch.next.at <= at) return;
    clearTimeout(watch.next?.timer);
    const compareNext = () => {
      watch.running = watch.running.then(() => compare(showId, watch)).catch(failed);
    };
    // Nobody waits for it, and a process that ends does not either.
    watch.next = { at, timer: setTimeout(compareNext, at - now).unref() };
  }

  async function compare(showId: string, watch: Watch): Promise<void> {
    watch.next = undefined;
    watch.comparedAt = performance.now();
    const { layout } = (await shows.withLayout(showId)).layout;
    const seatIds = listShowSeats(layout).map(({ id }) => id);
    // Locks before rows: whoever is only locking now is no suspect if the hold commits in between.
    const locks = await seatLocks.owners({ showId, seatIds }).catch(() => undefined);
    const readAt = performance.now();
    const owned = await listOwnedSeats(db, { showId, graceSeconds });
    watch.sold = createSoldSeats(layout, owned);
    watch.soldReadAt = readAt;
    if (locks === undefined) return;
    const { suspects } = watch;
    const found = findWrongLocks({ seatIds, locks, owned, suspects, now: readAt });
    watch.suspects = found.suspects;
    if (found.suspects.size > 0) compareAfter(showId, suspectMsMin);
    if (found.corrections.length === 0) return;
    await seatLocks.correct({ showId, corrections: found.corrections });
    logger.warn({ showId, seats: found.corrections.length }, "seat locks corrected");
  }

  return {
    compareSoon: (showId) => compareAfter(showId, refusedMsMin),
    compareNow: (showId) => compareAfter(showId, missingMsMin),
    known(showId) {
      const watch = watches.get(showId);
      const isLately = watch !== undefined && performance.now() - watch.soldReadAt <= soldMsMax;
      return isLately ? watch.sold : nothingKnown;
    },
  };
}

const refusedMsMin = 2_000;
const missingMsMin = 200;
/** Longer than from one comparison to the next, and as long as a refusal may be wrong. */
const soldMsMax = 5_000;
const showsMax = 500;

function newWatch(): Watch {
  return {
    comparedAt: Number.NEGATIVE_INFINITY,
    next: undefined,
    running: Promise.resolve(),
    suspects: new Map(),
    sold: nothingKnown,
    soldReadAt: Number.NEGATIVE_INFINITY,
  };
}
