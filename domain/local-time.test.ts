import { expect, test } from "@jest/globals";
import fc from "fast-check";

import { isDate, isTimeZone, resolveLocalTime } from "./local-time.ts";

const zones = ["Asia/Kolkata", "Europe/London", "America/New_York", "Asia/Tokyo", "UTC"];

test.each([
  ["2026-12-01", "18:30", "Asia/Kolkata", "2026-12-01T13:00:00Z"],
  ["2026-07-01", "18:30", "Europe/London", "2026-07-01T17:30:00Z"],
  ["2026-12-01", "18:30", "America/New_York", "2026-12-01T23:30:00Z"],
  ["2026-12-01", "00:15", "Asia/Tokyo", "2026-11-30T15:15:00Z"],
  ["2026-12-31", "23:59", "Pacific/Auckland", "2026-12-31T10:59:00Z"],
])("%s %s in %s is the instant %s", (date, time, zone, instant) => {
  expect(resolveLocalTime(date, time, zone)).toEqual({
    kind: "instant",
    atMs: Date.parse(instant),
  });
});

test.each([
  ["2027-03-28", "01:30", "Europe/London"],
  ["2027-03-28", "02:00", "Europe/Berlin"],
  ["2027-03-14", "02:30", "America/New_York"],
  ["2011-12-30", "12:00", "Pacific/Apia"],
])("%s %s in %s never comes: clocks are put forward over it", (date, time, zone) => {
  expect(resolveLocalTime(date, time, zone)).toEqual({ kind: "nonexistent" });
});

test.each([
  ["2026-10-25", "01:30", "Europe/London"],
  ["2026-11-01", "01:00", "America/New_York"],
  ["2027-04-04", "01:45", "Australia/Lord_Howe"],
])("%s %s in %s comes twice: clocks are put back over it", (date, time, zone) => {
  expect(resolveLocalTime(date, time, zone)).toEqual({ kind: "ambiguous" });
});

test("an instant read from a clock and resolved again is the same instant, if the time came once", () => {
  const minutes = fc.integer({ min: 0, max: 20 * 366 * 1_440 });
  fc.assert(
    fc.property(minutes, fc.constantFrom(...zones), (minute, zone) => {
      const atMs = Date.parse("2020-01-01T00:00:00Z") + minute * 60_000;
      const local = new Date(atMs).toLocaleString("sv-SE", { timeZone: zone });
      const resolved = resolveLocalTime(local.slice(0, 10), local.slice(11, 16), zone);
      const allowed = [{ kind: "instant", atMs }, { kind: "ambiguous" }];
      expect(allowed).toContainEqual(resolved);
    }),
  );
});

test("only places are time zones: an offset means its opposite to PostgreSQL", () => {
  const names = ["Europe/London", "UTC", "+01:00", "Mars/Olympus", "GMT+5"];
  expect(names.filter(isTimeZone)).toEqual(["Europe/London", "UTC"]);
});

test("a date that is not in the calendar is no date", () => {
  const texts = ["2028-02-29", "2027-02-29", "2027-13-01", "2027-1-1", "tomorrow"];
  expect(texts.filter(isDate)).toEqual(["2028-02-29"]);
});
