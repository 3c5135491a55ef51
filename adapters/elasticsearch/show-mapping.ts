import type { estypes } from "@elastic/elasticsearch";

import type { ShowDocument } from "../../domain/events.ts";
import { foldText } from "./fold-text.ts";

/** `…Key` is compared, folded; the plain field of the same name is counted and shown. */
export const properties: Record<string, estypes.MappingProperty> = {
  show: { type: "object", enabled: false },
  showId: { type: "keyword" },
  titleId: { type: "keyword" },
  titleText: { type: "text" },
  peopleText: { type: "text" },
  allText: { type: "text" },
  city: { type: "keyword" },
  cityKey: { type: "keyword" },
  genre: { type: "keyword" },
  genreKey: { type: "keyword" },
  language: { type: "keyword" },
  languageKey: { type: "keyword" },
  format: { type: "keyword" },
  formatKey: { type: "keyword" },
  localDate: { type: "date", format: "strict_date" },
  startsAt: { type: "date", format: "epoch_millis" },
  location: { type: "geo_point" },
  priceFrom: { type: "long" },
  status: { type: "keyword" },
  availability: { type: "keyword" },
  soldPercent: { type: "short" },
};

/** A show as the index keeps it. */
export function indexed(show: ShowDocument) {
  const people = show.people.join(" ");
  return {
    show,
    showId: show.showId,
    titleId: show.titleId,
    titleText: foldText(show.title),
    peopleText: foldText(people),
    allText: foldText(
      [show.title, people, show.venueName, show.city, show.genre, show.format].join(" "),
    ),
    city: show.city,
    cityKey: foldText(show.city),
    genre: show.genre,
    genreKey: foldText(show.genre),
    language: show.language,
    languageKey: foldText(show.language),
    format: show.format,
    formatKey: foldText(show.format),
    localDate: show.localDate,
    startsAt: show.startsAtMs,
    location: { lat: show.latitude, lon: show.longitude },
    priceFrom: show.priceFromMinor,
    status: show.status,
    availability: show.availability,
    soldPercent: show.soldPercent,
  };
}
