import { currencyExponent } from "../../../domain/currencies.ts";
import type { Money } from "../../../domain/money.ts";
import type { Messages } from "../messages/en.ts";
import type { Language } from "../page-data.ts";

/** How a page speaks: its words, and dates, numbers and money as its readers write them. */
export type Speech = ReturnType<typeof createSpeech>;

/** Calendar dates are YYYY-MM-DD, instants ISO, durations minutes. */
export function createSpeech(language: Language, words: Messages) {
  const locale = locales[language];
  const money = createMoneyFormat(locale);
  const numbers = new Intl.NumberFormat(locale);
  const lists = new Intl.ListFormat(locale, { type: "conjunction" });
  const languages = new Intl.DisplayNames(locale, { type: "language" });
  const day = new Intl.DateTimeFormat(locale, { ...longDay, timeZone: "UTC" });
  const shortDay = new Intl.DateTimeFormat(locale, { ...shortDayParts, timeZone: "UTC" });
  return {
    ...{ language, words },
    number: (value: number) => numbers.format(value),
    list: (parts: string[]) => lists.format(parts),
    money,
    /** "Friday 28 November" */
    day: (date: string) => day.format(new Date(date)),
    /** "Fri 28 Nov" */
    shortDay: (date: string) => shortDay.format(new Date(date)),
    /** "28 November 2026 at 20:00", on the clock of the place. */
    moment: (instant: string, timeZone: string) =>
      new Intl.DateTimeFormat(locale, { dateStyle: "long", timeStyle: "short", timeZone }).format(
        new Date(instant),
      ),
    /** "28 November 2026 at 20:00", on the reader's own clock. */
    clock: (ms: number) =>
      new Intl.DateTimeFormat(locale, { dateStyle: "long", timeStyle: "short" }).format(ms),
    /** "2 hrs 5 mins" */
    duration: (minutes: number) =>
      [unit(locale, "hour", Math.floor(minutes / 60)), unit(locale, "minute", minutes % 60)]
        .filter((part) => part !== "")
        .join(" "),
    /** "2 days 3 hrs 4 mins", or, in the last hour, "4 mins 5 secs" */
    timeLeft: (ms: number) => timeLeft(locale, ms),
    /** Of a code ("de"); what is a name already stays. */
    languageName: (name: string) =>
      (/^[a-z]{2,3}$/.test(name) ? languages.of(name) : undefined) ?? name,
  };
}

// British: clocks with 24 hours in all languages, as programmes print them.
const locales = { en: "en-GB", de: "de-DE" } as const satisfies Record<Language, string>;

const longDay = { weekday: "long", day: "numeric", month: "long" } as const;
const shortDayParts = { weekday: "short", day: "numeric", month: "short" } as const;

function createMoneyFormat(locale: string): (sum: Money) => string {
  // Making a format takes a hundred times as long as using it, and a page has a hundred sums.
  const formats = new Map<string, Intl.NumberFormat>();
  return ({ amountMinor, currency }) => {
    const exponent = currencyExponent(currency);
    const format =
      formats.get(currency) ??
      new Intl.NumberFormat(locale, {
        ...{ style: "currency", currency, trailingZeroDisplay: "stripIfInteger" },
        ...{ minimumFractionDigits: exponent, maximumFractionDigits: exponent },
      });
    formats.set(currency, format);
    return format.format(amountMinor / 10 ** exponent);
  };
}

function timeLeft(locale: string, ms: number): string {
  const seconds = Math.ceil(ms / 1_000);
  const [days, hours] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3_600) % 24];
  const minutes = Math.floor(seconds / 60) % 60;
  const parts = [
    unit(locale, "day", days),
    unit(locale, "hour", hours),
    unit(locale, "minute", minutes),
    ...(days + hours === 0 ? [unit(locale, "second", seconds % 60)] : []),
  ];
  return parts.filter((part) => part !== "").join(" ");
}

function unit(locale: string, name: "day" | "hour" | "minute" | "second", value: number): string {
  if (value === 0) return "";
  const options = { style: "unit", unit: name, unitDisplay: "short" } as const;
  return new Intl.NumberFormat(locale, options).format(value);
}
