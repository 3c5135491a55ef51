import { foldText } from "../../domain/fold-text.ts";
import { readDayWord } from "../../domain/read-day-word.ts";
import { searchWords, tellingWords } from "../../domain/search-words.ts";
import type { Clause } from "./clause.ts";
import { onDay } from "./search-filters.ts";

/**
 * Every word that says something must be somewhere in the show: as it is, misspelt, or, the last one, unfinished. Where it is decides how much it counts: most in
 * a title that is exactly this, least in a word that only resembles. A word for a day, as in "comedy tonight", is a word or that day.
 */
export function matchText(text: string, nowMs: number): Clause {
  const spoken = readDayWord(text);
  if (spoken === undefined) return matchWords(text);
  const filter = onDay(spoken.day, nowMs);
  const onThatDay: Clause =
    spoken.rest === ""
      ? { constant_score: { filter } }
      : { bool: { filter, must: matchWords(spoken.rest) } };
  return { dis_max: { queries: [matchWords(text), onThatDay] } };
}

function matchWords(text: string): Clause {
  const words = searchWords(foldText(text));
  // Signs alone: no show is found by those.
  if (words.length === 0) return { match_none: {} };
  const query = words.join(" ");
  return {
    bool: {
      must: tellingWords(words).map(matchWord),
      should: [
        { match: { titleText: { query, boost: 3 } } },
        { match: { peopleText: { query, boost: 2 } } },
        { match: { venueText: { query, boost: 1.5 } } },
        { match: { cityText: { query, boost: 1.5 } } },
        { match_phrase: { titleText: { query, boost: 3 } } },
        { match_phrase_prefix: { titleText: { query, boost: 2 } } },
        // The score of a keyword would say how rare it is.
        { constant_score: { filter: { term: { titleKey: query } }, boost: 4 } },
      ],
    },
  };
}

/**
 * A word of several, somewhere in a show. Each resemblance is looked for once: a tenth of a query's time at best, most of it when every
 * way to read the words has its own. "salz haus" is also "salzhaus": both words are in the one.
 */
function matchWord(word: string, place: number, words: string[]): Clause {
  const isLast = place === words.length - 1;
  const joined = [words[place - 1]?.concat(word), words[place + 1] && word + words[place + 1]];
  return {
    dis_max: {
      queries: [
        { match: { allText: { query: word, ...forgiving } } },
        ...(isLast
          ? [{ match_bool_prefix: { allText: { query: word, operator: "and" } } } as const]
          : []),
        ...joined.flatMap((pair) =>
          pair ? [{ match: { allText: { query: pair, operator: "and" } } } as const] : [],
        ),
      ],
    },
  };
}

/** One letter wrong from three on, two from six on, but not the first: who cannot spell a word knows how it begins. */
const forgiving = { operator: "and", fuzziness: "AUTO", prefix_length: 1 } as const;
