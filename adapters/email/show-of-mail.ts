import type { Language } from "../../domain/notices.ts";
import { localMoment } from "../../domain/venue-dates.ts";

/** What every mail says of the show that it is about. */
export type ShowOfMail = {
  title: string;
  /** With its hall. */
  venue: string;
  city: string;
  timeZone: string;
  /** On the venue's own clock: YYYY-MM-DD and HH:MM. */
  localDate: string;
  localTime: string;
};

/** Where and when, line by line. */
export function placeAndTime(show: ShowOfMail, language: Language): string[] {
  return [`${show.venue}, ${show.city}`, localMoment(show, language)];
}
