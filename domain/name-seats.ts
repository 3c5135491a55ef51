import { areaOfPlace } from "./places.ts";

/** Seats as people read them: "F7", and "Standing floor" or "2 × Standing floor" for places, whose ids say nothing to anybody. */
export function nameSeats(seatIds: string[], areas: { id: string; name: string }[]): string[] {
  const groups = Map.groupBy(seatIds, areaOfPlace);
  return [...groups].flatMap(([area, ids]) => {
    if (area === undefined) return ids;
    const name = areas.find(({ id }) => id === area)?.name ?? area;
    return ids.length === 1 ? name : `${ids.length} × ${name}`;
  });
}
