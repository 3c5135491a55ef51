import { getLayout, getShow } from "../../adapters/postgres/catalogue.ts";
import type { StoredShow } from "../../adapters/postgres/catalogue.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import { DomainError } from "../../domain/errors.ts";
import type { Layout } from "../../domain/layout.ts";
import { readSeating } from "../../domain/read-seating.ts";
import type { PlacedSeat, Seating } from "../../domain/read-seating.ts";

/** A layout with its seats by id, and as people sit in it. */
export type IndexedLayout = {
  layoutHash: string;
  layout: Layout;
  seats: Map<string, PlacedSeat>;
  seating: Seating;
};

export type ShowCache = {
  /** Throws SHOW_NOT_FOUND. Up to half a minute old, and older while PostgreSQL is away: what is sold is decided elsewhere. */
  show(showId: string): Promise<StoredShow>;
  /** Throws LAYOUT_NOT_FOUND. */
  layout(layoutHash: string): Promise<IndexedLayout>;
};

/** What every reserve needs to know about a show, in memory: a warm reserve costs this process no SQL. */
export function createShowCache(
  db: Queryable,
  { showMsMax = 30_000, showsMax = 2_000, layoutsMax = 100 } = {},
): ShowCache {
  const shows = createCache<StoredShow>({ load: (id) => getShow(db, id), entriesMax: showsMax });
  const layouts = createCache<IndexedLayout>({
    load: async (hash) => indexed(hash, await getLayout(db, hash)),
    entriesMax: layoutsMax,
  });
  return {
    async show(showId) {
      const show = await shows.get(showId, showMsMax);
      if (show === undefined) throw new DomainError("SHOW_NOT_FOUND");
      return show;
    },
    async layout(layoutHash) {
      const layout = await layouts.get(layoutHash, Number.POSITIVE_INFINITY);
      if (layout === undefined) throw new DomainError("LAYOUT_NOT_FOUND");
      return layout;
    },
  };
}

function indexed(layoutHash: string, layout: Layout | undefined): IndexedLayout | undefined {
  if (layout === undefined) return undefined;
  const seating = readSeating(layout);
  const seats = new Map(seating.seats.map((seat) => [seat.id, seat] as const));
  return { layoutHash, layout, seats, seating };
}

/**
 * Bounded, least recently used out first. Callers that miss together wait for one load. What does not exist is not kept, so
 * that invented ids push nothing out. A value whose reload fails stays in use.
 */
function createCache<Value>(options: {
  load: (key: string) => Promise<Value | undefined>;
  entriesMax: number;
}) {
  const kept = new Map<string, { value: Value; loadedAt: number }>();
  const loading = new Map<string, Promise<Value | undefined>>();

  async function load(key: string): Promise<Value | undefined> {
    const value = await options.load(key);
    kept.delete(key);
    if (value === undefined) return undefined;
    kept.set(key, { value, loadedAt: performance.now() });
    const [oldest] = kept.keys();
    if (kept.size > options.entriesMax && oldest !== undefined) kept.delete(oldest);
    return value;
  }

  function loadOnce(key: string): Promise<Value | undefined> {
    const running = loading.get(key) ?? load(key).finally(() => loading.delete(key));
    loading.set(key, running);
    return running;
  }

  return {
    async get(key: string, ageMsMax: number): Promise<Value | undefined> {
      const entry = kept.get(key);
      if (entry !== undefined && performance.now() - entry.loadedAt < ageMsMax) {
        // A Map keeps the order of insertion: put back last, it goes out last.
        kept.delete(key);
        kept.set(key, entry);
        return entry.value;
      }
      try {
        return await loadOnce(key);
      } catch (error) {
        if (entry !== undefined) return entry.value;
        throw error;
      }
    },
  };
}
