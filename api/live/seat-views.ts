import type { SeatFollower } from "../../adapters/redis/seat-feed.ts";
import { DomainError } from "../../domain/errors.ts";
import type { SeatNews } from "../../domain/seat-news.ts";
import type { Logger } from "../../platform/logger.ts";
import { within } from "../../platform/within.ts";
import type { ShowCache } from "../operations/show-cache.ts";
import type { SeatWatcher } from "./seat-broadcast.ts";
import { createSeatView } from "./seat-view.ts";
import type { SeatView } from "./seat-view.ts";

export type SeatViews = {
  /** Throws SHOW_NOT_FOUND. `staleSeconds` is above 0 when PostgreSQL cannot be asked: so old is what is shown. */
  read(showId: string): Promise<{ view: SeatView; staleSeconds: number }>;
  /** Throws SHOW_NOT_FOUND and WATCHING_FULL. Returns how to begin, and that how to stop. */
  watch(showId: string): Promise<(watcher: SeatWatcher, lastEventId?: string) => () => void>;
  /** Cuts every watcher. */
  close(): void;
};

type Kept = {
  view: SeatView;
  /** When the last successful look at PostgreSQL began, on the monotonic clock. */
  confirmedAt: number;
  usedAt: number;
  /** No look before this: the last one failed. */
  lookAgainAt: number;
  looking: Promise<void> | undefined;
};

/**
 * The seats of every show that somebody looks at, kept true in three ways: by the feed in milliseconds, by a look at PostgreSQL
 * every few seconds, one for all who watch, which makes good what the feed has lost, and by the clock, which ends holds.
 */
export function createSeatViews(options: {
  shows: ShowCache;
  /** Every seat of a show, from PostgreSQL. */
  readSeats: (showId: string) => Promise<SeatNews[]>;
  follower: SeatFollower;
  graceSeconds: number;
  logger: Logger;
  showsMax?: number;
  seatsMax?: number;
}): SeatViews {
  const { shows, readSeats, follower, logger, showsMax = 1_000, seatsMax = 4_000_000 } = options;
  const graceMs = options.graceSeconds * 1_000;
  const kept = new Map<string, Kept>();
  const loading = new Map<string, Promise<Kept>>();
  let seatCount = 0;

  follower.listen({
    onNews: (showId, seats) => kept.get(showId)?.view.take(seats),
    onGap: () => {
      for (const entry of kept.values()) entry.confirmedAt = Number.NEGATIVE_INFINITY;
    },
  });
  const ticking = setInterval(tick, tickMs);

  async function find(showId: string): Promise<Kept> {
    const known = loading.has(showId) ? undefined : kept.get(showId);
    if (known === undefined) {
      const running = loading.get(showId) ?? load(showId).finally(() => loading.delete(showId));
      loading.set(showId, running);
      return running;
    }
    // A Map keeps the order of insertion: put back last, it goes out last.
    kept.delete(showId);
    kept.set(showId, known);
    known.usedAt = performance.now();
    known.view.expire();
    return known;
  }

  async function load(showId: string): Promise<Kept> {
    const { layoutHash } = await shows.show(showId);
    const view = createSeatView(await shows.layout(layoutHash), graceMs);
    const now = performance.now();
    const entry: Kept = {
      ...{ view, confirmedAt: Number.NEGATIVE_INFINITY, usedAt: now, lookAgainAt: now },
      looking: undefined,
    };
    // Followed before it is read, so that nothing falls between.
    if (makeRoom(view.seatCount)) {
      kept.set(showId, entry);
      seatCount += view.seatCount;
      await follower.follow(showId);
    }
    try {
      await look(showId, entry);
    } catch (error) {
      if (kept.get(showId) === entry) drop(showId, entry);
      throw error;
    }
    return entry;
  }

  /** False when everything that is kept is watched. */
  function makeRoom(seats: number): boolean {
    for (const [showId, entry] of kept) {
      if (kept.size < showsMax && seatCount + seats <= seatsMax) return true;
      if (entry.view.broadcast.watcherCount() === 0) drop(showId, entry);
    }
    return kept.size < showsMax && seatCount + seats <= seatsMax;
  }

  function drop(showId: string, { view }: Kept): void {
    kept.delete(showId);
    seatCount -= view.seatCount;
    follower.unfollow(showId);
    view.broadcast.close();
  }

  /** One look at PostgreSQL for all who want one now. */
  function look(showId: string, entry: Kept): Promise<void> {
    entry.looking ??= lookOnce(showId, entry).finally(() => {
      entry.looking = undefined;
    });
    return entry.looking;
  }

  async function lookOnce(showId: string, entry: Kept): Promise<void> {
    const startedAt = performance.now();
    try {
      const [show, seats] = await Promise.all([shows.show(showId), readSeats(showId)]);
      if (show.layoutHash !== entry.view.layoutHash && kept.get(showId) === entry) {
        // The organiser has redrawn the hall: whoever watches comes back to a new snapshot.
        drop(showId, entry);
        return;
      }
      entry.view.take(seats);
      entry.confirmedAt = startedAt;
    } catch (error) {
      entry.lookAgainAt = performance.now() + lookAgainMs;
      logger.debug({ err: error, showId }, "seats not read again");
      throw error;
    }
  }

  function isDue({ confirmedAt, lookAgainAt }: Kept, now: number): boolean {
    return (
      now - confirmedAt > (follower.isConnected() ? trustedMs : unfollowedMs) && now > lookAgainAt
    );
  }

  function tick(): void {
    const now = performance.now();
    let lookingCount = 0;
    for (const [showId, entry] of kept) {
      const { view, confirmedAt, usedAt } = entry;
      view.expire();
      const isWatched = view.broadcast.watcherCount() > 0;
      if (isWatched) view.broadcast.setStale(now - confirmedAt > staleMs);
      else if (now - usedAt > idleMsMax) drop(showId, entry);
      if (now - usedAt > bodiesMsMax) view.forgetBodies();
      if (entry.looking !== undefined) lookingCount += 1;
      else if (isWatched && lookingCount < looksAtOnceMax && isDue(entry, now)) {
        lookingCount += 1;
        look(showId, entry).catch(() => undefined);
      }
    }
  }

  return {
    async read(showId) {
      const entry = await find(showId);
      if (isDue(entry, performance.now())) {
        // A reader who waits for a store that is away would rather have what is known.
        await within(patienceMs, "seats", look(showId, entry)).catch(() => undefined);
      }
      const ageMs = performance.now() - entry.confirmedAt;
      const staleSeconds = ageMs > staleMs ? Math.ceil(ageMs / 1_000) : 0;
      return { view: entry.view, staleSeconds };
    },
    async watch(showId) {
      const entry = await find(showId);
      if (kept.get(showId) !== entry) throw new DomainError("WATCHING_FULL");
      return (watcher, lastEventId) => {
        const stop = entry.view.broadcast.watch(watcher, lastEventId);
        return () => {
          entry.usedAt = performance.now();
          stop();
        };
      };
    },
    close() {
      clearInterval(ticking);
      for (const [showId, entry] of kept) drop(showId, entry);
    },
  };
}

// How often holds are looked at that may be over, and shows that may be due.
const tickMs = 250;
// A lost message is made good within 5 s: this, a tick, and the look itself.
const trustedMs = 4_000;
// Without the feed the looks are all there is.
const unfollowedMs = 1_000;
const lookAgainMs = 1_000;
const looksAtOnceMax = 4;
const patienceMs = 500;
const staleMs = 10_000;
const idleMsMax = 5 * 60_000;
const bodiesMsMax = 5_000;
