import type { Availability } from "./availability.ts";
import type { ShowDocument } from "./events.ts";
import type { TextPart } from "./mark-words.ts";
import type { DayWord } from "./show-days.ts";

/** What somebody looks for. Dates are the venue's own calendar dates, as YYYY-MM-DD, both included. */
export type ShowSearch = {
  text?: string | undefined;
  city?: string | undefined;
  genre?: string | undefined;
  language?: string | undefined;
  format?: string | undefined;
  availability?: Availability | undefined;
  fromDate?: string | undefined;
  toDate?: string | undefined;
  /** On the calendar of each show's venue. */
  day?: DayWord | undefined;
  near?: { latitude: number; longitude: number; radiusKm: number } | undefined;
  price?: PriceRange | undefined;
  sort?: "relevance" | "date" | "price" | "distance" | undefined;
  /** Titles with their next shows, instead of shows. */
  byTitle?: boolean | undefined;
  cursor?: string | undefined;
  limit: number;
};

/** A show is in it if one of its seats is: whole minor units, both included, fees in them. Prices of other currencies are not. */
export type PriceRange = {
  fromMinor?: number | undefined;
  toMinor?: number | undefined;
  currency: string;
};

/** `total` and `facets` only where there is an index; facets on the first page alone. */
export type FoundShows = {
  shows: ShowDocument[];
  /** Instead of shows, if titles were asked for. */
  titles?: FoundTitle[] | undefined;
  total?: number | undefined;
  facets?: Facets | undefined;
  nextCursor?: string | undefined;
  /** Nothing was found for what was asked; this was found without it. */
  relaxed?: Relaxation[] | undefined;
  /** Which wishes were not looked at. */
  ignored?: string[] | undefined;
};

/** The title of its first show, and how many there are of it. */
export type FoundTitle = { shows: ShowDocument[]; showsTotal: number };

export type Facets = Record<string, { value: string; count: number }[]>;

/** What was dropped: the days, the place, or a word. */
export type Relaxation =
  { dropped: "date" } | { dropped: "place" } | { dropped: "word"; word: string };

export type SuggestionKind = "title" | "person" | "venue" | "city";
/** `parts` joined are the text; those that match what was typed are marked. `titleId` and `venueId` are plain UUIDs. */
export type Suggestion = {
  text: string;
  kind: SuggestionKind;
  parts: TextPart[];
  titleId?: string;
  venueId?: string;
};

/** Throws SEARCH_UNAVAILABLE when it is away. */
export type SearchIndex = {
  search(query: ShowSearch): Promise<FoundShows>;
  suggest(query: { text: string; limit: number }): Promise<Suggestion[]>;
};
