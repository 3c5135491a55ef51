import type { Layout, LayoutArea } from "../../domain/layout.ts";
import { areaOfPlace, areasOf, placeId, placeNumber } from "../../domain/places.ts";
import type { SeatNews } from "../../domain/seat-news.ts";
import { createFreePlaces } from "./free-places.ts";
import { countUnsold } from "./seat-bitmap.ts";
import type { UnsoldSeats } from "./seat-bitmap.ts";
import { createSeatMap } from "./seat-map.ts";

/**
 * The areas of a hall. To whoever is told of changes, an area is one seat more behind all others: `take` and `expire` return the
 * positions of those whose number is another now.
 */
export type AreaViews = {
  byId: ReadonlyMap<string, AreaView>;
  take(news: readonly SeatNews[], nowMs: number): number[];
  expire(nowMs: number): number[];
  lock(placeIds: readonly string[], untilMs: number): void;
  unlock(placeIds: readonly string[], nowMs: number): number[];
  /** When the places of channels become everybody's, in epoch milliseconds. */
  setClosings(closings: ReadonlyMap<string, number>, nowMs: number): number[];
};

/** Of all areas, or of those at these positions. */
export type TellAreas = (positions?: readonly number[]) => { area: string; free: number }[];

export function createAreaViews(layout: Layout, graceMs: number): AreaViews {
  const views = areasOf(layout).map((area) => createAreaView(area, graceMs));
  const positionOf = (index: number) => layout.seats.length + index;
  const positionsOf = (hasChanged: (view: AreaView) => boolean) =>
    views.flatMap((view, index) => (hasChanged(view) ? [positionOf(index)] : []));
  return {
    byId: new Map(views.map((view) => [view.id, view])),
    take(news, nowMs) {
      const parts = Map.groupBy(news, ({ seatId }) => areaOfPlace(seatId));
      return positionsOf((view) => view.take(parts.get(view.id) ?? [], nowMs));
    },
    expire: (nowMs) => positionsOf((view) => view.expire(nowMs)),
    lock(placeIds, untilMs) {
      for (const view of views) view.lock(placeIds, untilMs);
    },
    unlock: (placeIds, nowMs) => positionsOf((view) => view.unlock(placeIds, nowMs)),
    setClosings: (closings, nowMs) => positionsOf((view) => view.setClosings(closings, nowMs)),
  };
}

/** What watchers are told of the areas as they see them. */
export function createTellAreas(
  layout: Layout,
  areas: ReadonlyMap<string, Pick<AreaView, "id" | "free">>,
): TellAreas {
  return (positions) =>
    [...areas.values()]
      .filter((_, index) => positions?.includes(layout.seats.length + index) ?? true)
      .map(({ id, free }) => ({ area: id, free: free() }));
}

/** How many places of an area are free: nobody needs to know which. */
export type AreaView = Omit<LayoutArea, "outline"> & {
  free(): number;
  unsold(): UnsoldSeats;
  /** Ids of up to so many free places, at random. */
  pick(countMax: number): string[];
  /** Shows free places as held, though there is no hold yet, until then or until their rows are news; others are passed over. */
  lock(placeIds: readonly string[], untilMs: number): void;
  /** All return whether the number of free places is another than was told. */
  unlock(placeIds: readonly string[], nowMs: number): boolean;
  take(news: readonly SeatNews[], nowMs: number): boolean;
  expire(nowMs: number): boolean;
  setClosings(closings: ReadonlyMap<string, number>, nowMs: number): boolean;
  /** The same area to who comes through a channel: its places, and, unless they are its only ones, everybody's. */
  ofChannel(channel: string, hasOwnOnly: () => boolean): AreaView;
};

function createAreaView(area: LayoutArea, graceMs: number): AreaView {
  const { id, name, capacity, priceCode } = area;
  const map = createSeatMap(capacity, positionOf, graceMs);
  const freePlaces = createFreePlaces(capacity);

  function positionOf(seatId: string): number | undefined {
    const number = placeNumber(id, seatId);
    return number !== undefined && number >= 1 && number <= capacity ? number - 1 : undefined;
  }

  // What those know who are told of changes: they hear of a lock when it has come to something. Undefined from then on, because some
  // have looked meanwhile: what became of it is news to them, also when the number is what it was.
  let told: number | undefined = 0;

  function show(changed: number[]): void {
    for (const position of changed) {
      freePlaces.set(position, map.statusAt(position) === "available");
    }
  }

  function tell(changed: number[]): boolean {
    if (changed.length === 0) return false;
    show(changed);
    const before = told;
    told = freePlaces.count();
    return told !== before;
  }

  const idsOf = (places: number[]) => places.map((position) => placeId(id, position + 1));

  const view: AreaView = {
    ...{ id, name, capacity, priceCode },
    free: freePlaces.count,
    unsold: () => countUnsold(map.bitmap, capacity),
    pick: (countMax) => idsOf(freePlaces.pick(countMax)),
    take: (news, nowMs) => tell(map.take(news, nowMs)),
    expire: (nowMs) => tell(map.expire(nowMs)),
    lock(placeIds, untilMs) {
      const locked = map.lock(placeIds, untilMs);
      if (locked.length > 0) told = undefined;
      show(locked);
    },
    unlock: (placeIds, nowMs) => tell(map.unlock(placeIds, nowMs)),
    setClosings: (closings, nowMs) => tell(map.setClosings(closings, nowMs)),
    ofChannel(channel, hasOwnOnly) {
      const own = () =>
        Array.from({ length: capacity }, (_, place) => place).filter(
          (place) => map.keptFor(place) === channel,
        );
      return {
        ...view,
        free: () => own().length + (hasOwnOnly() ? 0 : freePlaces.count()),
        pick(countMax) {
          const others = hasOwnOnly() ? [] : freePlaces.pick(countMax);
          return idsOf([...own(), ...others].slice(0, countMax));
        },
      };
    },
  };
  return view;
}
