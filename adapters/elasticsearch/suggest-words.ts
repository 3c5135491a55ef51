import type { estypes } from "@elastic/elasticsearch";

import { DomainError } from "../../domain/errors.ts";
import type { ShowDocument } from "../../domain/events.ts";
import { foldText } from "../../domain/fold-text.ts";
import { bestSuggestions } from "../../domain/best-suggestions.ts";
import type { Suggestion } from "../../domain/show-search.ts";
import { searchWords } from "../../domain/search-words.ts";
import type { Clause } from "./clause.ts";
import type { Elastic } from "./create-elastic.ts";
import { orUnavailable } from "./create-elastic.ts";
import { prefixLengthMax } from "./index-words.ts";
import { rankShows } from "./rank-shows.ts";
import { commonFilters } from "./search-filters.ts";

/**
 * Titles, people, venues and cities with coming shows that have all of the words, the last one perhaps unfinished. What fits best comes
 * first, and of what fits alike titles before people, venues and cities. Only where nothing has them, what resembles them: that costs
 * several times as much, and who has typed rightly so far wants nothing else.
 */
export async function suggestWords(
  elastic: Elastic,
  alias: string,
  { text, limit }: { text: string; limit: number },
  clockMs: number,
): Promise<Suggestion[]> {
  const words = searchWords(foldText(text));
  if (words.length === 0) return [];
  for (const match of [matchBeginning, matchResembling]) {
    const bodies = suggestBodies((field) => match(field, words), limit, clockMs);
    const searches = bodies.flatMap((body) => [{ index: alias }, body]);
    const { responses } = await orUnavailable(
      elastic.msearch<{ show: ShowDocument }>({ searches }),
    );
    const found = bestOf(responses.map(readResponse), text, limit);
    if (found.length > 0) return found;
  }
  return [];
}

function bestOf(
  [titles, people, venues, cities]: Found[],
  text: string,
  limit: number,
): Suggestion[] {
  const candidates: Omit<Suggestion, "parts">[] = [
    ...(titles?.shows ?? []).map(({ title, titleId }) => ({
      ...{ text: title, kind: "title" as const, titleId },
    })),
    ...(people?.names ?? []).map((name) => ({ text: name, kind: "person" as const })),
    ...(venues?.shows ?? []).map(({ venueName, venueId }) => ({
      ...{ text: venueName, kind: "venue" as const, venueId },
    })),
    ...(cities?.shows ?? []).map(({ city }) => ({ text: city, kind: "city" as const })),
  ];
  return bestSuggestions(candidates, text, limit);
}

/** One question for each kind, in the order titles, people, venues, cities. */
function suggestBodies(match: (field: string) => Clause[], limit: number, nowMs: number) {
  const filter = commonFilters({ limit }, nowMs);
  const having = (field: string) => ({ bool: { filter, must: match(field) } });
  const once = (field: string) => ({
    ...bounds,
    size: limit,
    _source: ["show"],
    collapse: { field },
  });
  return [
    { ...once("titleId"), query: rankShows(having("title"), { limit }, nowMs) },
    // A show has several people, and only some of them fit: counted by name, and looked at again here.
    {
      ...{ ...bounds, size: 0, query: having("people") },
      aggs: { names: { terms: { field: "people", size: limit * 10 } } },
    },
    { ...once("venueId"), query: having("venue") },
    { ...once("city"), query: having("city") },
  ] satisfies estypes.SearchSearchRequestBody[];
}

const bounds = { track_total_hits: false, timeout: "80ms" };

function matchBeginning(field: string, words: string[]): Clause[] {
  const query = words.join(" ");
  return [{ match_bool_prefix: { [`${field}Text`]: { query, operator: "and" } } }];
}

/** All words but the last misspelt; the last one misspelt before it is finished. */
function matchResembling(field: string, words: string[]): Clause[] {
  const last = words.at(-1)?.slice(0, prefixLengthMax) ?? "";
  const alike = { prefix_length: 1, operator: "and" } as const;
  return [
    ...words.slice(0, -1).map((query): Clause => ({
      match: { [`${field}Text`]: { query, fuzziness: "AUTO", ...alike } },
    })),
    // Three letters with one of them wrong are like too many words.
    last.length > 3
      ? { match: { [`${field}Prefixes`]: { query: last, fuzziness: "1", ...alike } } }
      : { prefix: { [`${field}Text`]: last } },
  ];
}

type Found = { shows: ShowDocument[]; names: string[] };

function readResponse(response: estypes.MsearchResponseItem<{ show: ShowDocument }>): Found {
  // One of several questions: refused for being ours, or because there is too much to do.
  if ("error" in response) {
    const message = `Elasticsearch refused a suggestion: ${response.error.reason}`;
    if (response.status === 400) throw new Error(message);
    throw new DomainError("SEARCH_UNAVAILABLE", {}, { cause: new Error(message) });
  }
  const counted = response.aggregations?.["names"] as
    estypes.AggregationsStringTermsAggregate | undefined;
  return {
    shows: response.hits.hits.flatMap(({ _source }) => _source?.show ?? []),
    names: ((counted?.buckets ?? []) as { key: string }[]).map(({ key }) => key),
  };
}
