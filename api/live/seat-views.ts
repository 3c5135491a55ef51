import type { SeatFollower } from "../../adapters/redis/seat-feed.ts";
import { DomainError } from "../../domain/errors.ts";
import type { SeatNews } from "../../domain/seat-news.ts";
import type { Logger } from "../../platform/logger.ts";
import { within } from "../../platform/within.ts";
import type { ShowCache } from "../shows/show-cache.ts";
import { createKeptViews } from "./kept-views.ts";
import type { KeptView, KeptViews } from "./kept-views.ts";
import type { SeatBroadcast } from "./seat-broadcast.ts";
import type { SeatFace } from "./seat-face.ts";
import { createSeatLooks } from "./seat-looks.ts";
import type { SeatLooks } from "./seat-looks.ts";
import { createSeatView } from "./seat-view.ts";

export type SeatViews = {
  /**
   * Throws SHOW_NOT_FOUND. `staleSeconds` is above 0 when PostgreSQL cannot be asked: so old is what is shown. Whoever names a channel
   * has been let into it.
   */
  read(showId: string, channel?: string): Promise<{ view: SeatFace; staleSeconds: number }>;
  /** What watchers of the show may join, and leave. Throws SHOW_NOT_FOUND and WATCHING_FULL. */
  watch(showId: string, channel?: string): Promise<Pick<SeatBroadcast, "join" | "leave">>;
  /** Shows seats as held for which an order is on its way, in this process and where somebody looks at the show. */
  lock(showId: string, seatIds: readonly string[]): void;
  /** It came to nothing. */
  unlock(showId: string, seatIds: readonly string[]): void;
  /** Told of every change that this process hears of, of shows that somebody looks at; one listener. */
  onChange(listener: (showId: string) => void): void;
  /** Cuts every watcher. */
  close(): void;
};

/**
 * The seats of every show that somebody looks at, kept true in three ways: by the feed in milliseconds, by a look at PostgreSQL
 * every few seconds, one for all who watch, and by the clock, which ends holds.
 */
export function createSeatViews(options: {
  shows: ShowCache;
  /** Every seat of a show, from PostgreSQL. */
  readSeats: (showId: string) => Promise<SeatNews[]>;
  follower: SeatFollower;
  graceSeconds: number;
  logger: Logger;
  limits?: { showsMax: number; seatsMax: number };
}): SeatViews {
  const { shows, follower, graceSeconds } = options;
  const views = createKeptViews(follower, options.limits);
  const looks = createSeatLooks({ ...options, views });
  let tellChange: ((showId: string) => void) | undefined;
  const find = createFinder({ shows, views, looks, graceMs: graceSeconds * 1_000 });

  follower.listen({
    onNews(showId, seats) {
      views.peek(showId)?.view.hear(seats);
      tellChange?.(showId);
    },
    onGap() {
      for (const kept of views.all()) kept.isDoubted = true;
    },
  });
  const ticking = setInterval(tick, tickMs, views, looks);

  return {
    async read(showId, channel) {
      const kept = await find(showId);
      kept.view.expire();
      if (looks.isDue(kept)) {
        // A reader who waits for a store that is away would rather have what is known.
        await within(patienceMs, "seats", looks.look(kept)).catch(() => undefined);
      }
      const ageMs = ageMsOf(kept);
      return {
        view: kept.view.face(channel),
        staleSeconds: ageMs > staleMs ? Math.ceil(ageMs / 1_000) : 0,
      };
    },
    async watch(showId, channel) {
      const kept = await find(showId);
      if (!views.has(kept)) throw new DomainError("WATCHING_FULL");
      return kept.view.face(channel).broadcast;
    },
    lock: (showId, seatIds) => views.peek(showId)?.view.lock(seatIds),
    unlock: (showId, seatIds) => views.peek(showId)?.view.unlock(seatIds),
    onChange(listener) {
      tellChange = listener;
    },
    close() {
      clearInterval(ticking);
      for (const kept of views.all()) views.drop(kept);
    },
  };
}

/** Finds the view of a show, or makes it: once for all who ask at the same time. */
function createFinder(deps: {
  shows: ShowCache;
  views: KeptViews;
  looks: SeatLooks;
  graceMs: number;
}): (showId: string) => Promise<KeptView> {
  const { shows, views, looks, graceMs } = deps;
  const loading = new Map<string, Promise<KeptView>>();

  async function load(showId: string): Promise<KeptView> {
    const view = createSeatView((await shows.withLayout(showId)).layout, graceMs);
    const kept: KeptView = {
      ...{ showId, view, confirmedAt: Number.NEGATIVE_INFINITY },
      ...{ isDoubted: false, usedAt: performance.now() },
    };
    // Followed before it is read, so that nothing falls between.
    await views.keep(kept);
    try {
      await looks.look(kept);
    } catch (error) {
      views.drop(kept);
      throw error;
    }
    return kept;
  }

  return async (showId) => {
    const kept = loading.has(showId) ? undefined : views.get(showId);
    if (kept !== undefined) return kept;
    const running = loading.get(showId) ?? load(showId).finally(() => loading.delete(showId));
    loading.set(showId, running);
    return running;
  };
}

/** Ends holds that are over, looks where it is time, and lets go of what nobody looks at. */
function tick(views: KeptViews, looks: SeatLooks): void {
  let lookingCount = 0;
  for (const kept of views.all()) {
    const { view } = kept;
    view.expire();
    if (looks.isLooking(kept)) lookingCount += 1;
    const idleMs = performance.now() - kept.usedAt;
    if (view.watcherCount() === 0) {
      if (idleMs > bodiesMsMax) view.forgetBodies();
      if (idleMs > idleMsMax) views.drop(kept);
      continue;
    }
    kept.usedAt = performance.now();
    view.setStale(ageMsOf(kept) > staleMs);
    if (lookingCount < looksAtOnceMax && !looks.isLooking(kept) && looks.isDue(kept)) {
      lookingCount += 1;
      looks.look(kept).catch(() => undefined);
    }
  }
}

function ageMsOf({ confirmedAt }: KeptView): number {
  return performance.now() - confirmedAt;
}

// An expiry is on every screen within this, and the pause between two events.
const tickMs = 250;
const looksAtOnceMax = 4;
const patienceMs = 500;
const staleMs = 10_000;
const idleMsMax = 5 * 60_000;
const bodiesMsMax = 5_000;
