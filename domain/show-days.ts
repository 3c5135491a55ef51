import { addDays, startOfDay, weekdayOf } from "./local-time.ts";

/** From one instant, included, to another, not included: epoch milliseconds. */
export type Stretch = { fromMs: number; toMs: number };

/** The words that a search understands for days. */
export const dayWords = ["today", "tonight", "tomorrow", "this-weekend"] as const;
export type DayWord = (typeof dayWords)[number];

/** An evening begins at this hour of the venue's clock. */
export const eveningHour = 17;

/**
 * While what a show is today, tonight, tomorrow or this weekend, on the venue's own calendar. So nobody who asks "what is on tonight?"
 * has to know in which zones there are venues: a show is tonight if now is in its stretch. A weekend is Friday evening, Saturday and
 * Sunday, and is this weekend from the Monday before.
 */
export function showDays(show: {
  localDate: string;
  localTime: string;
  timeZone: string;
}): Partial<Record<DayWord, Stretch>> {
  const { localDate, timeZone } = show;
  const from = (days: number) => startOfKnownDay(addDays(localDate, days), timeZone);
  const isEvening = Number(show.localTime.slice(0, 2)) >= eveningHour;
  const today = { fromMs: from(0), toMs: from(1) };
  const daysSinceMonday = { mon: 0, tue: 1, wed: 2, thu: 3, fri: 4, sat: 5, sun: 6 }[
    weekdayOf(localDate)
  ];
  const isWeekend = daysSinceMonday > 4 || (daysSinceMonday === 4 && isEvening);
  return {
    today,
    ...(isEvening && { tonight: today }),
    tomorrow: { fromMs: from(-1), toMs: today.fromMs },
    ...(isWeekend && {
      "this-weekend": { fromMs: from(-daysSinceMonday), toMs: from(7 - daysSinceMonday) },
    }),
  };
}

/** Many shows are on the same days, and asking a calendar takes some 30 µs. */
const knownDays = new Map<string, number>();
const knownDaysMax = 20_000;

function startOfKnownDay(date: string, timeZone: string): number {
  const key = `${date} ${timeZone}`;
  const known = knownDays.get(key);
  if (known !== undefined) return known;
  if (knownDays.size >= knownDaysMax) knownDays.clear();
  const startMs = startOfDay(date, timeZone);
  knownDays.set(key, startMs);
  return startMs;
}
