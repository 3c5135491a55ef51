import type { ShowDocument } from "./events.ts";

/** What somebody looks for. Dates are the venue's own calendar dates, as YYYY-MM-DD, both included. */
export type ShowSearch = {
  text?: string | undefined;
  city?: string | undefined;
  genre?: string | undefined;
  language?: string | undefined;
  format?: string | undefined;
  fromDate?: string | undefined;
  toDate?: string | undefined;
  near?: { latitude: number; longitude: number; radiusKm: number } | undefined;
  sort?: "relevance" | "date" | "price" | "distance" | undefined;
  cursor?: string | undefined;
  limit: number;
};

/** `total` and `facets` only where there is an index. */
export type FoundShows = {
  shows: ShowDocument[];
  total?: number | undefined;
  facets?: Record<string, { value: string; count: number }[]> | undefined;
  nextCursor?: string | undefined;
};

export type Suggestion = { text: string; kind: string };

/** Throws SEARCH_UNAVAILABLE when it is away. */
export type SearchIndex = {
  search(query: ShowSearch): Promise<FoundShows>;
  suggest(query: { text: string; limit: number }): Promise<Suggestion[]>;
};
