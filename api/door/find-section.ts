import { areaOfPlace, areasOf } from "../../domain/places.ts";
import type { ShowCache } from "../shows/show-cache.ts";

/** Where a seat is: its section, or the area of a place. */
export type SeatSection = { sectionId: string; name: string };

export type FindSection = ReturnType<typeof createFindSection>;

/** Says of the seats of a show where they are. Throws SHOW_NOT_FOUND. */
export function createFindSection(shows: ShowCache) {
  return async (showId: string): Promise<(seatId: string) => SeatSection> => {
    const { layoutHash } = await shows.show(showId);
    const { layout, seats } = await shows.layout(layoutHash);
    const names = new Map(
      [...layout.sections, ...areasOf(layout)].map(({ id, name }) => [id, name]),
    );
    return (seatId) => {
      const sectionId = seats.get(seatId)?.section ?? areaOfPlace(seatId) ?? "";
      return { sectionId, name: names.get(sectionId) ?? "" };
    };
  };
}
