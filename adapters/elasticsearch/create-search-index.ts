import { createElastic } from "./create-elastic.ts";
import type { FoundShows, ShowQuery } from "./search-shows.ts";
import { searchShows, suggestTitles } from "./search-shows.ts";

/** The search index as the edge asks it: answers within `requestMsMax`, or throws SEARCH_UNAVAILABLE. */
export type SearchIndex = {
  search(query: ShowQuery): Promise<FoundShows>;
  suggest(query: { text: string; limit: number }): Promise<{ text: string; kind: string }[]>;
  close(): Promise<void>;
};

/** 400 ms of the half second that a search may take: the rest is for the catalogue, which answers instead. */
const requestMsMax = 400;

export function createSearchIndex(options: { url: string; alias: string }): SearchIndex {
  const elastic = createElastic({ url: options.url, requestMsMax });
  return {
    search: (query) => searchShows(elastic, options.alias, query),
    suggest: (query) => suggestTitles(elastic, options.alias, query),
    close: () => elastic.close(),
  };
}
