import type { ShowDocument, ShowPublished } from "./events.ts";

/** What a published show says to those who keep pages: which of them are not so any more. */
export type CatalogueChange = Pick<ShowDocument, "showId" | "titleId" | "venueId"> & {
  version: number;
};

/** The changes of the catalogue among events of all kinds, the last one of each show. */
export function changesOf(events: readonly { payload: object }[]): CatalogueChange[] {
  const changes = events.flatMap(({ payload }) => {
    if (!isShowPublished(payload)) return [];
    const { showId, version, show } = payload;
    return [{ showId, version, titleId: show.titleId, venueId: show.venueId }];
  });
  return [...new Map(changes.map((change) => [change.showId, change])).values()];
}

function isShowPublished(payload: object): payload is ShowPublished {
  return "type" in payload && payload.type === "ShowPublished";
}
