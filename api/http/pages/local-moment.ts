/** When something is, on the venue's own clock: "Saturday 5 December 2026, 19:30". */
export function localMoment(atMs: number, timeZone: string): string {
  return formatOf(timeZone, { dateStyle: "full", timeStyle: "short" }).format(atMs);
}

/** "19:30", or "19:30:05" where seconds matter; with the day when it is another one. */
export function localTime(
  atMs: number,
  timeZone: string,
  { seconds = false }: { seconds?: boolean } = {},
): string {
  const format = formatOf(timeZone, { timeStyle: seconds ? "medium" : "short" });
  const day = formatOf(timeZone, { dateStyle: "long" });
  const isToday = day.format(atMs) === day.format(Date.now());
  return isToday ? format.format(atMs) : `${format.format(atMs)} on ${day.format(atMs)}`;
}

/** How far a zone's clock is from UTC at a moment: "+01:00". */
export function utcOffset(atMs: number, timeZone: string): string {
  const parts = formatOf(timeZone, { timeZoneName: "longOffset" }).formatToParts(atMs);
  const name = parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
  return name.replace("GMT", "") || "+00:00";
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making one costs fifty times as much as using it; there are a few for each time zone. */
function formatOf(timeZone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const name = JSON.stringify([timeZone, options]);
  const known = formats.get(name);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat("en-GB", { ...options, timeZone });
  formats.set(name, format);
  return format;
}
