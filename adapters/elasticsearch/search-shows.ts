import type { estypes } from "@elastic/elasticsearch";

import { DomainError } from "../../domain/errors.ts";
import type { ShowDocument } from "../../domain/events.ts";
import type {
  Facets,
  FoundShows,
  FoundTitle,
  Relaxation,
  ShowSearch,
} from "../../domain/show-search.ts";
import type { Elastic } from "./create-elastic.ts";
import { orUnavailable } from "./create-elastic.ts";
import { relaxations, relaxed } from "./relax-search.ts";
import { nextShows, pageSize, searchBody, titleCount } from "./search-body.ts";
import { decodeCursor, encodeCursor } from "./search-cursor.ts";
import type { SearchCursor } from "./search-cursor.ts";
import { facets } from "./search-filters.ts";

/**
 * Shows that have not begun, or their titles. Misspelt, unaccented and half-typed words find them; where there is nothing, the nearest
 * thing. Throws SEARCH_UNAVAILABLE when Elasticsearch is away, CURSOR_INVALID for a cursor of another query.
 */
export async function searchShows(
  elastic: Elastic,
  alias: string,
  query: ShowSearch,
  { clockMs, relaxingMsMax }: { clockMs: number; relaxingMsMax: number },
): Promise<FoundShows> {
  const ask = (wish: ShowSearch, cursor: SearchCursor) => askFor(elastic, alias, wish, cursor);
  if (query.cursor !== undefined) {
    const cursor = decodeCursor(query, query.cursor, clockMs);
    return pageOf(query, cursor, await ask(relaxed(query, cursor.relaxed), cursor));
  }
  const first = { nowMs: clockMs, relaxed: [] };
  const answer = await ask(query, first);
  if (answer.hits.hits.length > 0) return pageOf(query, first, answer);
  const giveUpAtMs = performance.now() + relaxingMsMax;
  for await (const dropped of relaxations(elastic, alias, query, clockMs)) {
    if (performance.now() > giveUpAtMs) break;
    const cursor = { nowMs: clockMs, relaxed: dropped };
    const nearest = await ask(relaxed(query, dropped), cursor);
    if (nearest.hits.hits.length > 0) return pageOf(query, cursor, nearest);
  }
  return pageOf(query, first, answer);
}

type Answer = estypes.SearchResponse<{ show: ShowDocument }>;

async function askFor(
  elastic: Elastic,
  alias: string,
  query: ShowSearch,
  cursor: SearchCursor,
): Promise<Answer> {
  const answer: Answer = await orUnavailable(
    elastic.search({ index: alias, ...searchBody(query, cursor) }),
  );
  // A part of the answer that looks like all of it would hide shows.
  if (answer.timed_out) throw new DomainError("SEARCH_UNAVAILABLE");
  return answer;
}

function pageOf(query: ShowSearch, cursor: SearchCursor, answer: Answer): FoundShows {
  const { hits, total } = answer.hits;
  const shown = cursor.titleIds ?? [];
  const last = hits.at(-1);
  const isFull = hits.length > 0 && hits.length === pageSize(query, shown.length);
  const titles = query.byTitle ? hits.map(readTitle) : undefined;
  const titleIds = [...shown, ...(titles ?? []).flatMap(({ shows }) => shows[0]?.titleId ?? [])];
  const place = query.byTitle ? { titleIds } : { after: last?.sort };
  const goesOn = isFull && (!query.byTitle || pageSize(query, titleIds.length) > 0);
  const shows = hits.flatMap(({ _source }) => _source?.show ?? []);
  return {
    shows: query.byTitle ? [] : shows,
    ...(titles && { titles }),
    total: query.byTitle ? readTitleCount(answer) : readTotal(total),
    ...readFacets(answer),
    ...(goesOn && { nextCursor: encodeCursor(query, { ...cursor, ...place }) }),
    ...relaxation(cursor.relaxed),
  };
}

function relaxation(dropped: Relaxation[]): Pick<FoundShows, "relaxed"> {
  return dropped.length > 0 ? { relaxed: dropped } : {};
}

function readTitle(hit: estypes.SearchHit<{ show: ShowDocument }>): FoundTitle {
  const next = hit.inner_hits?.[nextShows]?.hits;
  const shows = (next?.hits ?? []) as estypes.SearchHit<{ show: ShowDocument }>[];
  return {
    shows: shows.flatMap(({ _source }) => _source?.show ?? []),
    showsTotal: readTotal(next?.total),
  };
}

function readTotal(total: number | estypes.SearchTotalHits | undefined): number {
  return typeof total === "number" ? total : (total?.value ?? 0);
}

type Buckets = { key: string; doc_count: number }[];
type Counted = Record<string, { values?: { buckets?: Buckets; value?: number } } | undefined>;

function readTitleCount({ aggregations }: Answer): number {
  return (aggregations as Counted | undefined)?.[titleCount]?.values?.value ?? 0;
}

function readFacets({ aggregations }: Answer): { facets?: Facets } {
  const counted = (aggregations ?? {}) as Counted;
  if (counted[facets[0]] === undefined) return {};
  const entries = facets.map((facet) => {
    const buckets = counted[facet]?.values?.buckets ?? [];
    return [
      facet,
      buckets
        .filter(({ key }) => key !== "")
        .map(({ key, doc_count: count }) => ({ value: key, count })),
    ];
  });
  return { facets: Object.fromEntries(entries) as Facets };
}
