import type { SeatFollower } from "../../adapters/redis/seat-feed.ts";
import type { SeatNews } from "../../domain/seat-news.ts";
import type { Logger } from "../../platform/logger.ts";
import type { ShowCache } from "../shows/show-cache.ts";
import type { KeptView, KeptViews } from "./kept-views.ts";

export type SeatLooks = {
  /** Whether the show should be looked at again; not at once after a look that failed. */
  isDue(kept: KeptView): boolean;
  isLooking(kept: KeptView): boolean;
  /** Takes all seats from PostgreSQL: one look for all who want one now. */
  look(kept: KeptView): Promise<void>;
};

/** Looks at PostgreSQL, which make good what the feed has lost. */
export function createSeatLooks(options: {
  shows: ShowCache;
  readSeats: (showId: string) => Promise<SeatNews[]>;
  follower: SeatFollower;
  views: KeptViews;
  logger: Logger;
}): SeatLooks {
  const { shows, readSeats, follower, views, logger } = options;
  const looking = new Map<KeptView, Promise<void>>();
  const failedAt = new WeakMap<KeptView, number>();

  async function look(kept: KeptView): Promise<void> {
    const { showId, view } = kept;
    const startedAt = performance.now();
    kept.isDoubted = false;
    try {
      const [show, seats] = await Promise.all([shows.show(showId), readSeats(showId)]);
      // The organiser has redrawn the hall: whoever watches comes back to a new snapshot.
      if (show.layoutHash !== view.layoutHash) return views.drop(kept);
      view.setSale(show);
      view.take(seats);
      kept.confirmedAt = startedAt;
    } catch (error) {
      kept.isDoubted = true;
      failedAt.set(kept, performance.now());
      logger.debug({ err: error, showId }, "seats not read again");
      throw error;
    }
  }

  return {
    isDue(kept) {
      const now = performance.now();
      const ageMsMax = follower.isConnected() ? trustedMs : unfollowedMs;
      const failedMsAgo = now - (failedAt.get(kept) ?? Number.NEGATIVE_INFINITY);
      const isOld = kept.isDoubted || now - kept.confirmedAt > ageMsMax;
      return isOld && failedMsAgo > lookAgainMs;
    },
    isLooking: (kept) => looking.has(kept),
    look(kept) {
      const running = looking.get(kept) ?? look(kept).finally(() => looking.delete(kept));
      looking.set(kept, running);
      return running;
    },
  };
}

// A lost message is made good within 5 s: this, a tick, and the look itself.
const trustedMs = 3_500;
// Without the feed the looks are all there is.
const unfollowedMs = 1_000;
const lookAgainMs = 1_000;
