import { expect, test } from "@jest/globals";

import { startOfDay } from "./local-time.ts";
import { showDays } from "./show-days.ts";
import type { DayWord } from "./show-days.ts";

function wordsAt(now: string, localDate: string, localTime: string, timeZone: string): string[] {
  const nowMs = Date.parse(now);
  const days = showDays({ localDate, localTime, timeZone });
  return (Object.keys(days) as DayWord[]).filter((word) => {
    const { fromMs, toMs } = days[word] ?? { fromMs: 0, toMs: 0 };
    return fromMs <= nowMs && nowMs < toMs;
  });
}

// 2026-11-27 is a Friday.
test.each([
  ["2026-11-27T12:00:00Z", "2026-11-27", "19:30", "Europe/London", "today tonight this-weekend"],
  ["2026-11-27T12:00:00Z", "2026-11-27", "15:00", "Europe/London", "today"],
  // In Tokyo it is Saturday already.
  ["2026-11-27T16:00:00Z", "2026-11-27", "19:30", "Asia/Tokyo", "this-weekend"],
  ["2026-11-27T16:00:00Z", "2026-11-28", "15:00", "Asia/Tokyo", "today this-weekend"],
  ["2026-11-27T16:00:00Z", "2026-11-29", "20:00", "Asia/Tokyo", "tomorrow this-weekend"],
  // In New York it is still Thursday.
  ["2026-11-27T04:00:00Z", "2026-11-27", "19:30", "America/New_York", "tomorrow this-weekend"],
  ["2026-11-27T04:00:00Z", "2026-11-26", "23:30", "America/New_York", "today tonight"],
  // From Monday on, and no longer than Sunday.
  ["2026-11-23T00:00:00Z", "2026-11-29", "15:00", "UTC", "this-weekend"],
  ["2026-11-22T23:59:59Z", "2026-11-29", "15:00", "UTC", ""],
  ["2026-11-30T00:00:00Z", "2026-11-29", "15:00", "UTC", ""],
])("at %s a show on %s %s in %s is: %s", (now, date, time, zone, words) => {
  expect(wordsAt(now, date, time, zone).join(" ")).toBe(words);
});

test("days begin where the clock says so, also where it is put forward or back over midnight", () => {
  expect(new Date(startOfDay("2026-11-27", "Asia/Kolkata")).toISOString()).toBe(
    "2026-11-26T18:30:00.000Z",
  );
  // Beirut puts its clocks forward at midnight, so this day begins at one o'clock.
  expect(new Date(startOfDay("2027-03-28", "Asia/Beirut")).toISOString()).toBe(
    "2027-03-27T22:00:00.000Z",
  );
  // Havana puts them back from one o'clock to midnight, which so comes twice.
  expect(new Date(startOfDay("2026-11-01", "America/Havana")).toISOString()).toBe(
    "2026-11-01T04:00:00.000Z",
  );
});
