import type { Weekday } from "./local-time.ts";
import { addDays, weekdayOf } from "./local-time.ts";
import type { PlanPath, PlanProblem } from "./plan-problem.ts";
import { resolveMoment, resolveTime } from "./show-moment.ts";
import type { ShowMoment } from "./show-moment.ts";

/** When the shows of a series are, on the clock of their venue. */
export type SeriesPlan = {
  dates: (string | DateRange)[];
  /** HH:MM; each of them on each date. */
  times: string[];
  sales: {
    opens: ShowMoment;
    closesMinutesBefore: number;
  };
};

/** Both ends included; every day unless weekdays are named. */
export type DateRange = { from: string; to: string; weekdays?: Weekday[] | undefined };

export type ShowTimes = {
  localDate: string;
  localTime: string;
  startsAtMs: number;
  salesOpenAtMs: number;
  salesCloseAtMs: number;
};

export const rangeDaysMax = 400;

/** Every show of a series in the order of the file, and what is wrong with the rest. `showsMax` ends it early. */
export function expandSeries(
  plan: SeriesPlan,
  timeZone: string,
  path: PlanPath,
  showsMax: number,
): { shows: ShowTimes[]; problems: PlanProblem[] } {
  const shows: ShowTimes[] = [];
  const problems: PlanProblem[] = [];
  const seen = new Set<string>();
  for (const [dateIndex, entry] of plan.dates.entries()) {
    const dates = datesOf(entry);
    if (dates.length === 0) {
      const message = `No day is in it: "from" to "to" are 1 to ${rangeDaysMax} days`;
      problems.push({ path: [...path, "dates", dateIndex], message });
    }
    for (const date of dates) {
      for (const [timeIndex, time] of plan.times.entries()) {
        if (shows.length >= showsMax) return { shows, problems };
        if (seen.has(`${date} ${time}`)) {
          const message = `${date} ${time} is in this series twice`;
          problems.push({ path: [...path, "dates", dateIndex], message });
          continue;
        }
        seen.add(`${date} ${time}`);
        const show = showAt(plan, date, time, timeZone);
        if (typeof show !== "string") shows.push(show);
        else problems.push({ path: [...path, "times", timeIndex], message: show });
      }
    }
  }
  return { shows, problems };
}

/** Every date and time that a series names, on the clock of its venue. */
export function listSeriesTimes({
  dates,
  times,
}: Pick<SeriesPlan, "dates" | "times">): { localDate: string; localTime: string }[] {
  return dates
    .flatMap(datesOf)
    .flatMap((localDate) => times.map((localTime) => ({ localDate, localTime })));
}

function datesOf(entry: string | DateRange): string[] {
  if (typeof entry === "string") return [entry];
  const dates: string[] = [];
  for (let date = entry.from; date <= entry.to; date = addDays(date, 1)) {
    dates.push(date);
    if (dates.length > rangeDaysMax) return [];
  }
  return dates.filter((date) => entry.weekdays?.includes(weekdayOf(date)) ?? true);
}

/** One show, or what is wrong with its times. */
function showAt(
  plan: SeriesPlan,
  date: string,
  time: string,
  timeZone: string,
): ShowTimes | string {
  const { opens, closesMinutesBefore } = plan.sales;
  const startsAtMs = resolveTime(date, time, timeZone);
  const salesOpenAtMs = resolveMoment(opens, date, timeZone);
  if (typeof startsAtMs === "string") return startsAtMs;
  if (typeof salesOpenAtMs === "string") return `Sales: ${salesOpenAtMs}`;
  const salesCloseAtMs = startsAtMs - closesMinutesBefore * 60_000;
  if (salesOpenAtMs >= salesCloseAtMs) return `${date} ${time}: sales would close before they open`;
  return { localDate: date, localTime: time, startsAtMs, salesOpenAtMs, salesCloseAtMs };
}
