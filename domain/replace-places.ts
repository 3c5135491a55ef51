import { areaOfPlace } from "./places.ts";

/** The places, and free ones of the same area for those that are not free; undefined if an area has too few. */
export function replacePlaces(
  placeIds: string[],
  freeIds: ReadonlySet<string>,
): string[] | undefined {
  const replaced: string[] = [];
  for (const [area, ids] of Map.groupBy(placeIds, areaOfPlace)) {
    const own = ids.filter((id) => freeIds.has(id));
    const others = [...freeIds].filter((id) => areaOfPlace(id) === area && !own.includes(id));
    if (own.length + others.length < ids.length) return undefined;
    replaced.push(...own, ...others.slice(0, ids.length - own.length));
  }
  return replaced;
}
