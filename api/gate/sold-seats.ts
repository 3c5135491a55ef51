import type { OwnedSeat } from "../../adapters/postgres/seat-owners.ts";
import type { Layout } from "../../domain/layout.ts";
import { areaOfPlace, areasOf } from "../../domain/places.ts";
import type { PlaceWish } from "./choose-places.ts";

/** What one reading of a show's owners says to orders. A repeated order is never told that its own seats are others'. */
export type SoldSeats = {
  /** Those of the seats that were sold or blocked. */
  takenByOthers(order: { seatIds: string[]; bookingId: string }): string[];
  /** Those of the areas that had too few unsold places. */
  fullForOthers(order: { places: PlaceWish[]; bookingId: string }): string[];
  /** Held ones too. */
  hasPlaces(bookingId: string): boolean;
};

export function createSoldSeats(layout: Layout, owned: OwnedSeat[]): SoldSeats {
  const sold = new Map<string, OwnedSeat["owner"]>();
  const unsold = new Map(areasOf(layout).map(({ id, capacity }) => [id, capacity]));
  const placeOwners = new Set<OwnedSeat["owner"]>();
  for (const { seatId, status, owner } of owned) {
    const area = areaOfPlace(seatId);
    if (area !== undefined) placeOwners.add(owner);
    if (status === "held") continue;
    sold.set(seatId, owner);
    if (area !== undefined) unsold.set(area, (unsold.get(area) ?? 0) - 1);
  }
  return {
    takenByOthers: ({ seatIds, bookingId }) =>
      seatIds.filter((seatId) => sold.has(seatId) && sold.get(seatId) !== bookingId),
    fullForOthers({ places, bookingId }) {
      if (placeOwners.has(bookingId)) return [];
      return places
        .filter(({ area, quantity }) => (unsold.get(area) ?? 0) < quantity)
        .map(({ area }) => area);
    },
    hasPlaces: (bookingId) => placeOwners.has(bookingId),
  };
}

export const nothingKnown: SoldSeats = {
  takenByOthers: () => [],
  fullForOthers: () => [],
  hasPlaces: () => false,
};
