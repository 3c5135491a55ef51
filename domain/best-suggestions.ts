import { markWords, textFit } from "./mark-words.ts";
import type { Suggestion } from "./show-search.ts";

/** What fits best of what somebody may mean, with its words marked; of what fits alike, what was named first. */
export function bestSuggestions(
  candidates: readonly Omit<Suggestion, "parts">[],
  typed: string,
  limit: number,
): Suggestion[] {
  return candidates
    .map((each) => ({ each, fit: textFit(each.text, typed) }))
    .filter(({ fit }) => fit > 0)
    .toSorted((one, other) => other.fit - one.fit)
    .slice(0, limit)
    .map(({ each }) => ({ ...each, parts: markWords(each.text, typed) }));
}
