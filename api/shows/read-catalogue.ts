import { getTitle, getVenue } from "../../adapters/postgres/catalogue.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import { DomainError } from "../../domain/errors.ts";

/** What is shown, and where. */
export function createReadCatalogue(db: Queryable) {
  return {
    async readTitle(titleId: string) {
      const title = await getTitle(db, titleId);
      if (title === undefined) throw new DomainError("TITLE_NOT_FOUND");
      return title;
    },
    async readVenue(venueId: string) {
      const venue = await getVenue(db, venueId);
      if (venue === undefined) throw new DomainError("VENUE_NOT_FOUND");
      return venue;
    },
  };
}
