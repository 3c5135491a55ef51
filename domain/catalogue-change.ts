import type { ShowDocument, ShowPublished } from "./events.ts";

/** What a published show says to those who keep pages: which of them are not so any more. */
export type CatalogueChange = Pick<ShowDocument, "showId" | "titleId" | "venueId"> & {
  version: number;
};

/** The changes of the catalogue among events of all kinds, the last one of each show. */
export function changesOf(events: readonly object[]): CatalogueChange[] {
  const changes = events.flatMap((event) => {
    if (!isShowPublished(event)) return [];
    const { showId, version, show } = event;
    return [{ showId, version, titleId: show.titleId, venueId: show.venueId }];
  });
  return [...new Map(changes.map((change) => [change.showId, change])).values()];
}

function isShowPublished(event: object): event is ShowPublished {
  return "type" in event && event.type === "ShowPublished";
}
