/**
 * What a wall clock in `timeZone` means as an instant. Where clocks are put forward some times never come, and where they are put
 * back some come twice: neither is guessed. `date` is YYYY-MM-DD and `time` HH:MM, both real.
 */
export function resolveLocalTime(date: string, time: string, timeZone: string): ResolvedTime {
  const asIfUtc = Date.parse(`${date}T${time}:00Z`);
  // No zone changes its clock twice within two days, so the offsets a day before and a day after are all there can be.
  const offsets = new Set([
    offsetMs(asIfUtc - dayMs, timeZone),
    offsetMs(asIfUtc + dayMs, timeZone),
  ]);
  const instants = [...offsets]
    .map((offset) => asIfUtc - offset)
    .filter((instant) => instant + offsetMs(instant, timeZone) === asIfUtc);
  const [first, second] = instants;
  if (first === undefined) return { kind: "nonexistent" };
  return second === undefined ? { kind: "instant", atMs: first } : { kind: "ambiguous" };
}

export type ResolvedTime =
  { kind: "instant"; atMs: number } | { kind: "nonexistent" } | { kind: "ambiguous" };

/**
 * The first instant of a day on the calendar of `timeZone`: midnight, or what comes instead of it where clocks are put forward over
 * it. Where midnight comes twice, the first.
 */
export function startOfDay(date: string, timeZone: string): number {
  const asIfUtc = Date.parse(`${date}T00:00:00Z`);
  const instants = [asIfUtc - dayMs, asIfUtc + dayMs]
    .map((instant) => asIfUtc - offsetMs(instant, timeZone))
    .toSorted((one, other) => one - other);
  return instants.find((instant) => localDateOf(instant, timeZone) === date) ?? asIfUtc;
}

export function localDateOf(atMs: number, timeZone: string): string {
  return isoDate(atMs + offsetMs(atMs, timeZone));
}

export function isTimeZone(timeZone: string): boolean {
  // Intl also takes offsets such as "+01:00", which PostgreSQL reads with the opposite sign.
  if (!/^(UTC|[A-Za-z_]+(\/[A-Za-z0-9_+-]+)+)$/.test(timeZone)) return false;
  try {
    clockOf(timeZone);
    return true;
  } catch {
    return false;
  }
}

/** YYYY-MM-DD and in the calendar: no 30 February. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const atMs = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(atMs) && isoDate(atMs) === text;
}

export function addDays(date: string, days: number): string {
  return isoDate(Date.parse(`${date}T00:00:00Z`) + days * dayMs);
}

export type Weekday = (typeof weekdays)[number];
export const weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;

export function weekdayOf(date: string): Weekday {
  const day = weekdays[new Date(`${date}T00:00:00Z`).getUTCDay()];
  if (day === undefined) throw new TypeError(`Not a date: ${date}`);
  return day;
}

const dayMs = 86_400_000;

function isoDate(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}

/** How far the zone's clock is ahead of UTC at an instant. */
function offsetMs(atMs: number, timeZone: string): number {
  const parts = new Map(
    clockOf(timeZone)
      .formatToParts(atMs)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const [year, month, day, hour, minute, second] = clockParts.map((part) => parts.get(part) ?? 0);
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second) - atMs;
}

const clockParts = ["year", "month", "day", "hour", "minute", "second"] as const;
// Making a formatter costs a thousand times what using it does.
const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  if (known !== undefined) return known;
  const clock = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    hourCycle: "h23",
    ...{ year: "numeric", month: "2-digit", day: "2-digit" },
    ...{ hour: "2-digit", minute: "2-digit", second: "2-digit" },
  });
  clocks.set(timeZone, clock);
  return clock;
}
