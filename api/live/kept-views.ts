import type { SeatFollower } from "../../adapters/redis/seat-feed.ts";
import type { SeatView } from "./seat-view.ts";

export type KeptView = {
  showId: string;
  view: SeatView;
  /** When the last successful look at PostgreSQL began, on the monotonic clock. */
  confirmedAt: number;
  /** News may have been lost since then. */
  isDoubted: boolean;
  usedAt: number;
};

export type KeptViews = {
  /** Counts as use. */
  get(showId: string): KeptView | undefined;
  peek(showId: string): KeptView | undefined;
  has(kept: KeptView): boolean;
  /** Keeps the view and follows its show. False when there is no room: everything that is kept is watched. */
  keep(kept: KeptView): Promise<boolean>;
  drop(kept: KeptView): void;
  all(): Iterable<KeptView>;
};

/** Bounded in shows and in seats. What nobody watches goes out, least recently used first. */
export function createKeptViews(
  follower: SeatFollower,
  { showsMax = 1_000, seatsMax = 4_000_000 } = {},
): KeptViews {
  const views = new Map<string, KeptView>();
  let seatCount = 0;

  function drop(kept: KeptView): void {
    if (views.get(kept.showId) !== kept) return;
    views.delete(kept.showId);
    seatCount -= kept.view.seatCount;
    follower.unfollow(kept.showId);
    kept.view.close();
  }

  function hasRoom(seats: number): boolean {
    return views.size < showsMax && seatCount + seats <= seatsMax;
  }

  return {
    get(showId) {
      const kept = views.get(showId);
      if (kept === undefined) return undefined;
      // A Map keeps the order of insertion: put back last, it goes out last.
      views.delete(showId);
      views.set(showId, kept);
      kept.usedAt = performance.now();
      return kept;
    },
    peek: (showId) => views.get(showId),
    has: (kept) => views.get(kept.showId) === kept,
    async keep(kept) {
      const { seatCount: seats } = kept.view;
      for (const other of views.values()) {
        if (hasRoom(seats)) break;
        if (other.view.watcherCount() === 0) drop(other);
      }
      if (!hasRoom(seats)) return false;
      views.set(kept.showId, kept);
      seatCount += seats;
      await follower.follow(kept.showId);
      return true;
    },
    drop,
    all: () => views.values(),
  };
}
