import type { SearchIndex } from "../../domain/show-search.ts";
import { createElastic } from "./create-elastic.ts";
import { searchShows } from "./search-shows.ts";
import { suggestWords } from "./suggest-words.ts";

/** The search index as the edge asks it: answers within `requestMsMax`, or throws SEARCH_UNAVAILABLE. */
export type OpenSearchIndex = SearchIndex & { close(): Promise<void> };

/**
 * Of the half second that a search may take. 400 ms for the index: the rest is for the catalogue, which answers instead. After 200 ms
 * nothing at once is a better answer than the nearest thing later.
 */
const usualPatience = { requestMsMax: 400, relaxingMsMax: 200 };

/** `clock` says what "now" is; tests have days, and patience, of their own. */
export function createSearchIndex(options: {
  url: string;
  alias: string;
  clock?: () => number;
  patience?: typeof usualPatience;
}): OpenSearchIndex {
  const { alias, clock = Date.now, patience = usualPatience } = options;
  const { requestMsMax, relaxingMsMax } = patience;
  const elastic = createElastic({ url: options.url, requestMsMax });
  return {
    search: (query) => searchShows(elastic, alias, query, { clockMs: clock(), relaxingMsMax }),
    suggest: (query) => suggestWords(elastic, alias, query, clock()),
    close: () => elastic.close(),
  };
}
