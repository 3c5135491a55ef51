import type { estypes } from "@elastic/elasticsearch";

import { DomainError } from "../../domain/errors.ts";
import type { ShowDocument } from "../../domain/events.ts";
import type { FoundShows, ShowSearch } from "../../domain/show-search.ts";
import type { Elastic } from "./create-elastic.ts";
import { orUnavailable } from "./create-elastic.ts";
import { foldText } from "./fold-text.ts";

/** Shows that have not begun. Misspelt, unaccented and half-typed words find them. Throws SEARCH_UNAVAILABLE when it is away. */
export async function searchShows(
  elastic: Elastic,
  alias: string,
  query: ShowSearch,
): Promise<FoundShows> {
  const sort = sortOf(query);
  const size = Math.min(query.limit, limitMax);
  const response = await orUnavailable(
    elastic.search<{ show: ShowDocument }>({
      index: alias,
      size,
      _source: ["show"],
      query: { bool: { filter: filtersOf(query), ...(query.text && matching(query.text)) } },
      sort,
      ...(query.cursor !== undefined && { search_after: decodeCursor(query.cursor, sort.length) }),
      aggs: Object.fromEntries(
        facets.map((field) => [field, { terms: { field, size: facetValuesMax } }]),
      ),
      track_total_hits: true,
      timeout: "300ms",
    }),
  );
  // A part of the answer that looks like all of it would hide shows.
  if (response.timed_out) throw new DomainError("SEARCH_UNAVAILABLE");
  const { hits, total } = response.hits;
  const last = hits.at(-1);
  return {
    shows: hits.flatMap(({ _source }) => _source?.show ?? []),
    total: typeof total === "number" ? total : (total?.value ?? 0),
    facets: readFacets(response.aggregations ?? {}),
    ...(hits.length === size && last?.sort && { nextCursor: encodeCursor(last.sort) }),
  };
}

/** Titles whose name, people or venue begin like the text; each title once. */
export async function suggestTitles(
  elastic: Elastic,
  alias: string,
  { text, limit }: { text: string; limit: number },
): Promise<{ text: string; kind: string }[]> {
  const response = await orUnavailable(
    elastic.search<{ show: ShowDocument }>({
      index: alias,
      size: limit,
      _source: ["show"],
      query: { bool: { filter: filtersOf({ limit }), ...matching(text) } },
      collapse: { field: "titleId" },
      timeout: "100ms",
    }),
  );
  return response.hits.hits.flatMap(({ _source }) =>
    _source ? [{ text: _source.show.title, kind: "title" }] : [],
  );
}

const facets = ["city", "genre", "language", "format"];
const facetValuesMax = 30;
const limitMax = 50;

function filtersOf(query: ShowSearch): estypes.QueryDslQueryContainer[] {
  const { city, genre, language, format, fromDate, toDate, near } = query;
  const terms = { cityKey: city, genreKey: genre, languageKey: language, formatKey: format };
  return [
    { term: { status: "scheduled" } },
    { range: { startsAt: { gt: "now" } } },
    ...Object.entries(terms).flatMap(([field, value]) =>
      value === undefined ? [] : [{ term: { [field]: foldText(value) } }],
    ),
    ...(fromDate === undefined ? [] : [{ range: { localDate: { gte: fromDate } } }]),
    ...(toDate === undefined ? [] : [{ range: { localDate: { lte: toDate } } }]),
    ...(near === undefined
      ? []
      : [
          {
            geo_distance: {
              distance: `${near.radiusKm}km`,
              location: { lat: near.latitude, lon: near.longitude },
            },
          },
        ]),
  ];
}

/** Every word must be somewhere in the show, the last one perhaps unfinished; a match in the title counts most. */
function matching(text: string): estypes.QueryDslBoolQuery {
  const query = foldText(text);
  const forgiving = { query, operator: "and", fuzziness: "AUTO", prefix_length: 1 } as const;
  return {
    must: [
      {
        bool: {
          should: [
            { match: { allText: forgiving } },
            { match_bool_prefix: { allText: forgiving } },
          ],
          minimum_should_match: 1,
        },
      },
    ],
    should: [
      { match: { titleText: { query, boost: 3 } } },
      { match_phrase_prefix: { titleText: { query, boost: 5 } } },
      { match: { peopleText: { query, boost: 2 } } },
    ],
  };
}

/** Ends with the id, so that no two shows are equal and a page ends at one place. */
function sortOf({ sort, text, near }: ShowSearch): estypes.SortCombinations[] {
  const byDate: estypes.SortCombinations[] = [{ startsAt: "asc" }, { showId: "asc" }];
  if (sort === "price") return [{ priceFrom: "asc" }, ...byDate];
  if (sort === "distance" && near !== undefined) {
    const location = { lat: near.latitude, lon: near.longitude };
    return [{ _geo_distance: { location, order: "asc", unit: "km" } }, ...byDate];
  }
  if (sort !== "date" && text) return [{ _score: { order: "desc" } }, ...byDate];
  return byDate;
}

function encodeCursor(sort: estypes.SortResults): string {
  return Buffer.from(JSON.stringify(sort)).toString("base64url");
}

/** Where a page ended: numbers, and the id of its last show. Anything else Elasticsearch would refuse as our mistake. */
function decodeCursor(cursor: string, length: number): estypes.SortResults {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    const isSort =
      Array.isArray(values) &&
      values.length === length &&
      values.every((value, index) =>
        index === length - 1 ? typeof value === "string" : typeof value === "number",
      );
    if (isSort) return values as estypes.SortResults;
  } catch {
    // Not JSON: refused below.
  }
  throw new DomainError("CURSOR_INVALID");
}

function readFacets(aggregations: Record<string, unknown>): FoundShows["facets"] {
  return Object.fromEntries(
    facets.map((field) => {
      const terms = aggregations[field] as estypes.AggregationsStringTermsAggregate | undefined;
      const buckets = (terms?.buckets ?? []) as { key: string; doc_count: number }[];
      return [field, buckets.map(({ key, doc_count }) => ({ value: key, count: doc_count }))];
    }),
  );
}
