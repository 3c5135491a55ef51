import type { SearchIndex } from "../../domain/show-search.ts";
import { createElastic } from "./create-elastic.ts";
import { searchShows, suggestTitles } from "./search-shows.ts";

/** The search index as the edge asks it: answers within `requestMsMax`, or throws SEARCH_UNAVAILABLE. */
export type OpenSearchIndex = SearchIndex & { close(): Promise<void> };

/** 400 ms of the half second that a search may take: the rest is for the catalogue, which answers instead. */
const requestMsMax = 400;

export function createSearchIndex(options: { url: string; alias: string }): OpenSearchIndex {
  const elastic = createElastic({ url: options.url, requestMsMax });
  return {
    search: (query) => searchShows(elastic, options.alias, query),
    suggest: (query) => suggestTitles(elastic, options.alias, query),
    close: () => elastic.close(),
  };
}
