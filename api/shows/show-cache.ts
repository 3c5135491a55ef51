import { getLayout, getShow } from "../../adapters/postgres/catalogue.ts";
import type { StoredShow } from "../../adapters/postgres/catalogue.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import type { ShowMetadata } from "../../adapters/redis/show-metadata.ts";
import { DomainError } from "../../domain/errors.ts";
import type { Layout } from "../../domain/layout.ts";
import { readSeating } from "../../domain/read-seating.ts";
import type { PlacedSeat, Seating } from "../../domain/read-seating.ts";
import { createKeptValues } from "../../platform/kept-values.ts";
import { shareShows } from "./share-shows.ts";
import type { SharedShow } from "./share-shows.ts";

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
  /** The same, and how old it is where PostgreSQL could not be asked; else 0. */
  datedShow(showId: string): Promise<{ show: StoredShow; staleSeconds: number }>;
  /** A show and its layout. Throws SHOW_NOT_FOUND. */
  withLayout(showId: string): Promise<{ show: StoredShow; layout: IndexedLayout }>;
  /** Throws LAYOUT_NOT_FOUND. */
  layout(layoutHash: string): Promise<IndexedLayout>;
  /** The show has changed: who asks next is told how it is now. */
  expire(showId: string): void;
  expireAll(): void;
};

/** What every reserve needs to know about a show, in memory: a warm reserve costs this process no SQL, and no command of Redis. */
export function createShowCache(
  { db, metadata }: { db: Queryable; metadata: ShowMetadata },
  // As old again may be what Redis has: half a minute together.
  { showMsMax = 15_000, showsMax = 2_000, layoutsMax = 100 } = {},
): ShowCache {
  const roomOf = () => 1;
  const load = shareShows({
    ...{ metadata, freshMs: showMsMax },
    load: (showId) => getShow(db, showId),
  });
  const shows = createKeptValues<SharedShow>({
    // What is fresh in Redis is as good as new here.
    ageMsOf: ({ ageMs }) => (ageMs < showMsMax ? 0 : ageMs),
    ...{ freshMs: showMsMax, staleMsMax: Number.POSITIVE_INFINITY },
    ...{ roomMax: showsMax, roomOf },
  });
  const layouts = createKeptValues<IndexedLayout>({
    // Known by the hash of their content.
    ...{ freshMs: Number.POSITIVE_INFINITY, staleMsMax: Number.POSITIVE_INFINITY },
    ...{ roomMax: layoutsMax, roomOf },
  });
  async function datedShow(showId: string) {
    const found = await shows.get(showId, () => load(showId));
    if (found === undefined) throw new DomainError("SHOW_NOT_FOUND");
    return { show: found.value.show, staleSeconds: Math.ceil(found.staleMs / 1_000) };
  }
  async function layout(layoutHash: string) {
    const load = async () => indexed(layoutHash, await getLayout(db, layoutHash));
    const found = await layouts.get(layoutHash, load);
    if (found === undefined) throw new DomainError("LAYOUT_NOT_FOUND");
    return found.value;
  }
  return {
    datedShow,
    show: async (showId) => (await datedShow(showId)).show,
    async withLayout(showId) {
      const { show } = await datedShow(showId);
      return { show, layout: await layout(show.layoutHash) };
    },
    layout,
    expire: shows.expire,
    expireAll: shows.expireAll,
  };
}

function indexed(layoutHash: string, layout: Layout | undefined): IndexedLayout | undefined {
  if (layout === undefined) return undefined;
  const seating = readSeating(layout);
  const seats = new Map(seating.seats.map((seat) => [seat.id, seat] as const));
  return { layoutHash, layout, seats, seating };
}
