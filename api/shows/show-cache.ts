import { getLayout, getShow } from "../../adapters/postgres/catalogue.ts";
import type { StoredShow } from "../../adapters/postgres/catalogue.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import { DomainError } from "../../domain/errors.ts";
import type { Layout } from "../../domain/layout.ts";
import { readSeating } from "../../domain/read-seating.ts";
import type { PlacedSeat, Seating } from "../../domain/read-seating.ts";
import { createKeptValues } from "../../platform/kept-values.ts";

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
  const roomOf = () => 1;
  const shows = createKeptValues<StoredShow>({
    ...{ freshMs: showMsMax, staleMsMax: Number.POSITIVE_INFINITY },
    ...{ roomMax: showsMax, roomOf },
  });
  const layouts = createKeptValues<IndexedLayout>({
    // Known by the hash of their content.
    ...{ freshMs: Number.POSITIVE_INFINITY, staleMsMax: Number.POSITIVE_INFINITY },
    ...{ roomMax: layoutsMax, roomOf },
  });
  return {
    async show(showId) {
      const show = await shows.get(showId, () => getShow(db, showId));
      if (show === undefined) throw new DomainError("SHOW_NOT_FOUND");
      return show.value;
    },
    async layout(layoutHash) {
      const load = async () => indexed(layoutHash, await getLayout(db, layoutHash));
      const layout = await layouts.get(layoutHash, load);
      if (layout === undefined) throw new DomainError("LAYOUT_NOT_FOUND");
      return layout.value;
    },
  };
}

function indexed(layoutHash: string, layout: Layout | undefined): IndexedLayout | undefined {
  if (layout === undefined) return undefined;
  const seating = readSeating(layout);
  const seats = new Map(seating.seats.map((seat) => [seat.id, seat] as const));
  return { layoutHash, layout, seats, seating };
}
