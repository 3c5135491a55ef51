import type { Layout, LayoutArea } from "./layout.ts";

/**
 * The places of an area are seats of the show that nobody chooses: "FLOOR:000017" is the 17th of the area FLOOR. The colon is in no
 * seat's id, so that neither can be taken for the other, and in the order of ids the places of an area come one after the other.
 */
export function placeId(area: string, number: number): string {
  return `${area}:${String(number).padStart(numberDigits, "0")}`;
}

/** Enough for the largest layout. */
const numberDigits = 6;

/** Undefined: it is the id of a seat. */
export function areaOfPlace(seatId: string): string | undefined {
  const colon = seatId.indexOf(":");
  return colon < 0 ? undefined : seatId.slice(0, colon);
}

/** From 1 on; undefined: it is no place of this area. */
export function placeNumber(area: string, seatId: string): number | undefined {
  return seatId.startsWith(`${area}:`) ? Number(seatId.slice(area.length + 1)) : undefined;
}

export function areasOf({ areas = [] }: Pick<Layout, "areas">): LayoutArea[] {
  return areas;
}

/** Everything of a layout that a show sells: its seats in layout order, then the places of each area. */
export function listShowSeats(layout: Layout): { id: string; priceCode: string }[] {
  const places = areasOf(layout).flatMap(({ id, capacity, priceCode }) =>
    Array.from({ length: capacity }, (_, index) => ({ id: placeId(id, index + 1), priceCode })),
  );
  return [...layout.seats.map(({ id, priceCode }) => ({ id, priceCode })), ...places];
}

export function seatCountOf(layout: Layout): number {
  return areasOf(layout).reduce((sum, { capacity }) => sum + capacity, layout.seats.length);
}
