import type { estypes } from "@elastic/elasticsearch";

import { readDayWord } from "../../domain/read-day-word.ts";
import { searchWords, tellingWords } from "../../domain/search-words.ts";
import type { Relaxation, ShowSearch } from "../../domain/show-search.ts";
import type { Elastic } from "./create-elastic.ts";
import { orUnavailable } from "./create-elastic.ts";
import { matchText } from "./match-text.ts";
import { commonFilters, facetFilters } from "./search-filters.ts";

/** With fewer words left, what is found has little to do with what was meant. */
const wordsDroppedMax = 3;

/** What to do without when nothing is found, one thing more each time: the days, then the place, then the word that says least. */
export async function* relaxations(
  elastic: Elastic,
  alias: string,
  query: ShowSearch,
  nowMs: number,
): AsyncGenerator<Relaxation[]> {
  const dropped: Relaxation[] = [];
  if (namesDays(query)) yield append(dropped, { dropped: "date" });
  if (query.city !== undefined || query.near !== undefined)
    yield append(dropped, { dropped: "place" });
  for (const word of await findIdleWords(elastic, alias, relaxed(query, dropped), nowMs)) {
    yield append(dropped, { dropped: "word", word });
  }
}

/** The query without what was dropped. */
export function relaxed(query: ShowSearch, dropped: Relaxation[]): ShowSearch {
  return dropped.reduce((wider, each) => {
    switch (each.dropped) {
      case "date": {
        const spoken = readDayWord(wider.text ?? "");
        const { fromDate: _from, toDate: _to, day: _day, ...rest } = wider;
        return { ...rest, ...(spoken && { text: spoken.rest }) };
      }
      case "place": {
        const { city: _city, near: _near, ...rest } = wider;
        return rest;
      }
      case "word":
        return { ...wider, text: without(searchWords(wider.text ?? ""), each.word).join(" ") };
    }
  }, query);
}

function append(dropped: Relaxation[], one: Relaxation): Relaxation[] {
  dropped.push(one);
  return [...dropped];
}

function namesDays({ fromDate, toDate, day, text = "" }: ShowSearch): boolean {
  const isNamed = fromDate !== undefined || toDate !== undefined || day !== undefined;
  return isNamed || readDayWord(text) !== undefined;
}

/** Words to do without, but for one: first those that no show has, then those that most have, since they say least about what was meant. */
async function findIdleWords(
  elastic: Elastic,
  alias: string,
  query: ShowSearch,
  nowMs: number,
): Promise<string[]> {
  const words = tellingWords(searchWords(query.text ?? ""));
  if (words.length < 2) return [];
  const filter = [...commonFilters(query, nowMs), ...Object.values(facetFilters(query))];
  const filters = words.map((word) => matchText(word, nowMs));
  const counted = await orUnavailable(
    elastic.search({
      ...{ index: alias, size: 0, track_total_hits: false, timeout: "200ms" },
      query: { bool: { filter } },
      aggs: { having: { filters: { filters } } },
    }),
  );
  const having = counted.aggregations?.["having"] as estypes.AggregationsFiltersAggregate;
  const buckets = having.buckets as estypes.AggregationsFiltersBucket[];
  return words
    .map((word, index) => ({ word, shows: buckets[index]?.doc_count ?? 0 }))
    .toSorted(
      (one, other) =>
        Number(other.shows === 0) - Number(one.shows === 0) || other.shows - one.shows,
    )
    .slice(0, Math.min(words.length - 1, wordsDroppedMax))
    .map(({ word }) => word);
}

function without(words: string[], dropped: string): string[] {
  return words.filter((word) => word !== dropped);
}
