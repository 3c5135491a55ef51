import type { estypes } from "@elastic/elasticsearch";

import type { ShowSearch } from "../../domain/show-search.ts";
import type { Clause } from "./clause.ts";
import { matchText } from "./match-text.ts";
import { rankShows } from "./rank-shows.ts";
import { titlesMax } from "./search-cursor.ts";
import type { SearchCursor } from "./search-cursor.ts";
import { commonFilters, facetFilters, facets } from "./search-filters.ts";
import type { Facet } from "./search-filters.ts";
import { sortName, sortShows } from "./sort-shows.ts";

const limitMax = 50;
const facetValuesMax = 30;
/** Shows of a title in a list by title. */
const nextShowsMax = 3;
export const nextShows = "next";
export const titleCount = "titles";

/** The question for Elasticsearch: the same query, time and place in the list give the same body. */
export function searchBody(query: ShowSearch, cursor: SearchCursor) {
  const { nowMs, after, titleIds = [] } = cursor;
  const isFirstPage = after === undefined && titleIds.length === 0;
  const chosen = facetFilters(query);
  const filter = commonFilters(query, nowMs);
  const matching: Clause = {
    bool: { filter, ...(query.text && { must: matchText(query.text, nowMs) }) },
  };
  // A chosen facet narrows what is shown and not what its own choices count, so it comes after the counting.
  const narrowed = Object.values(chosen);
  const isRanked = sortName(query) === "relevance";
  return {
    size: pageSize(query, titleIds.length),
    _source: ["show"],
    query: isRanked ? rankShows(matching, query, nowMs) : matching,
    ...((narrowed.length > 0 || titleIds.length > 0) && {
      post_filter: {
        bool: {
          filter: narrowed,
          ...(titleIds.length > 0 && { must_not: { terms: { titleId: titleIds } } }),
        },
      },
    }),
    sort: sortShows(query).map(({ by }) => by),
    ...(after !== undefined && { search_after: after }),
    ...(query.byTitle && { collapse: byTitle }),
    aggs: {
      ...(isFirstPage && countFacets(chosen)),
      ...(query.byTitle && countTitles(narrowed)),
    },
    track_total_hits: true,
    timeout: "300ms",
  } satisfies estypes.SearchRequest;
}

export function pageSize({ limit }: ShowSearch, titlesShown: number): number {
  return Math.min(limit, limitMax, titlesMax - titlesShown);
}

const byTitle: estypes.SearchFieldCollapse = {
  field: "titleId",
  inner_hits: {
    ...{ name: nextShows, size: nextShowsMax, _source: ["show"] },
    sort: [{ startsAt: "asc" }, { showId: "asc" }],
  },
};

function countFacets(chosen: Partial<Record<Facet, Clause>>) {
  return Object.fromEntries(
    facets.map((facet) => [
      facet,
      {
        filter: {
          bool: {
            filter: Object.values({ ...chosen, [facet]: undefined }).filter(
              (each) => each !== undefined,
            ),
          },
        },
        aggs: { values: { terms: { field: facet, size: facetValuesMax } } },
      },
    ]),
  );
}

/** Exact up to 3,000 titles, and within some per cent above. */
function countTitles(narrowed: Clause[]) {
  return {
    [titleCount]: {
      filter: { bool: { filter: narrowed } },
      aggs: { values: { cardinality: { field: "titleId", precision_threshold: 3_000 } } },
    },
  };
}
