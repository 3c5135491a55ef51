import { foldText } from "../../domain/fold-text.ts";
import type { DayWord } from "../../domain/show-days.ts";
import type { ShowSearch } from "../../domain/show-search.ts";
import type { Clause } from "./clause.ts";

/** What is counted for a list of choices. */
export const facets = ["city", "genre", "language", "format", "availability"] as const;
export type Facet = (typeof facets)[number];

/** What every result must be, choices of facets aside: to come at `nowMs`, and as the query says. */
export function commonFilters(query: ShowSearch, nowMs: number): Clause[] {
  const { fromDate, toDate, day, near, price } = query;
  return [
    { term: { status: "scheduled" } },
    { range: { startsAt: { gt: nowMs } } },
    ...(fromDate === undefined ? [] : [{ range: { localDate: { gte: fromDate } } }]),
    ...(toDate === undefined ? [] : [{ range: { localDate: { lte: toDate } } }]),
    ...(day === undefined ? [] : [onDay(day, nowMs)]),
    ...(near === undefined ? [] : [within(near)]),
    ...(price === undefined ? [] : priceFilters(price)),
  ];
}

/** The chosen values of facets, each by its facet: a facet counts what all others leave. */
export function facetFilters(query: ShowSearch): Partial<Record<Facet, Clause>> {
  const { city, genre, language, format, availability } = query;
  return {
    ...(city !== undefined && { city: { term: { cityKey: foldText(city) } } }),
    ...(genre !== undefined && { genre: { term: { genreKey: foldText(genre) } } }),
    ...(language !== undefined && { language: { term: { languageKey: foldText(language) } } }),
    ...(format !== undefined && { format: { term: { formatKey: foldText(format) } } }),
    ...(availability !== undefined && { availability: { term: { availability } } }),
  };
}

const dayFields = {
  today: "isToday",
  tonight: "isTonight",
  tomorrow: "isTomorrow",
  "this-weekend": "isThisWeekend",
} as const satisfies Record<DayWord, string>;

/** Each show knows from when to when it is tonight where it is. */
export function onDay(day: DayWord, nowMs: number): Clause {
  return { term: { [dayFields[day]]: nowMs } };
}

function within(near: NonNullable<ShowSearch["near"]>): Clause {
  const location = { lat: near.latitude, lon: near.longitude };
  return { geo_distance: { distance: `${near.radiusKm}km`, location } };
}

function priceFilters(price: NonNullable<ShowSearch["price"]>): Clause[] {
  const { fromMinor, toMinor, currency } = price;
  return [
    { term: { currency } },
    ...(toMinor === undefined ? [] : [{ range: { priceFrom: { lte: toMinor } } }]),
    ...(fromMinor === undefined ? [] : [{ range: { priceTo: { gte: fromMinor } } }]),
  ];
}
