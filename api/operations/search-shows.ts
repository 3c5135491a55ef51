import type { Queryable } from "../../adapters/postgres/pool.ts";
import { DomainError } from "../../domain/errors.ts";
import type { FoundShows, SearchIndex, ShowSearch, Suggestion } from "../../domain/show-search.ts";
import { searchCatalogue, suggestFromCatalogue } from "./search-catalogue.ts";

/** Searches the index, or the catalogue itself while the index is away. A list goes on where it was begun. */
export function createSearchShows({ db, index }: { db: Queryable; index: SearchIndex }) {
  return async (query: ShowSearch): Promise<FoundShows & { degraded: boolean }> => {
    const { source, cursor } = readCursor(query.cursor);
    if (source !== "catalogue") {
      try {
        return marked("index", await index.search({ ...query, cursor }));
      } catch (error) {
        // The index's own cursor means nothing to the catalogue: the list cannot go on.
        if (!isAway(error) || source === "index") throw error;
      }
    }
    return marked("catalogue", await searchCatalogue(db, { ...query, cursor }));
  };
}

export function createSuggest({ db, index }: { db: Queryable; index: SearchIndex }) {
  return async (query: {
    text: string;
    limit: number;
  }): Promise<{ suggestions: Suggestion[]; degraded: boolean }> => {
    try {
      return { suggestions: await index.suggest(query), degraded: false };
    } catch (error) {
      if (!isAway(error)) throw error;
    }
    return { suggestions: await suggestFromCatalogue(db, query), degraded: true };
  };
}

type Source = "index" | "catalogue";
const cursorPrefixes = { index: "i.", catalogue: "c." } as const satisfies Record<Source, string>;

function readCursor(text: string | undefined): { source?: Source; cursor?: string } {
  if (text === undefined) return {};
  const cursor = text.slice(2);
  if (text.startsWith(cursorPrefixes.index)) return { source: "index", cursor };
  if (text.startsWith(cursorPrefixes.catalogue)) return { source: "catalogue", cursor };
  throw new DomainError("CURSOR_INVALID");
}

function marked(source: Source, found: FoundShows): FoundShows & { degraded: boolean } {
  const { nextCursor } = found;
  return {
    ...found,
    ...(nextCursor !== undefined && { nextCursor: cursorPrefixes[source] + nextCursor }),
    degraded: source === "catalogue",
  };
}

export function isAway(error: unknown): boolean {
  return error instanceof DomainError && error.code === "SEARCH_UNAVAILABLE";
}
