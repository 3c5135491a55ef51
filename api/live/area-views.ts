import type { Layout, LayoutArea } from "../../domain/layout.ts";
import { areaOfPlace, areasOf, placeId, placeNumber } from "../../domain/places.ts";
import type { SeatNews } from "../../domain/seat-news.ts";
import { createFreePlaces } from "./free-places.ts";
import { createSeatMap } from "./seat-map.ts";

/**
 * The areas of a hall. To whoever is told of changes, an area is one seat more behind all others: `take` and `expire` return the
 * positions of those whose number is another now.
 */
export type AreaViews = {
  byId: ReadonlyMap<string, AreaView>;
  take(news: readonly SeatNews[], nowMs: number): number[];
  expire(nowMs: number): number[];
  /** How many places are free or held. */
  unsoldCount(): number;
  /** Of all areas, or of those at these positions. */
  told(positions?: readonly number[]): { area: string; free: number }[];
};

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
    unsoldCount: () => views.reduce((sum, view) => sum + view.unsoldCount(), 0),
    told: (positions) =>
      views
        .filter((_, index) => positions?.includes(positionOf(index)) ?? true)
        .map(({ id, free }) => ({ area: id, free: free() })),
  };
}

/** How many places of an area are free: nobody needs to know which. */
export type AreaView = Omit<LayoutArea, "outline"> & {
  free(): number;
  unsoldCount(): number;
  /** Ids of up to so many free places, at random. */
  pick(countMax: number): string[];
  /** Both return whether the number of free places is another now. */
  take(news: readonly SeatNews[], nowMs: number): boolean;
  expire(nowMs: number): boolean;
};

function createAreaView(area: LayoutArea, graceMs: number): AreaView {
  const { id, name, capacity, priceCode } = area;
  const map = createSeatMap(capacity, positionOf, graceMs);
  const freePlaces = createFreePlaces(capacity);

  function positionOf(seatId: string): number | undefined {
    const number = placeNumber(id, seatId);
    return number !== undefined && number >= 1 && number <= capacity ? number - 1 : undefined;
  }

  function count(changed: number[]): boolean {
    const before = freePlaces.count();
    for (const position of changed) {
      freePlaces.set(position, map.statusAt(position) === "available");
    }
    return freePlaces.count() !== before;
  }

  return {
    ...{ id, name, capacity, priceCode },
    free: freePlaces.count,
    unsoldCount: map.unsoldCount,
    pick: (countMax) => freePlaces.pick(countMax).map((position) => placeId(id, position + 1)),
    take: (news, nowMs) => count(map.take(news, nowMs)),
    expire: (nowMs) => count(map.expire(nowMs)),
  };
}
