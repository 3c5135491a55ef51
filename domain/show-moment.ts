import { addDays, resolveLocalTime } from "./local-time.ts";

/** A moment on the venue's own clock, before each show of a series or the same for all. */
export type ShowMoment = { daysBefore: number; at: string } | { on: string; at: string };

/** The moment as epoch milliseconds, or what is wrong with it. `showDate` is the show's, on the venue's calendar. */
export function resolveMoment(
  moment: ShowMoment,
  showDate: string,
  timeZone: string,
): number | string {
  const date = "on" in moment ? moment.on : addDays(showDate, -moment.daysBefore);
  return resolveTime(date, moment.at, timeZone);
}

/** A date and a time on the venue's clock, as epoch milliseconds, or what is wrong with them. */
export function resolveTime(date: string, time: string, timeZone: string): number | string {
  const resolved = resolveLocalTime(date, time, timeZone);
  if (resolved.kind === "instant") return resolved.atMs;
  return resolved.kind === "nonexistent"
    ? `${date} ${time} does not exist in ${timeZone}: clocks are put forward over it`
    : `${date} ${time} comes twice in ${timeZone}: clocks are put back over it`;
}
