import type { estypes } from "@elastic/elasticsearch";

import { DomainError } from "../../domain/errors.ts";
import type { ShowDocument } from "../../domain/events.ts";
import { foldText } from "../../domain/fold-text.ts";
import { markWords, textFit } from "../../domain/mark-words.ts";
import type { Suggestion } from "../../domain/show-search.ts";
import { searchWords } from "../../domain/search-words.ts";
import type { Clause } from "./clause.ts";
import type { Elastic } from "./create-elastic.ts";
import { orUnavailable } from "./create-elastic.ts";
import { prefixLengthMax } from "./index-words.ts";
import { rankShows } from "./rank-shows.ts";
import { commonFilters } from "./search-filters.ts";

/**
 * Titles, people, venues and cities with coming shows that have all of the words, the last one perhaps unfinished, each perhaps
 * misspelt. What fits best comes first, and of what fits alike titles before people, venues and cities.
 */
export async function suggestWords(
  elastic: Elastic,
  alias: string,
  { text, limit }: { text: string; limit: number },
  clockMs: number,
): Promise<Suggestion[]> {
  const words = searchWords(foldText(text));
  if (words.length === 0) return [];
  const searches = suggestBodies(words, limit, clockMs).flatMap((body) => [{ index: alias }, body]);
  const { responses } = await orUnavailable(elastic.msearch<{ show: ShowDocument }>({ searches }));
  const [titles, people, venues, cities] = responses.map(readResponse);
  const found = [
    ...(titles?.shows ?? []).map(({ title, titleId }) =>
      suggestion("title", title, text, { titleId }),
    ),
    ...(people?.names ?? []).map((name) => suggestion("person", name, text)),
    ...(venues?.shows ?? []).map(({ venueName, venueId }) =>
      suggestion("venue", venueName, text, { venueId }),
    ),
    ...(cities?.shows ?? []).map(({ city }) => suggestion("city", city, text)),
  ];
  return found
    .filter(({ fit }) => fit > 0)
    .toSorted((one, other) => other.fit - one.fit)
    .slice(0, limit)
    .map(({ fit: _fit, ...each }) => each);
}

/** One question for each kind, in the order titles, people, venues, cities. */
function suggestBodies(words: string[], limit: number, nowMs: number) {
  const filter = commonFilters({ limit }, nowMs);
  const having = (fields: string) => ({ bool: { filter, must: matchBeginning(fields, words) } });
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

function matchBeginning(field: string, words: string[]): Clause {
  const query = words.join(" ");
  const before = words.slice(0, -1).join(" ");
  const last = (words.at(-1) ?? "").slice(0, prefixLengthMax);
  const forgiving = { fuzziness: "AUTO", prefix_length: 1 } as const;
  const whole = { query, operator: "and", ...forgiving } as const;
  const begun: Clause[] = [
    {
      match: {
        [`${field}Prefixes`]: { query: last, fuzziness: "1", prefix_length: 1, operator: "and" },
      },
    },
    ...(before === "" ? [] : [{ match: { [`${field}Text`]: { ...whole, query: before } } }]),
  ];
  return {
    bool: {
      should: [
        { match: { [`${field}Text`]: whole } },
        { match_bool_prefix: { [`${field}Text`]: { ...whole, boost: 2 } } },
        // Three letters with one of them wrong are like too many words.
        ...(last.length > 3 ? [{ bool: { must: begun, boost: 0.5 } }] : []),
      ],
    },
  };
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

function suggestion(
  kind: Suggestion["kind"],
  text: string,
  typed: string,
  ids: Pick<Suggestion, "titleId" | "venueId"> = {},
) {
  return { ...{ text, kind, ...ids }, parts: markWords(text, typed), fit: textFit(text, typed) };
}
