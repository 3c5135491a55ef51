import type { estypes } from "@elastic/elasticsearch";

import type { ShowDocument } from "../../domain/events.ts";
import { foldText } from "../../domain/fold-text.ts";
import { isDate } from "../../domain/local-time.ts";
import { showDays } from "../../domain/show-days.ts";
import type { Stretch } from "../../domain/show-days.ts";
import { joinNeighbours, nameLanguage, prefixesOf } from "./index-words.ts";

/**
 * How well a word fits a show says nothing about other shows: with this similarity a match counts what the query says, not how rare the
 * word is. So a score stays what it was while the index changes, and a cursor stays right (docs/decisions/0037).
 */
const text = { type: "text", similarity: "boolean", norms: false } as const;
/** Only whether a word is there: what words begin with, for suggestions. */
const prefixes = { ...text, index_options: "docs" } as const;
const days = { type: "date_range", format: "epoch_millis" } as const;

/** `…Key` is compared, folded; the plain field of the same name is counted and shown. */
export const properties: Record<string, estypes.MappingProperty> = {
  show: { type: "object", enabled: false },
  showId: { type: "keyword" },
  titleId: { type: "keyword" },
  venueId: { type: "keyword" },
  people: { type: "keyword" },
  titleText: text,
  titleKey: { type: "keyword" },
  peopleText: text,
  venueText: text,
  cityText: text,
  allText: text,
  titlePrefixes: prefixes,
  peoplePrefixes: prefixes,
  venuePrefixes: prefixes,
  cityPrefixes: prefixes,
  city: { type: "keyword" },
  cityKey: { type: "keyword" },
  genre: { type: "keyword" },
  genreKey: { type: "keyword" },
  language: { type: "keyword" },
  languageKey: { type: "keyword" },
  format: { type: "keyword" },
  formatKey: { type: "keyword" },
  localDate: { type: "date", format: "strict_date" },
  isToday: days,
  isTonight: days,
  isTomorrow: days,
  isThisWeekend: days,
  startsAt: { type: "date", format: "epoch_millis" },
  location: { type: "geo_point" },
  currency: { type: "keyword" },
  priceFrom: { type: "long" },
  priceTo: { type: "long" },
  status: { type: "keyword" },
  availability: { type: "keyword" },
  soldPercent: { type: "short" },
};

/** A show as the index keeps it. */
export function indexed(show: ShowDocument) {
  return {
    show,
    showId: show.showId,
    titleId: show.titleId,
    venueId: show.venueId,
    people: show.people,
    ...indexedText(show),
    city: show.city,
    cityKey: foldText(show.city),
    genre: show.genre,
    genreKey: foldText(show.genre),
    language: show.language,
    languageKey: foldText(show.language),
    format: show.format,
    formatKey: foldText(show.format),
    localDate: show.localDate,
    ...indexedDays(show),
    startsAt: show.startsAtMs,
    location: { lat: show.latitude, lon: show.longitude },
    currency: show.currency,
    priceFrom: show.priceFromMinor,
    priceTo: show.priceToMinor,
    status: show.status,
    availability: show.availability,
    soldPercent: show.soldPercent,
  };
}

function indexedText(show: ShowDocument) {
  const titleText = foldText(show.title);
  const peopleText = foldText(show.people.join(" "));
  const venueText = foldText(show.venueName);
  const cityText = foldText(show.city);
  const { genre, format, language } = show;
  const kindText = foldText([genre, format, nameLanguage(language)].join(" "));
  const allText = [titleText, joinNeighbours(titleText), peopleText, venueText, cityText, kindText];
  return {
    titleText,
    titleKey: titleText,
    peopleText,
    venueText,
    cityText,
    allText: allText.join(" "),
    titlePrefixes: prefixesOf(titleText),
    peoplePrefixes: prefixesOf(peopleText),
    venuePrefixes: prefixesOf(venueText),
    cityPrefixes: prefixesOf(cityText),
  };
}

/** A day that cannot be read stays out, so that Elasticsearch names `localDate` when it refuses the document. */
function indexedDays(show: ShowDocument) {
  if (!isDate(show.localDate)) return {};
  const on = showDays(show);
  return {
    isToday: range(on.today),
    isTonight: range(on.tonight),
    isTomorrow: range(on.tomorrow),
    isThisWeekend: range(on["this-weekend"]),
  };
}

function range(stretch: Stretch | undefined) {
  return stretch && { gte: stretch.fromMs, lt: stretch.toMs };
}
