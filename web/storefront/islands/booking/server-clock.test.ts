import { expect, test } from "@jest/globals";

import { countdown, spokenMoment } from "./countdown.ts";
import { createServerClock } from "./server-clock.ts";

const noonMs = Date.parse("2026-11-28T12:00:00Z");

test("a buyer's clock that is an hour off, and set in between, changes nothing", () => {
  let timerMs = 5_000;
  let clockMs = noonMs + 3_600_000;
  const clock = createServerClock({ readTimerMs: () => timerMs, readClockMs: () => clockMs });
  clock.hear("Sat, 28 Nov 2026 12:00:00 GMT", 20);
  timerMs += 60_000;
  clockMs -= 7_200_000;
  expect(clock.nowMs()).toBe(noonMs + 60_000);
});

test("the fastest answer is believed, and one without a date says nothing", () => {
  const clock = createServerClock({ readTimerMs: () => 0, readClockMs: () => noonMs });
  clock.hear("Sat, 28 Nov 2026 12:00:10 GMT", 20);
  clock.hear("Sat, 28 Nov 2026 12:00:07 GMT", 3_000);
  clock.hear(null, 1);
  clock.hear("no date", 1);
  expect(clock.nowMs()).toBe(noonMs + 10_000);
});

test("a slower answer is believed when it contradicts the clock by more than it took: the device has slept", () => {
  let timerMs = 0;
  const clock = createServerClock({ readTimerMs: () => timerMs, readClockMs: () => noonMs });
  clock.hear("Sat, 28 Nov 2026 12:00:00 GMT", 20);
  timerMs += 1_000;
  clock.hear("Sat, 28 Nov 2026 12:05:00 GMT", 400);
  expect(clock.nowMs()).toBe(noonMs + 300_000);
});

test("a hold of ten minutes begins with no more than 10:00, whatever part of a second a Date leaves out", () => {
  for (const behindMs of [0, 1, 500, 999]) {
    const clock = createServerClock({ readTimerMs: () => 0, readClockMs: () => 0 });
    const date = new Date(noonMs).toUTCString();
    clock.hear(date, 20);
    expect(countdown(noonMs + behindMs + 600_000, clock.nowMs())).toBe("10:00");
  }
});

test("what is left is shown in minutes and seconds, and never below nothing", () => {
  expect(countdown(noonMs + 600_000, noonMs)).toBe("10:00");
  expect(countdown(noonMs + 61_001, noonMs)).toBe("1:01");
  expect(countdown(noonMs + 1_000, noonMs)).toBe("0:01");
  expect(countdown(noonMs + 999, noonMs)).toBe("0:00");
  expect(countdown(noonMs, noonMs)).toBe("0:00");
  expect(countdown(noonMs - 5_000, noonMs)).toBe("0:00");
});

test("what is left is said aloud at few moments, each once, also when a tab was asleep", () => {
  expect(spokenMoment(301_000, 300_000)).toBe(300);
  expect(spokenMoment(300_000, 299_000)).toBeUndefined();
  expect(spokenMoment(400_000, 100_000)).toBe(120);
  expect(spokenMoment(10_500, 9_500)).toBe(10);
});
