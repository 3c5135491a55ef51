import type { estypes } from "@elastic/elasticsearch";

import { foldText } from "../../domain/fold-text.ts";
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
  for (let round = 0; round < wordsDroppedMax; round += 1) {
    const idle = await findIdleWord(elastic, alias, relaxed(query, dropped), nowMs);
    if (idle === undefined) return;
    const wider = append(dropped, { dropped: "word", word: idle.word });
    if (idle.left > 0) yield wider;
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

/**
 * Where one word less is enough, the one of those that most shows have: it says least about what was meant. Else one that no show has,
 * or the one that most have. `left` shows have all others.
 */
async function findIdleWord(
  elastic: Elastic,
  alias: string,
  query: ShowSearch,
  nowMs: number,
): Promise<{ word: string; left: number } | undefined> {
  const words = tellingWords(searchWords(query.text ?? ""));
  if (words.length < 2) return undefined;
  const counts = await orUnavailable(
    elastic.search({
      ...{ index: alias, size: 0, track_total_hits: false, timeout: "200ms" },
      query: {
        bool: { filter: [...commonFilters(query, nowMs), ...Object.values(facetFilters(query))] },
      },
      aggs: {
        without: {
          filters: {
            filters: words.map((word) => matchText(without(words, word).join(" "), nowMs)),
          },
        },
        having: { filters: { filters: words.map((word) => matchText(foldText(word), nowMs)) } },
      },
    }),
  );
  const { without: rest, having } = counts.aggregations as Record<
    string,
    estypes.AggregationsFiltersAggregate
  >;
  return words
    .map((word, index) => ({ word, left: countAt(rest, index), having: countAt(having, index) }))
    .toSorted(
      (one, other) =>
        Number(other.left > 0) - Number(one.left > 0) ||
        Number(other.having === 0) - Number(one.having === 0) ||
        other.having - one.having,
    )[0];
}

function without(words: string[], dropped: string): string[] {
  return words.filter((word) => word !== dropped);
}

function countAt(counted: estypes.AggregationsFiltersAggregate | undefined, index: number): number {
  const buckets = counted?.buckets as estypes.AggregationsFiltersBucket[] | undefined;
  return buckets?.[index]?.doc_count ?? 0;
}
