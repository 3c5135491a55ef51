import type { CatalogueChange } from "../../domain/catalogue-change.ts";
import { showIds, titleIds, venueIds } from "../../domain/ids.ts";

/** The pages of the catalogue that a change of a show makes wrong: its own, and those that list it. */
export function cataloguePaths({ showId, titleId, venueId }: CatalogueChange): string[] {
  return [
    `/v1/shows/${showIds.encode(showId)}`,
    `/v1/titles/${titleIds.encode(titleId)}`,
    `/v1/venues/${venueIds.encode(venueId)}`,
  ];
}
