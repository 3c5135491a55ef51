import type { Language } from "./notices.ts";

/** How much of a date is written: `full` has the day of the week, `short` fits into a text message. */
type DateStyle = "full" | "short";

/** A date and a time of the venue's own clock, YYYY-MM-DD and HH:MM, as people write them. */
export function localMoment(
  { localDate, localTime }: { localDate: string; localTime: string },
  language: Language,
  dateStyle: DateStyle = "full",
): string {
  // Noon in UTC is on that very date, so the reader's clock cannot move it.
  const date = new Date(`${localDate}T12:00:00Z`).toLocaleDateString(locales[language], {
    ...{ dateStyle, timeZone: "UTC" },
  });
  return `${date}, ${localTime}`;
}

/** An instant on the clock of a venue, with its year. */
export function venueMoment(
  { epochMs, timeZone }: { epochMs: number; timeZone: string },
  language: Language,
  dateStyle: DateStyle = "full",
): string {
  return new Date(epochMs).toLocaleString(locales[language], {
    ...{ dateStyle, timeStyle: "short", timeZone },
  });
}

/** An instant within the next days: the year goes without saying. */
export function soonMoment(epochMs: number, timeZone: string, language: Language): string {
  return new Date(epochMs).toLocaleString(locales[language], {
    ...{ weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" },
    timeZone,
  });
}

const locales: Record<Language, string> = { en: "en-GB", de: "de-DE" };
