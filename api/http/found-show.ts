import type { z } from "@hono/zod-openapi";

import type { ShowDocument } from "../../domain/events.ts";
import { titleIds } from "../../domain/ids.ts";
import { markWords } from "../../domain/mark-words.ts";
import type { TextPart } from "../../domain/mark-words.ts";
import type { FoundShows } from "../../domain/show-search.ts";
import type { searchResultSchema } from "./search-schemas.ts";
import { toShowSummary } from "./show-summary.ts";

type SearchResult = z.infer<typeof searchResultSchema>;

/** What was found as it is told, with the words that were looked for marked in it. */
export function toSearchResult(
  page: FoundShows & { degraded: boolean },
  text: string | undefined,
): SearchResult {
  const highlight = createHighlight(text);
  const toFound = (show: ShowDocument) => ({ ...toShowSummary(show), ...highlight(show) });
  const { titles, total, facets, relaxed, ignored, nextCursor, degraded } = page;
  return {
    shows: page.shows.map(toFound),
    ...(titles && {
      titles: titles.flatMap(({ shows, showsTotal }) => {
        const [first] = shows;
        if (first === undefined) return [];
        const { titleId, title } = first;
        return [
          { titleId: titleIds.encode(titleId), title, showsTotal, shows: shows.map(toFound) },
        ];
      }),
    }),
    ...(total !== undefined && { total }),
    ...(facets && { facets }),
    ...(relaxed && { relaxed }),
    ...(ignored && { ignored }),
    ...(nextCursor !== undefined && { nextCursor }),
    degraded,
  };
}

/** Shows of a page have titles and cities in common: each text is marked once. */
function createHighlight(text: string | undefined) {
  const known = new Map<string, TextPart[] | undefined>();
  function mark(shown: string): TextPart[] | undefined {
    if (known.has(shown)) return known.get(shown);
    const parts = markWords(shown, text ?? "");
    const marked = parts.some((part) => part.marked) ? parts : undefined;
    known.set(shown, marked);
    return marked;
  }
  return (show: ShowDocument): Pick<SearchResult["shows"][number], "highlights"> => {
    if (!text) return {};
    const [title, venueName, city] = [show.title, show.venueName, show.city].map(mark);
    const people = show.people.map(mark).filter((parts) => parts !== undefined);
    const highlights = {
      ...(title && { title }),
      ...(people.length > 0 && { people }),
      ...(venueName && { venueName }),
      ...(city && { city }),
    };
    return Object.keys(highlights).length > 0 ? { highlights } : {};
  };
}
